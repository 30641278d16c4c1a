/*
 * transfer.h - moves bytes on a Unix socket so that the kernel counts them.
 *
 * For a TCP connection the kernel counts the bytes sent and received
 * (kernel_queue.h); for a Unix socket it does not.  A worker that counts them
 * itself, after the call, can be killed between the two; the successor would
 * then send bytes again, or take the next request out of the queue.
 *
 * sendmmsg(2) and recvmmsg(2) write the number of bytes of each message into
 * the array of messages before they return to user mode, and SIGKILL takes
 * effect only at that return.  So the array is in memory that survives the
 * worker, and no instant lies between the move and the count.
 *
 * Each call has two messages: an empty one, and the bytes.  The kernel writes
 * the count of the first before it looks at the second, and stops if it cannot.
 * When the process is killed, the two counts say:
 *
 *   first    second
 *   unknown  unknown   nothing was moved
 *   0        a number  so many bytes were moved
 *   0        unknown   the kernel refused the second message (no capacity), or
 *                      could not write its count: nobody knows
 *
 * Room is asked for first, and what is taken is in the queue, so that the
 * kernel refuses a second message only when it is out of memory.
 *
 * The last case costs the connection: an ambiguous answer is never resumed.
 */
#ifndef WORKER_PROTOCOL_TRANSFER_H
#define WORKER_PROTOCOL_TRANSFER_H

#include "worker/protocol/record.h"
#include <stdatomic.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

enum transfer_kind { TRANSFER_SEND, TRANSFER_TAKE };

/* In the arena's head: the one transfer that its worker has in progress. */
struct transfer {
    _Atomic uint32_t owner; /* 1 + the index of the record; 0: none */
    uint32_t kind;          /* enum transfer_kind */
    uint32_t before_bytes;  /* the record's count before the call */
    struct mmsghdr messages[2];
};

/* ---- In the worker ---- */

/*
 * Sends up to `bytes` bytes of the response of `record`, the index-th, without
 * waiting, and adds what was sent to record->sent_bytes.  The caller ensures
 * that the sum fits.  Returns the number of bytes; or -1 with errno set, EAGAIN
 * if the send queue has no room.
 */
ssize_t transfer_send(struct transfer *transfer, uint32_t index,
                      struct record *record, int fd, const char *from,
                      size_t bytes);

/*
 * Takes up to `bytes` bytes of the request of `record` out of the receive
 * queue, into `to`, and adds them to record->taken_bytes.  Returns the number
 * of bytes; 0 at the end of the stream; or -1 with errno set.
 */
ssize_t transfer_take(struct transfer *transfer, uint32_t index,
                      struct record *record, int fd, char *to, size_t bytes);

/* ---- In the supervisor ---- */

/* While there is no worker: none is in progress. */
void transfer_clear(struct transfer *transfer);

enum transfer_verdict {
    TRANSFER_COUNTED, /* the record's counts say what was moved */
    TRANSFER_UNCLEAR, /* nobody knows how much was moved: must be closed */
    TRANSFER_INVALID  /* it cannot be true */
};

/*
 * Corrects the counts of `record`, a copy of the index-th of a worker that let
 * go of it, by the transfer that the worker left in progress.  The transfer is
 * untrusted input; unless the verdict is TRANSFER_COUNTED, the record is left
 * as it is.
 */
enum transfer_verdict transfer_settle(const struct transfer *transfer,
                                      uint32_t index, struct record *record);

#endif
