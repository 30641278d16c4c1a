/* SPDX-License-Identifier: MIT */
/*
 * peek.h - reads a request without removing it from the receive queue.
 *
 * All connections of a worker share one buffer, which each peek overwrites.
 */
#ifndef WORKER_HTTP_PEEK_H
#define WORKER_HTTP_PEEK_H

#include "worker/http/request.h"
#include <stddef.h>
#include <sys/types.h>

/* Grows to `max` bytes when the first request that does not fit arrives. */
struct peek_buffer {
    char *bytes; /* at first the caller's, then from malloc(3) */
    size_t capacity;
    size_t max; /* peek_capacity() */
};

/* Returns the maximum length of a request within `limits`, with chunk framing,
 * plus 1. */
size_t peek_capacity(const struct request_limits *limits);

/* Copies the bytes in the receive queue of `fd` without waiting.  Returns how
 * many; 0 at the end of the stream; or -1 with errno set. */
ssize_t peek_bytes(struct peek_buffer *buffer, int fd);

/* Removes at most `bytes` bytes from the receive queue of the TCP connection
 * `fd`.  Returns like peek_bytes(). */
ssize_t peek_discard(int fd, size_t bytes);

#endif
