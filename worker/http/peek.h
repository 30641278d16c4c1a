/*
 * peek.h - the bytes of a request, while they stay queued in the kernel.
 *
 * Looking takes nothing out; discarding looks at nothing.  The buffer is one
 * for all connections of a worker: what it holds is good until the next look.
 */
#ifndef WORKER_HTTP_PEEK_H
#define WORKER_HTTP_PEEK_H

#include "worker/http/request.h"
#include <stddef.h>
#include <sys/types.h>

/* Room for the bytes of one request.  Most are short; the first longer one
 * makes it grow. */
struct peek_buffer {
    char *bytes; /* at first the caller's, then of malloc */
    size_t capacity;
    size_t max; /* peek_capacity() */
};

/* How many bytes a request within `limits` may have in the queue, and one. */
size_t peek_capacity(const struct request_limits *limits);

/* Copies what is queued in `fd`, from its first byte on.  Returns how much; 0
 * at the end of the stream; or -1 with errno set. */
ssize_t peek_bytes(struct peek_buffer *buffer, int fd);

/* Takes up to `bytes` bytes out of the queue of a TCP connection.  Returns like
 * peek_bytes(). */
ssize_t peek_discard(int fd, size_t bytes);

#endif
