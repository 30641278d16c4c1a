/* SPDX-License-Identifier: MIT */
/*
 * channel.h - the messages between the supervisor and one worker.
 *
 *   supervisor -> worker
 *     SLOT      sets the worker's slot and generation (a spare has none yet)
 *     SERVE     with one descriptor: serve this connection, starting at the
 *               state in its record
 *     LAST      from now on, close each connection after its response
 *     DRAIN     finish the requests that have begun, then exit with code 0
 *     TOTAL     the value of the supervisor's counter, for the request in this
 *               record: the reply to COUNT
 *     PING      run the loop once, so that the heartbeat changes
 *     LISTEN    with one descriptor: accept connections from this listener
 *   worker -> supervisor
 *     ONLINE    the worker is ready for connections
 *     RETURN    the worker has released this connection; its record contains
 *               the state.  `key` is that of the SERVE, so that an earlier
 *               RETURN of a corrupt worker has no effect on a later handoff
 *     LEAVING   the worker will exit when its handlers have finished: hand off
 *               no more connections to it
 *     COUNT     add to the supervisor's counter, for the request in this record
 *     ANSWERED  the worker has sent its first response on a connection that it
 *               accepted itself
 *
 * No message reports how a worker ended: a deliberate exit and a crash take the
 * same path.  A message is one packet of a SOCK_SEQPACKET pair, so it arrives
 * whole or not at all.  Neither end trusts the other: a message that breaks
 * these rules causes EPROTO, never a failed assertion.
 */
#ifndef WORKER_PROTOCOL_CHANNEL_H
#define WORKER_PROTOCOL_CHANNEL_H

#include <stdint.h>

enum channel_kind {
    CHANNEL_ONLINE = 1,
    CHANNEL_SLOT,
    CHANNEL_SERVE,
    CHANNEL_LAST,
    CHANNEL_DRAIN,
    CHANNEL_PING,
    CHANNEL_RETURN,
    CHANNEL_LEAVING,
    CHANNEL_COUNT,
    CHANNEL_TOTAL,
    CHANNEL_LISTEN,
    CHANNEL_ANSWERED,
    CHANNEL_KINDS
};

struct channel_message {
    uint32_t kind;    /* enum channel_kind */
    uint32_t record;  /* SERVE, RETURN, COUNT, TOTAL: index in the arena */
    uint32_t refusal; /* SERVE: 0, or the status to refuse the request with */
    uint32_t once;    /* SERVE: 1: return it after one response;
                         LISTEN: 1: no other process has this listener */
    uint32_t slot;    /* SLOT */
    uint32_t generation; /* SLOT */
    uint64_t key;        /* COUNT: requests with this key count once; 0: none;
                            SERVE, RETURN: the number of the handoff */
    uint64_t number;     /* COUNT: what to add; TOTAL: the counter;
                            RETURN: 1 if the record was invalid;
                            LISTEN: 1 if the kernel counts bytes (TCP) */
};

/*
 * Opens a channel: ends[0] for the supervisor and ends[1] for the worker.  Both
 * are close-on-exec and belong to the caller.
 * Returns 0; or -1 with errno set and nothing left open.
 */
int channel_open(int ends[2]);

/*
 * Sends `message` without waiting, with descriptor `fd` unless it is -1.  The
 * peer gets a duplicate; the caller still owns `fd`.  Never raises SIGPIPE.
 * Returns 0; or -1 with errno EAGAIN (the channel is full; retry when it is
 * writable), ETOOMANYREFS (too many descriptors are in flight, unix(7); retry
 * later), EPIPE or ECONNRESET (the peer has closed its end), or another error
 * of sendmsg(2).
 */
int channel_send(int end, const struct channel_message *message, int fd);

/*
 * Receives the next message without waiting.  Sets *fd to its descriptor, which
 * is close-on-exec and belongs to the caller, or to -1.  Returns 1; 0 if the
 * peer has closed its end; or -1 with errno EAGAIN (no message), EPROTO (the
 * message breaks the rules above; its descriptor was closed), or another error
 * of recvmsg(2).
 */
int channel_receive(int end, struct channel_message *message, int *fd);

/* The same, but waits for a message; errno is never EAGAIN. */
int channel_await(int end, struct channel_message *message, int *fd);

#endif
