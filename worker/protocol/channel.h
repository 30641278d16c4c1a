/*
 * channel.h - the wire between the supervisor and one worker.
 *
 *   supervisor -> worker
 *     SEAT    you sit in this slot, as this generation (a spare has none yet)
 *     SERVE   with one descriptor: take this connection up; its record says
 *             where it stands
 *     LAST    from now on every answer ends its connection
 *     DRAIN   finish what has begun, then exit with code 0
 *     TOTAL   the primary's counter, for the request in this record
 *     PING    turn your loop once, so that your heartbeat moves
 *     LISTEN  with one descriptor: accept connections from it yourself
 *   worker -> supervisor
 *     ONLINE  I am up, give me work
 *     RETURN  I have let go of this connection; its record says what it needs.
 *             It names the handoff, so that what a mad worker said before
 *             takes no connection from it that it was given since
 *     LEAVING I shall exit once my handlers are done: give me nothing more
 *     COUNT   add to the primary's counter and tell me, for the request in this
 *             record
 *     ANSWERED  I have answered for the first time, on a connection that I
 *             accepted myself
 *
 * How a worker ended is told by its exit, never by a message: a deliberate exit
 * and a crash are the same path.  A message is one packet of a SOCK_SEQPACKET
 * pair, so it arrives whole or not at all.  Neither end trusts the other: what
 * breaks these rules comes back as EPROTO, never as an assertion.
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
    uint32_t once;    /* SERVE: 1: give it back after one answer;
                         LISTEN: 1: nobody else has this listener */
    uint32_t slot;    /* SEAT */
    uint32_t generation; /* SEAT */
    uint64_t key;        /* COUNT: of a request that counts once; 0: none;
                            SERVE, RETURN: which handoff this is */
    uint64_t number;     /* COUNT: what to add; TOTAL: the counter;
                            RETURN: 1 if the record was not sound;
                            LISTEN: 1 if the kernel counts bytes (TCP) */
};

/*
 * Opens a channel: ends[0] for the supervisor and ends[1] for the worker.  Both
 * are close-on-exec and belong to the caller.
 * Returns 0; or -1 with errno set and nothing left open.
 */
int channel_open(int ends[2]);

/*
 * Sends `message` without waiting, along with descriptor `fd` unless it is -1.
 * The peer gets a duplicate: `fd` stays the caller's, to close.  Never raises
 * SIGPIPE. Returns 0; or -1 with errno EAGAIN (full; try when writable),
 * ETOOMANYREFS (too many descriptors are in flight, unix(7); try later), EPIPE
 * or ECONNRESET (the peer is gone), or what sendmsg(2) says.
 */
int channel_send(int end, const struct channel_message *message, int fd);

/*
 * Receives the next message without waiting for one.  *fd becomes its
 * descriptor, close-on-exec and now the caller's to close, or -1.
 * Returns 1; 0 when the peer has closed its end; or -1 with errno EAGAIN
 * (nothing yet), EPROTO (the peer broke the rules above; any descriptor it
 * sent is closed again), or what recvmsg(2) says.
 */
int channel_receive(int end, struct channel_message *message, int *fd);

/* The same, but waits for a message; never EAGAIN. */
int channel_await(int end, struct channel_message *message, int *fd);

#endif
