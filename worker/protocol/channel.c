/* SPDX-License-Identifier: MIT */
/* channel.c - see channel.h. */
#include "worker/protocol/channel.h"
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A control message with one descriptor. */
union control {
    struct cmsghdr header; /* for the alignment */
    char space[CMSG_SPACE(sizeof(int))];
};

int channel_open(int ends[2])
{
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

int channel_send(int end, const struct channel_message *message, int fd)
{
    struct channel_message copy = *message;
    struct iovec packet = { .iov_base = &copy, .iov_len = sizeof(copy) };
    union control control;
    struct msghdr header = { .msg_iov = &packet, .msg_iovlen = 1 };
    ssize_t sent;

    if (fd >= 0) {
        memset(&control, 0, sizeof(control));
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
        header.msg_control = &control;
        header.msg_controllen = sizeof(control.space);
    }
    do
        sent = sendmsg(end, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -1 : 0;
}

/* Returns the descriptor of a message, or -1. */
static int descriptor_of(struct msghdr *header)
{
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    int fd = -1;

    if (control && control->cmsg_level == SOL_SOCKET &&
        control->cmsg_type == SCM_RIGHTS)
        memcpy(&fd, CMSG_DATA(control), sizeof(fd));
    return fd;
}

static bool brings_descriptor(const struct channel_message *message)
{
    return message->kind == CHANNEL_SERVE || message->kind == CHANNEL_LISTEN;
}

static bool has_valid_fields(const struct channel_message *message)
{
    switch (message->kind) {
    case CHANNEL_SERVE:
        return message->serve.return_after_one <= 1;
    case CHANNEL_RETURN:
        return message->returned.record_invalid <= 1;
    case CHANNEL_LISTEN:
        return message->listen.is_exclusive <= 1 && message->listen.is_tcp <= 1;
    default:
        return message->kind > 0 && message->kind < CHANNEL_KINDS;
    }
}

static bool is_valid(const struct channel_message *message, size_t bytes,
                     int flags, int fd)
{
    return bytes == sizeof(*message) && !(flags & (MSG_TRUNC | MSG_CTRUNC)) &&
           has_valid_fields(message) && brings_descriptor(message) == (fd >= 0);
}

static int receive(int end, struct channel_message *message, int *fd, int flags)
{
    struct iovec packet = { .iov_base = message, .iov_len = sizeof(*message) };
    union control control;
    /* CMSG_LEN, not CMSG_SPACE: the kernel could put a second descriptor into
     * the padding of CMSG_SPACE, and it would leak. */
    struct msghdr header = { .msg_iov = &packet,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = CMSG_LEN(sizeof(int)) };
    ssize_t got;

    *fd = -1;
    do
        got = recvmsg(end, &header, flags | MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno == ECONNRESET ? 0 : -1;
    *fd = descriptor_of(&header);
    if (got == 0 && *fd < 0)
        return 0;
    if (is_valid(message, (size_t)got, header.msg_flags, *fd))
        return 1;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    errno = EPROTO;
    return -1;
}

int channel_receive(int end, struct channel_message *message, int *fd)
{
    return receive(end, message, fd, MSG_DONTWAIT);
}

int channel_await(int end, struct channel_message *message, int *fd)
{
    return receive(end, message, fd, 0);
}
