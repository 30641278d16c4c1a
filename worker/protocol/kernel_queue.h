/*
 * kernel_queue.h - what the kernel knows about a connection.
 *
 * The kernel's queues are our write-ahead log: its counts survive the worker,
 * and say exactly how far a dead one came.
 *
 *   written  = tcpi_bytes_acked + SIOCOUTQ
 *   consumed = tcpi_bytes_received - a FIN, if one came - SIOCINQ
 *
 * (struct tcp_info of linux/tcp.h, since Linux 4.2; ioctls of tcp(7).)  Not
 * tcpi_bytes_sent: it counts a segment again that the local queueing discipline
 * dropped, and then a successor would leave bytes of a response out.  Our own
 * FIN counts one as written; but nothing is written after it.
 */
#ifndef WORKER_PROTOCOL_KERNEL_QUEUE_H
#define WORKER_PROTOCOL_KERNEL_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

struct kernel_queue {
    uint64_t consumed_bytes; /* taken out of the receive queue, ever */
    uint64_t unread_bytes;   /* standing in it */
    uint64_t written_bytes;  /* put into the send queue, ever */
    bool peer_closed;        /* a FIN came: nothing more will */
    bool dead;               /* reset, or timed out: nothing can be sent */
};

/*
 * Reads the counts of the TCP connection `fd`.  They are exact if nobody else
 * reads from or writes to it meanwhile.  Returns 0; or -1 with errno set
 * (EOPNOTSUPP for a socket that isn't TCP).
 */
int kernel_queue_read(int fd, struct kernel_queue *queue);

/* Bytes standing in the receive queue of any socket; 0 if it can't be told. */
uint64_t kernel_queue_unread(int fd);

/* Bytes in the send queue that the peer has not acknowledged; of a Unix socket,
 * the memory that they take, which only says whether the peer reads.  0 if it
 * can't be told. */
uint64_t kernel_queue_unacked(int fd);

/* Is it certain that nothing can be sent any more: was the connection reset, or
 * did it time out, or has the peer of a Unix socket closed it?  A peer that has
 * closed its own direction alone may still read. */
bool kernel_queue_is_dead(int fd);

/* Is it certain that none stand there?  Whoever closes a connection for want of
 * bytes asks this. */
bool kernel_queue_is_empty(int fd);

#endif
