/*
 * process.h - what a worker process is, for the files that make it up alone:
 *
 *   worker.c   its messages, its loop, its start
 *   holding.c  the connections it holds, and what each waits for
 *   leaving.c  when it exits
 *
 * Others see worker.h.
 */
#ifndef WORKER_PROCESS_H
#define WORKER_PROCESS_H

#include "worker/arena.h"
#include "worker/channel.h"
#include "worker/connection.h"
#include "worker/worker.h"
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

/* What the requests of most are shorter than. */
#define PEEK_FIRST_BYTES 4096

struct worker;

/* A connection this worker holds; its place in the table is its record's. */
struct held {
    struct connection connection;
    struct worker *worker;
    uint32_t index;
    enum connection_need need; /* what it waits for */
    double partial_since; /* of the loop: NEED_MORE since then; 0: not so */
    bool once;            /* give it back after one answer */
    ev_io io;
    ev_timer timer;
};

struct worker {
    const struct worker_order *order;
    struct ev_loop *loop; /* NULL: nothing has had to wait yet */
    int epoll;            /* the loop's descriptor */
    int channel;
    struct arena arena;
    struct connection_setting setting;
    struct peek_buffer peek;
    struct held **held; /* by record; NULL: not held */
    /* In request hand-over there is one at most, and no need to allocate. */
    struct held *one_place;
    struct held one;
    uint32_t handling; /* connections whose handler was asked */
    uint64_t responses;
    bool due;     /* exit_after is reached: the exit timer runs */
    bool leaving; /* begins nothing new; exits when handling is 0 */
    int exit_code;
    ev_io messages;
    ev_prepare turn;
    ev_timer exit_timer;
    char peek_first[PEEK_FIRST_BYTES];
};

/* ---- worker.c ---- */

/* Says it to the supervisor, waiting for room if need be. */
void worker_tell(struct worker *worker, const struct channel_message *message);

/* The loop, which is made when something has to wait for the first time. */
struct ev_loop *worker_loop(struct worker *worker);

/* ---- holding.c ---- */

/* Takes the connection `fd` up, as the message says, and serves it. */
void holding_take(struct worker *worker, const struct channel_message *message,
                  int fd);

/* The primary's answer for one of them.  For a connection that has gone
 * meanwhile it means nothing. */
void holding_told(struct worker *worker, const struct channel_message *message);

/* Gives back those that wait for their next request: the answer to it would be
 * their last. */
void holding_let_idle_go(struct worker *worker);

/* ---- leaving.c ---- */

/* From now on nothing new is begun; exits as soon as it may. */
void leaving_begin(struct worker *worker, int exit_code);

/* Exits, if it is leaving and no handler has begun what it alone can end. */
void leaving_now_if_done(struct worker *worker);

/* One more response has gone: leaves if that was the last one ordered. */
void leaving_count(struct worker *worker);

#endif
