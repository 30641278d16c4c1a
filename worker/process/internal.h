/* SPDX-License-Identifier: MIT */
/*
 * internal.h - the worker process; only the sources of this folder include it:
 *
 *   worker.c            start, messages and event loop
 *   held_connections.c  serves and releases the connections that it holds
 *   waiting.c           what each connection waits for
 *   accepting.c         connections that the worker accepts itself
 *   lingering.c         lingering close of those connections
 *   exit_when_done.c    when the worker exits
 *   watch.c             retries descriptors that the kernel refuses to watch
 *
 * The public interface is worker.h.
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

/* Initial size of the peek buffer; most requests are shorter. */
#define PEEK_FIRST_BYTES 4096

struct worker;

/* A connection that this worker holds. */
struct worker_connection {
    struct connection connection;
    struct worker *worker;
    uint32_t index;            /* of its record */
    enum connection_need need; /* what it waits for */
    bool partial;              /* NEED_MORE, and its timer runs */
    uint64_t unacked_bytes;    /* NEED_WRITABLE: kernel_queue_unacked() when the
                                  wait began */
    bool return_after_one;     /* return it after one response */
    bool is_self_accepted;     /* no other process holds it */
    uint64_t handoff;          /* the supervisor's number of the handoff */
    struct watch io;
    ev_timer timer;
};

struct accepting;

struct worker {
    const struct worker_options *options;
    struct ev_loop *loop; /* NULL: not needed so far */
    int epoll;            /* the loop's epoll descriptor */
    int channel;
    struct arena arena;
    struct connection_setting setting;
    struct peek_buffer peek;
    struct worker_connection **held; /* by record index; NULL: not held */
    /* With a capacity of 1, `held` is &one_place: nothing is allocated. */
    struct worker_connection *one_place;
    struct worker_connection one;
    struct accepting *accepting; /* NULL: has no listener */
    uint32_t handling;           /* connections in state HANDLING */
    uint64_t responses;
    uint64_t without_area_us; /* CLOCK_MONOTONIC: no area has been free since
                                 then; 0: an area is free */
    bool pool_is_ending;      /* close idle connections even before their first
                                 request */
    bool exit_is_due;         /* options->exit_after is reached */
    bool leaving; /* begins no request on connections that were handed off;
                     exits when exit_if_done() allows */
    int exit_code;
    struct watches watches;
    struct watch messages;
    ev_prepare turn;
    ev_timer exit_timer;
    char peek_first[PEEK_FIRST_BYTES];
};

/* ---- worker.c ---- */

/* Sends `message` to the supervisor; waits while the channel is full.  Exits
 * with 71 (EX_OSERR) on any other error. */
void worker_tell(struct worker *worker, const struct channel_message *message);

/* Returns the loop; the first call creates it. */
struct ev_loop *worker_loop(struct worker *worker);

/* ---- held_connections.c ---- */

/* Resumes the connection `fd`, which came with the SERVE `message`, and serves
 * it. */
void held_connections_take(struct worker *worker,
                           const struct channel_message *message, int fd);

/* Handles TOTAL.  Ignores it if the connection no longer waits for it. */
void held_connections_reply(struct worker *worker,
                            const struct channel_message *message);

/* Releases the connections that wait for their next request, except those that
 * the worker accepted itself and may not close yet. */
void held_connections_release_idle(struct worker *worker);

/* Resumes the connection `fd`, which this worker accepted into records[index],
 * and serves it. */
void held_connections_accept(struct worker *worker, uint32_t index, int fd);

/* ---- waiting.c ---- */

/* Waits for what the connection needs: starts its watch and its timer. */
void waiting_begin(struct worker_connection *held);

/* Returns whether the request has exceeded --header-timeout. */
bool waiting_is_late(const struct worker_connection *held);

/* NEED_WRITABLE: returns whether the client has read nothing since
 * waiting_begin().  The socket becomes writable only when a third of the send
 * queue is free, which can take a slow client longer than the timeout. */
bool waiting_has_stalled(const struct worker_connection *held);

/* Stops the watch and the timer.  Call before the descriptor is closed. */
void waiting_end(struct worker_connection *held);

/* ---- accepting.c ---- */

/* Accepts connections from `fd` from now on.  `exclusive`: no other process has
 * this listener; `counted`: the kernel counts the bytes (TCP). */
void accepting_listen(struct worker *worker, int fd, bool exclusive,
                      bool counted);

/* Stops accepting, and closes each connection after its response.  First
 * accepts the connections that wait in exclusive listeners; with
 * `drain_shared`, those in all listeners.  May exit (exit_if_done()). */
void accepting_stop(struct worker *worker, bool drain_shared);

/* Counts the connection in records[index], which has ended, and closes `fd`.
 * May exit (exit_if_done()). */
void accepting_end(struct worker *worker, uint32_t index, int fd);

/* Adds the counts of the connection to the account and sets them to 0, so that
 * they do not overflow. */
void accepting_carry(struct worker_connection *held);

/* Call before the loop waits: releases idle connections after
 * accepting_stop(). */
void accepting_turn(struct worker *worker);

/* Returns whether the worker holds connections that it accepted itself, or is
 * accepting more. */
bool accepting_is_busy(const struct worker *worker);

/* ---- lingering.c ---- */

/* Shuts down sending on `fd` and closes it when the client has closed its end,
 * or after a timeout.  Discards what the client sends: closing with unread
 * bytes would reset the connection.  *count is one higher until the close. */
void lingering_close(struct worker *worker, int fd, uint32_t *count);

/* ---- exit_when_done.c ---- */

/* Starts to leave: begins no new requests, and exits with `exit_code` when
 * exit_if_done() allows. */
void exit_begin(struct worker *worker, int exit_code);

/* Exits if the worker is leaving, no handler is busy and no self-accepted
 * connection is left. */
void exit_if_done(struct worker *worker);

/* Call before a response on a self-accepted connection: if it is the last one
 * before the exit, it closes its connection. */
void exit_announce(struct worker *worker);

/* Counts a response; after the last one, starts to leave, or starts the timer
 * of options->exit_delay_us. */
void exit_count_response(struct worker *worker);

#endif
