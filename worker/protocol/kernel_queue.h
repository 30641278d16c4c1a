/* SPDX-License-Identifier: MIT */
/*
 * kernel_queue.h - reads how many bytes of a connection were consumed and
 * written.
 *
 * The kernel's counts survive the worker, so they show exactly how far a dead
 * worker came.
 *
 *   written  = tcpi_bytes_acked + SIOCOUTQ
 *   consumed = tcpi_bytes_received - SIOCINQ - 1 if the peer has sent a FIN
 *
 * (struct tcp_info of linux/tcp.h, since Linux 4.2; ioctls of tcp(7).)
 * tcpi_bytes_sent is not usable: it counts a segment twice that the local
 * queueing discipline dropped, and a successor would omit bytes of a response.
 * Our own FIN counts as one byte written, but nothing is written after it.
 */
#ifndef WORKER_PROTOCOL_KERNEL_QUEUE_H
#define WORKER_PROTOCOL_KERNEL_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

struct kernel_queue {
    uint64_t consumed_bytes; /* removed from the receive queue so far */
    uint64_t unread_bytes;   /* in the receive queue now */
    uint64_t written_bytes;  /* put into the send queue so far */
    bool peer_closed;        /* the peer has sent a FIN */
    bool dead;               /* reset or timed out */
};

/*
 * Reads the counts of the TCP connection `fd`.  They are exact if no other
 * process reads from or writes to the connection during the call.  Returns 0;
 * or -1 with errno set (EOPNOTSUPP if the socket is not TCP).
 */
int kernel_queue_read(int fd, struct kernel_queue *queue);

/* Returns the number of bytes in the receive queue of a socket of any kind; 0
 * if the kernel does not report it. */
uint64_t kernel_queue_unread(int fd);

/* Returns the number of bytes in the send queue that the peer has not
 * acknowledged; for a Unix socket, the memory that they occupy, which only
 * shows whether the peer reads.  0 if the kernel does not report it. */
uint64_t kernel_queue_unacked(int fd);

/* Returns whether nothing can be sent any more: the connection was reset or
 * timed out, or the peer of a Unix socket has closed it.  A peer that has shut
 * down only its sending side may still read. */
bool kernel_queue_is_dead(int fd);

/* Returns whether the receive queue is known to be empty.  Unlike
 * kernel_queue_unread() == 0, false if the kernel does not report it: check
 * this before closing an idle connection. */
bool kernel_queue_is_empty(int fd);

#endif
