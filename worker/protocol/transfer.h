/* SPDX-License-Identifier: MIT */
/*
 * transfer.h - sends and receives on a Unix socket so that the kernel stores
 * the count.
 *
 * For a TCP connection the kernel counts the bytes sent and received
 * (kernel_queue.h); for a Unix socket it does not.  A worker that counted them
 * itself, after the call, could be killed between the two; its successor would
 * then send bytes twice, or consume the next request.
 *
 * sendmmsg(2) and recvmmsg(2) write the number of bytes of each message into
 * the array of messages before they return to user mode, and SIGKILL takes
 * effect only at that return.  So the array is in memory that survives the
 * worker, and the worker cannot die between the transfer and the store of its
 * count.
 *
 * Each call has two messages: an empty one, and the bytes.  The kernel writes
 * the count of the first before it looks at the second, and stops if it cannot.
 * When the process is killed, the two counts say:
 *
 *   first    second
 *   unknown  unknown   nothing was transferred
 *   0        a number  that many bytes were transferred
 *   0        unknown   the kernel refused the second message, or could not
 *                      write its count: the number is not known
 *
 * In the last case the supervisor closes the connection.  It is rare: a worker
 * sends only if the send queue has space, and receives only bytes that it has
 * peeked, so the kernel refuses a second message only if memory is short.
 */
#ifndef WORKER_PROTOCOL_TRANSFER_H
#define WORKER_PROTOCOL_TRANSFER_H

#include "worker/protocol/record.h"
#include <stdatomic.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

enum transfer_kind { TRANSFER_SEND, TRANSFER_TAKE };

/* The transfer that the worker of an arena has in progress. */
struct transfer {
    _Atomic uint32_t owner; /* 1 + the index of the record; 0: none */
    uint32_t kind;          /* enum transfer_kind */
    uint32_t before_bytes;  /* the record's count before the call */
    struct mmsghdr messages[2];
};

/* ---- In the worker ---- */

/*
 * Sends at most `bytes` bytes of the response of `record`, whose index is
 * `index`, without waiting, and adds their number to record->sent_bytes.  The
 * caller must ensure that the sum does not overflow.  Returns the number of
 * bytes; or -1 with errno set: EAGAIN if the send queue is full.
 */
ssize_t transfer_send(struct transfer *transfer, uint32_t index,
                      struct record *record, int fd, const char *from,
                      size_t bytes);

/*
 * Moves at most `bytes` bytes of the request of `record` from the receive queue
 * to `to`, and adds their number to record->taken_bytes.  Returns the number of
 * bytes; 0 at the end of the stream; or -1 with errno set.
 */
ssize_t transfer_take(struct transfer *transfer, uint32_t index,
                      struct record *record, int fd, char *to, size_t bytes);

/* ---- In the supervisor ---- */

/* Sets that no transfer is in progress.  Call while the arena has no worker. */
void transfer_clear(struct transfer *transfer);

enum transfer_verdict {
    TRANSFER_COUNTED, /* the record's counts are correct now */
    TRANSFER_UNCLEAR, /* how much was transferred is not known: close */
    TRANSFER_INVALID  /* the transfer is impossible */
};

/*
 * Corrects the counts of `record` by the transfer that its worker left in
 * progress.  `record` is a copy of the worker's record `index`, which the
 * worker no longer uses.  The transfer is untrusted input.  Changes the record
 * only if it returns TRANSFER_COUNTED.
 */
enum transfer_verdict transfer_settle(const struct transfer *transfer,
                                      uint32_t index, struct record *record);

#endif
