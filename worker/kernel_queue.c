/* kernel_queue.c - TCP_INFO and SIOCINQ, read as of one instant. */
#include "worker/kernel_queue.h"
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* linux/tcp.h has the counters; its states are netinet/tcp.h's, which cannot
 * be included beside it. */
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

/* Has the peer sent its FIN?  Only these states come before it. */
static bool peer_closed(unsigned state)
{
    return state != STATE_ESTABLISHED && state != STATE_FIN_WAIT1 &&
           state != STATE_FIN_WAIT2;
}

/* A queue's length; 0 if it can't be told. */
static uint64_t length_of(int fd, unsigned long queue)
{
    int bytes;

    return ioctl(fd, queue, &bytes) < 0 || bytes < 0 ? 0 : (uint64_t)bytes;
}

uint64_t kernel_queue_unread(int fd)
{
    return length_of(fd, SIOCINQ);
}

int kernel_queue_read(int fd, struct kernel_queue *queue)
{
    struct tcp_info info;
    uint64_t unread, unacked;
    uint64_t unread_after = length_of(fd, SIOCINQ);
    uint64_t unacked_after = length_of(fd, SIOCOUTQ);

    /* What arrives between the calls would count in one alone; equal lengths on
     * both sides of TCP_INFO rule that out.  Each further round needs a segment
     * from the peer, so this ends. */
    do {
        unread = unread_after;
        unacked = unacked_after;
        if (read_info(fd, &info) < 0)
            return -1;
        unread_after = length_of(fd, SIOCINQ);
        unacked_after = length_of(fd, SIOCOUTQ);
    } while (unread != unread_after || unacked != unacked_after);
    queue->peer_closed = peer_closed(info.tcpi_state);
    queue->dead = info.tcpi_state == STATE_CLOSE;
    queue->unread_bytes = unread;
    queue->consumed_bytes = info.tcpi_bytes_received - unread -
                            (queue->peer_closed && !queue->dead ? 1 : 0);
    queue->written_bytes = info.tcpi_bytes_acked + unacked;
    return 0;
}
