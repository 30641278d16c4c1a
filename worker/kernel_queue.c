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

uint64_t kernel_queue_unread(int fd)
{
    int bytes;

    return ioctl(fd, SIOCINQ, &bytes) < 0 || bytes < 0 ? 0 : (uint64_t)bytes;
}

int kernel_queue_read(int fd, struct kernel_queue *queue)
{
    struct tcp_info info;
    uint64_t before, after = kernel_queue_unread(fd);

    /* Bytes that arrive between the two calls would count in one alone; equal
     * readings on both sides of TCP_INFO rule that out.  Each further round
     * needs a segment from the peer, so this ends. */
    do {
        before = after;
        if (read_info(fd, &info) < 0)
            return -1;
        after = kernel_queue_unread(fd);
    } while (before != after);
    queue->peer_closed = peer_closed(info.tcpi_state);
    queue->dead = info.tcpi_state == STATE_CLOSE;
    queue->unread_bytes = before;
    queue->consumed_bytes = info.tcpi_bytes_received - before -
                            (queue->peer_closed && !queue->dead ? 1 : 0);
    queue->written_bytes = info.tcpi_bytes_sent - info.tcpi_bytes_retrans +
                           info.tcpi_notsent_bytes;
    return 0;
}
