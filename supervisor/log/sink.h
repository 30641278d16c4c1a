/*
 * sink.h - where the log's bytes go, without a wait for whoever reads them.
 *
 * What standard error is open as belongs to others, too: a shell, the programs
 * before and behind in a pipeline.  So its flags are left as they are, and a
 * terminal or a pipe is opened a second time, for us alone.
 */
#ifndef SUPERVISOR_LOG_SINK_H
#define SUPERVISOR_LOG_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum sink_kind {
    SINK_FILE,      /* regular: nobody reads it, so nobody is waited for */
    SINK_AT_ONCE,   /* says EAGAIN instead of waiting */
    SINK_SOCKET,    /* does so for each call that asks it to */
    SINK_LOOK_FIRST /* would wait: only what it has shown room for */
};

struct sink {
    int fd;
    bool owned; /* fd is ours to close */
    enum sink_kind kind;
};

/* Opens `path` for appending, or standard error if NULL.  Returns 0; or -1 with
 * errno set. */
int sink_open(struct sink *sink, const char *path);

/*
 * Writes so many of the bytes as it takes at once.  Returns how many; or -1
 * with errno EAGAIN, or what write(2) says.
 *
 * A terminal that can be opened by no way (neither through /proc nor as
 * /dev/tty) may make it wait all the same: room for one byte is all that it
 * shows.
 */
ssize_t sink_put(const struct sink *sink, const char *bytes, size_t count);

/* Waits until it may take more, `wait_ms` at most. */
void sink_await(const struct sink *sink, int wait_ms);

void sink_close(struct sink *sink);

#endif
