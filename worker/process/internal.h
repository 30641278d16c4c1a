/*
 * internal.h - what a worker process is, for the files that make it up alone:
 *
 *   worker.c            its messages, its loop, its start
 *   held_connections.c  the connections it holds, and how it lets go of them
 *   waiting.c           what each of them waits for
 *   accepting.c         those that it accepts itself
 *   lingering.c         and closes itself
 *   exit_when_done.c    when it exits
 *   watch.c             descriptors that the kernel may refuse to watch
 *
 * Others see worker.h.
 */
#ifndef WORKER_PROCESS_INTERNAL_H
#define WORKER_PROCESS_INTERNAL_H

#include "worker/process/watch.h"
#include "worker/protocol/arena.h"
#include "worker/protocol/channel.h"
#include "worker/serve/connection.h"
#include "worker/worker.h"
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

/* What the requests of most are shorter than. */
#define PEEK_FIRST_BYTES 4096

struct worker;

/* A connection this worker holds; its place in the table is its record's. */
struct worker_connection {
    struct connection connection;
    struct worker *worker;
    uint32_t index;
    enum connection_need need; /* what it waits for */
    bool partial;              /* NEED_MORE, and its timer runs */
    uint64_t unacked_bytes; /* NEED_WRITABLE: in the send queue when it began */
    bool return_after_one;  /* give it back after one answer */
    bool is_self_accepted;  /* we accepted it: nobody else has it */
    uint64_t handoff;       /* as the supervisor counts them */
    struct watch io;
    ev_timer timer;
};

struct accepting;

struct worker {
    const struct worker_options *options;
    struct ev_loop *loop; /* NULL: nothing has had to wait yet */
    int epoll;            /* the loop's descriptor */
    int channel;
    struct arena arena;
    struct connection_setting setting;
    struct peek_buffer peek;
    struct worker_connection **held; /* by record; NULL: not held */
    /* In request handoff there is one at most, and no need to allocate. */
    struct worker_connection *one_place;
    struct worker_connection one;
    struct accepting *accepting; /* NULL: it is given connections */
    uint32_t handling;           /* connections whose handler was asked */
    uint64_t responses;
    uint64_t without_area_us; /* since then no area was free; monotonic, or 0 */
    bool pool_is_ending; /* so does the pool: who asks nothing is not waited for
                          */
    bool exit_is_due;    /* exit_after is reached: the exit timer runs */
    bool leaving; /* begins nothing new that others can; exits when what it
                     alone can end has ended */
    int exit_code;
    struct watches watches;
    struct watch messages;
    ev_prepare turn;
    ev_timer exit_timer;
    char peek_first[PEEK_FIRST_BYTES];
};

/* ---- worker.c ---- */

/* Says it to the supervisor, waiting for room if need be. */
void worker_tell(struct worker *worker, const struct channel_message *message);

/* The loop, which is made when something has to wait for the first time. */
struct ev_loop *worker_loop(struct worker *worker);

/* ---- held_connections.c ---- */

/* Takes the connection `fd` up, as the message says, and serves it. */
void held_connections_take(struct worker *worker,
                           const struct channel_message *message, int fd);

/* The primary's answer for one of them.  For a connection that has gone
 * meanwhile it means nothing. */
void held_connections_reply(struct worker *worker,
                            const struct channel_message *message);

/* Takes up the connection `fd` that this worker accepted, and serves it. */
void held_connections_accept(struct worker *worker, uint32_t index, int fd);

/* Lets go of those that wait for their next request: the answer to it would be
 * their last. */
void held_connections_release_idle(struct worker *worker);

/* ---- waiting.c ---- */

/* Keeps the connection until what it needs is there: `on_ready` and `on_timer`
 * of the watchers that it has. */
void waiting_begin(struct worker_connection *held);

/* Has its request been arriving for too long? */
bool waiting_is_late(const struct worker_connection *held);

/* Waiting to write: has its client taken nothing meanwhile?  The queue takes
 * more only once a third of it is free, which a slow reader may need long
 * for. */
bool waiting_has_stalled(const struct worker_connection *held);

/* Stops its watchers, and takes it out of the loop. */
void waiting_end(struct worker_connection *held);

/* ---- accepting.c ---- */

/* Accepts connections from `fd` from now on: `alone` says that what waits there
 * is nobody else's, `counted` that the kernel counts their bytes. */
void accepting_listen(struct worker *worker, int fd, bool alone, bool counted);

/* Accepts nothing more, and every answer is to end its connection.  What waits
 * in a listener that nobody else has is taken first; with `rest`, what waits in
 * any.  Exits then, if it is leaving and has nothing more. */
void accepting_stop(struct worker *worker, bool rest);

/* The connection in records[index] has ended: counts it and closes `fd`. */
void accepting_end(struct worker *worker, uint32_t index, int fd);

/* Its counts would overflow: they begin anew. */
void accepting_carry(struct worker_connection *held);

/* Before the loop waits: what accepting_stop() left to do. */
void accepting_turn(struct worker *worker);

/* Does it still have a connection that it accepted, or is it taking more? */
bool accepting_is_busy(const struct worker *worker);

/* ---- lingering.c ---- */

/* Closes `fd` so that the client gets all that was sent: what it still sends is
 * discarded, for a while.  *count is one more until then. */
void lingering_close(struct worker *worker, int fd, uint32_t *count);

/* ---- exit_when_done.c ---- */

/* From now on nothing new is begun; exits as soon as it may. */
void exit_begin(struct worker *worker, int exit_code);

/* Exits, if it is leaving and nothing is left that it alone can end. */
void exit_if_done(struct worker *worker);

/* The next response may be the last one ordered: then it ends its connection,
 * which nobody goes on with. */
void exit_announce(struct worker *worker);

/* One more response has gone: leaves if that was the last one ordered. */
void exit_count_response(struct worker *worker);

#endif
