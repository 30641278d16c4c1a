/* peek.c - one buffer, which grows once. */
#include "worker/http/peek.h"
#include <stdlib.h>
#include <sys/socket.h>

size_t peek_room(const struct request_limits *limits)
{
    return limits->header_bytes + REQUEST_END_BYTES + 2 * limits->body_bytes +
           1;
}

ssize_t peek_bytes(struct peek_buffer *buffer, int fd)
{
    ssize_t bytes =
        recv(fd, buffer->bytes, buffer->room, MSG_PEEK | MSG_DONTWAIT);
    char *larger;

    if (bytes < (ssize_t)buffer->room || buffer->room == buffer->most)
        return bytes;
    larger = malloc(buffer->most);
    if (!larger)
        return -1;
    buffer->bytes = larger;
    buffer->room = buffer->most;
    return recv(fd, buffer->bytes, buffer->room, MSG_PEEK | MSG_DONTWAIT);
}

/* MSG_TRUNC discards without copying (tcp(7)). */
ssize_t peek_discard(int fd, size_t bytes)
{
    return recv(fd, NULL, bytes, MSG_TRUNC | MSG_DONTWAIT);
}
