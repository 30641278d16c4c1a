/* SPDX-License-Identifier: MIT */
/* kernel_queue.c - a consistent reading of TCP_INFO, SIOCINQ and SIOCOUTQ. */
#include "worker/protocol/kernel_queue.h"
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* The counts are in linux/tcp.h, and the states in netinet/tcp.h; a source
 * cannot include both. */
enum {
    STATE_ESTABLISHED = 1,
    STATE_FIN_WAIT1 = 4,
    STATE_FIN_WAIT2 = 5,
    STATE_CLOSE = 7
};

static int read_info(int fd, struct tcp_info *info)
{
    socklen_t bytes = sizeof(*info);

    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &bytes);
}

/* In these states the peer's FIN has not arrived yet. */
static bool peer_closed(unsigned state)
{
    return state != STATE_ESTABLISHED && state != STATE_FIN_WAIT1 &&
           state != STATE_FIN_WAIT2;
}

/* Returns false if the kernel does not report the length. */
static bool length_of(int fd, unsigned long queue, uint64_t *length)
{
    int bytes;

    if (ioctl(fd, queue, &bytes) < 0 || bytes < 0)
        return false;
    *length = (uint64_t)bytes;
    return true;
}

uint64_t kernel_queue_unread(int fd)
{
    uint64_t unread;

    return length_of(fd, SIOCINQ, &unread) ? unread : 0;
}

bool kernel_queue_is_empty(int fd)
{
    uint64_t unread;

    return length_of(fd, SIOCINQ, &unread) && unread == 0;
}

/* Does not use SO_ERROR, which reading clears for all processes. */
bool kernel_queue_is_dead(int fd)
{
    struct pollfd state = { .fd = fd };

    return poll(&state, 1, 0) == 1 && (state.revents & POLLHUP);
}

uint64_t kernel_queue_unacked(int fd)
{
    uint64_t unacked;

    return length_of(fd, SIOCOUTQ, &unacked) ? unacked : 0;
}

/* Returns whether nothing arrived or was acknowledged between two readings.
 * The kernel reads the state before it locks the socket, so one reading may
 * count a FIN that its state does not show; then the state of the next reading
 * differs. */
static bool is_unchanged(const struct tcp_info *before,
                         const struct tcp_info *after)
{
    return before->tcpi_state == after->tcpi_state &&
           before->tcpi_bytes_received == after->tcpi_bytes_received &&
           before->tcpi_bytes_acked == after->tcpi_bytes_acked;
}

int kernel_queue_read(int fd, struct kernel_queue *queue)
{
    struct tcp_info before, info;
    uint64_t unread, unacked;

    if (read_info(fd, &info) < 0)
        return -1;
    /* Terminates: only a segment from the peer causes another round. */
    do {
        before = info;
        if (!length_of(fd, SIOCINQ, &unread) ||
            !length_of(fd, SIOCOUTQ, &unacked) || read_info(fd, &info) < 0)
            return -1;
    } while (!is_unchanged(&before, &info));
    queue->peer_closed = peer_closed(info.tcpi_state);
    queue->dead = info.tcpi_state == STATE_CLOSE;
    queue->unread_bytes = unread;
    queue->consumed_bytes = info.tcpi_bytes_received - unread -
                            (queue->peer_closed && !queue->dead ? 1 : 0);
    queue->written_bytes = info.tcpi_bytes_acked + unacked;
    return 0;
}
