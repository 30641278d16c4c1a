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
 *               the state.  It names the handoff, so that an earlier RETURN
 *               of a corrupt worker has no effect on a later one
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

struct channel_slot {
    uint32_t number, generation;
};

struct channel_serve {
    uint64_t handoff; /* its number */
    uint32_t refusal; /* 0, or the HTTP status to refuse the request with */
    uint32_t return_after_one; /* 1: return it after one response */
};

struct channel_return {
    uint64_t handoff;        /* that of the SERVE */
    uint32_t record_invalid; /* 1: the worker could not resume the record */
};

struct channel_count {
    uint64_t key;    /* requests with this key count once; 0: none */
    uint64_t number; /* to add */
};

struct channel_listen {
    uint32_t is_exclusive; /* 1: no other process has this listener */
    uint32_t is_tcp;       /* 1: the kernel counts the bytes */
};

/* A message has the member of the union that its kind names; other kinds have
 * none. */
struct channel_message {
    uint32_t kind;   /* enum channel_kind */
    uint32_t record; /* SERVE, RETURN, COUNT, TOTAL: index in the arena */
    union {
        struct channel_slot slot;
        struct channel_serve serve;
        struct channel_return returned;
        struct channel_count count;
        uint64_t total;
        struct channel_listen listen;
    };
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
 * of recvmsg(2).  A valid message has a known kind, a descriptor exactly if its
 * kind has one, and flags of 0 or 1; the receiver checks `record`.
 */
int channel_receive(int end, struct channel_message *message, int *fd);

/* The same, but waits for a message; errno is never EAGAIN. */
int channel_await(int end, struct channel_message *message, int *fd);

#endif
