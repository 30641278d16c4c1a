/* SPDX-License-Identifier: MIT */
/*
 * sink.h - the file of the log; writes do not wait for its reader.
 *
 * The file description of standard error is shared with other processes: a
 * shell, the programs of a pipeline.  So its flags must not be changed; a
 * terminal or a pipe is opened a second time instead.
 */
#ifndef SUPERVISOR_LOG_SINK_H
#define SUPERVISOR_LOG_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum sink_kind {
    SINK_FILE,     /* regular file */
    SINK_NONBLOCK, /* has O_NONBLOCK */
    SINK_SOCKET,   /* MSG_DONTWAIT in each call */
    SINK_POLL      /* may block: poll(2) before each write */
};

struct sink {
    int fd;
    bool owned; /* sink_close() closes fd */
    enum sink_kind kind;
};

/* Opens `path` for appending, or standard error if NULL.  Returns 0; or -1 with
 * errno set. */
int sink_open(struct sink *sink, const char *path);

/*
 * Writes as many bytes as possible without waiting.  Returns their number; or
 * -1 with errno EAGAIN or an errno of write(2).
 *
 * May block on a terminal that cannot be opened again, neither through /proc
 * nor as /dev/tty: poll(2) reports room for one byte only.
 */
ssize_t sink_put(const struct sink *sink, const char *bytes, size_t count);

/* Waits at most `wait_ms` until a write is possible. */
void sink_await(const struct sink *sink, int wait_ms);

void sink_close(struct sink *sink);

#endif
