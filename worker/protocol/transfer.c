/* SPDX-License-Identifier: MIT */
/* transfer.c - stores the counts in an order that is safe at each instant. */
#include "worker/protocol/transfer.h"
#include <errno.h>
#include <poll.h>
#include <string.h>

/* Not a possible count: requests and responses are shorter. */
#define UNKNOWN UINT32_MAX

/* ---- In the worker ---- */

static uint32_t *count_of(struct record *record, uint32_t kind)
{
    return kind == TRANSFER_SEND ? &record->sent_bytes : &record->taken_bytes;
}

/* From the store of `owner` on, the messages hold the count. */
static void begin(struct transfer *transfer, uint32_t index,
                  struct record *record, enum transfer_kind kind,
                  struct iovec *bytes)
{
    struct mmsghdr *messages = transfer->messages;

    transfer->kind = kind;
    transfer->before_bytes = *count_of(record, kind);
    memset(messages, 0, sizeof(transfer->messages));
    messages[0].msg_len = messages[1].msg_len = UNKNOWN;
    messages[1].msg_hdr.msg_iov = bytes;
    messages[1].msg_hdr.msg_iovlen = 1;
    atomic_store_explicit(&transfer->owner, index + 1, memory_order_release);
}

/* Stores the record's count first: while `owner` is not 0, the supervisor can
 * compute it again from the messages. */
static ssize_t end(struct transfer *transfer, struct record *record, int result)
{
    uint32_t moved_bytes = transfer->messages[1].msg_len;

    if (result == 2)
        *count_of(record, transfer->kind) =
            transfer->before_bytes + moved_bytes;
    atomic_store_explicit(&transfer->owner, 0, memory_order_release);
    return result == 2 ? (ssize_t)moved_bytes : -1;
}

static int send_messages(int fd, struct mmsghdr *messages, unsigned count)
{
    return sendmmsg(fd, messages, count, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int take_messages(int fd, struct mmsghdr *messages, unsigned count)
{
    return recvmmsg(fd, messages, count, MSG_DONTWAIT, NULL);
}

/* Returns 2 if both messages were transferred; or -1 with errno set.  Tries the
 * second message again if it failed, because the first call does not return its
 * error. */
static int move(int fd, struct mmsghdr *messages,
                int (*call)(int, struct mmsghdr *, unsigned))
{
    int result = call(fd, messages, 2);

    if (result != 1)
        return result;
    return call(fd, messages + 1, 1) == 1 ? 2 : -1;
}

ssize_t transfer_send(struct transfer *transfer, uint32_t index,
                      struct record *record, int fd, const char *from,
                      size_t bytes)
{
    /* sendmsg(2) does not write to it. */
    struct iovec vector = { (void *)(uintptr_t)from, bytes };
    struct pollfd writable = { .fd = fd, .events = POLLOUT };

    /* A full send queue would leave the second message without a count. */
    if (poll(&writable, 1, 0) == 0) {
        errno = EAGAIN;
        return -1;
    }
    begin(transfer, index, record, TRANSFER_SEND, &vector);
    return end(transfer, record, move(fd, transfer->messages, send_messages));
}

ssize_t transfer_take(struct transfer *transfer, uint32_t index,
                      struct record *record, int fd, char *to, size_t bytes)
{
    struct iovec vector = { to, bytes };
    int result;

    begin(transfer, index, record, TRANSFER_TAKE, &vector);
    result = move(fd, transfer->messages, take_messages);
    /* If the client closed its socket with unread bytes, recvmmsg(2), unlike
     * recv(2), reports ECONNRESET once before it reads the queue. */
    if (result < 0 && errno == ECONNRESET)
        result = move(fd, transfer->messages, take_messages);
    return end(transfer, record, result);
}

/* ---- In the supervisor ---- */

void transfer_clear(struct transfer *transfer)
{
    memset((char *)transfer, 0, sizeof(*transfer));
}

enum transfer_verdict transfer_settle(const struct transfer *transfer,
                                      uint32_t index, struct record *record)
{
    uint32_t owner =
        atomic_load_explicit(&transfer->owner, memory_order_acquire);
    uint32_t kind = transfer->kind, before_bytes = transfer->before_bytes;
    uint32_t first = transfer->messages[0].msg_len;
    uint32_t moved_bytes = transfer->messages[1].msg_len;
    uint32_t *count;

    if (owner != index + 1 || record_load(record).state != RECORD_COMMITTED)
        return TRANSFER_COUNTED;
    if (kind > TRANSFER_TAKE)
        return TRANSFER_INVALID;
    count = count_of(record, kind);
    if (first == UNKNOWN)
        moved_bytes = 0;
    else if (moved_bytes == UNKNOWN)
        return TRANSFER_UNCLEAR;
    if (moved_bytes > UNKNOWN - before_bytes ||
        (*count != before_bytes && *count != before_bytes + moved_bytes))
        return TRANSFER_INVALID;
    *count = before_bytes + moved_bytes;
    return TRANSFER_COUNTED;
}
