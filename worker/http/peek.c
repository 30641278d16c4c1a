/* SPDX-License-Identifier: MIT */
/* peek.c - see peek.h. */
#include "worker/http/peek.h"
#include <stdlib.h>
#include <sys/socket.h>

size_t peek_capacity(const struct request_limits *limits)
{
    return limits->header_bytes + REQUEST_END_BYTES + 2 * limits->body_bytes +
           1;
}

ssize_t peek_bytes(struct peek_buffer *buffer, int fd)
{
    ssize_t bytes =
        recv(fd, buffer->bytes, buffer->capacity, MSG_PEEK | MSG_DONTWAIT);
    char *larger;

    if (bytes < (ssize_t)buffer->capacity || buffer->capacity == buffer->max)
        return bytes;
    larger = malloc(buffer->max);
    if (!larger)
        return -1;
    buffer->bytes = larger;
    buffer->capacity = buffer->max;
    return recv(fd, buffer->bytes, buffer->capacity, MSG_PEEK | MSG_DONTWAIT);
}

/* MSG_TRUNC discards without copying (tcp(7)). */
ssize_t peek_discard(int fd, size_t bytes)
{
    return recv(fd, NULL, bytes, MSG_TRUNC | MSG_DONTWAIT);
}
