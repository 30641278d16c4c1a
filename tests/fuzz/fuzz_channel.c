/* SPDX-License-Identifier: MIT */
/*
 * fuzz_channel.c - fuzzes channel_receive() with packets and descriptors: each
 * is a valid message or refused, and no descriptor leaks.
 */
#include "worker/protocol/channel.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DESCRIPTORS_MAX 4

static void send_raw(int end, const uint8_t *data, size_t size, int descriptors)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
    } control = { .space = "" };
    int fds[DESCRIPTORS_MAX] = { 0, 0, 0, 0 };
    char copy[256];
    struct iovec packet = { .iov_base = copy, .iov_len = size };
    struct msghdr header = { .msg_iov = &packet, .msg_iovlen = 1 };
    size_t bytes = (size_t)descriptors * sizeof(int);

    memcpy(copy, data, size);
    if (descriptors > 0) {
        control.header.cmsg_len = CMSG_LEN(bytes);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        memcpy(CMSG_DATA(&control.header), fds, bytes);
        header.msg_control = &control;
        header.msg_controllen = CMSG_SPACE(bytes);
    }
    assert(sendmsg(end, &header, MSG_NOSIGNAL) == (ssize_t)size);
}

/* Returns the lowest free descriptor, which changes if a descriptor leaks. */
static int lowest_free(void)
{
    int fd = fcntl(0, F_DUPFD, 3);

    assert(fd >= 3);
    close(fd);
    return fd;
}

static void expect_valid(const struct channel_message *message, size_t bytes)
{
    assert(bytes == sizeof(*message));
    assert(message->kind > 0 && message->kind < CHANNEL_KINDS);
    if (message->kind == CHANNEL_SERVE)
        assert(message->serve.return_after_one <= 1);
    if (message->kind == CHANNEL_RETURN)
        assert(message->returned.record_invalid <= 1);
    if (message->kind == CHANNEL_LISTEN)
        assert((message->listen.is_exclusive | message->listen.is_tcp) <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int ends[2] = { -1, -1 };
    struct channel_message message;
    int descriptors, before, fd, got;

    if (size < 1 || size > 200)
        return 0;
    if (ends[0] < 0)
        assert(channel_open(ends) == 0);
    descriptors = data[0] % (DESCRIPTORS_MAX + 1);
    before = lowest_free();
    if (size == 1 && descriptors == 0)
        return 0; /* an empty packet looks like the end of the stream */
    send_raw(ends[1], data + 1, size - 1, descriptors);
    got = channel_receive(ends[0], &message, &fd);
    assert(got == 1 || got == 0 || (got < 0 && errno == EPROTO));
    assert((fd >= 0) == (got == 1 && (message.kind == CHANNEL_SERVE ||
                                      message.kind == CHANNEL_LISTEN)));
    if (got == 1)
        expect_valid(&message, size - 1);
    if (fd >= 0)
        close(fd);
    assert(lowest_free() == before);
    return 0;
}
