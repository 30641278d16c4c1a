/* journal.c - a buffer that drains without waiting. */
#include "supervisor/log/journal.h"
#include "supervisor/log/journal_line.h"
#include "supervisor/system/memory.h"
#include <errno.h>
#include <poll.h>
#include <string.h>

/* A slow reader gets a second for the last lines. */
#define CLOSE_LOOKS   50
#define CLOSE_LOOK_MS 20

int journal_open(struct journal *journal, const char *path,
                 enum journal_format format)
{
    *journal = (struct journal){ .sink.fd = -1, .format = format };
    if (sink_open(&journal->sink, path) < 0)
        return -1;
    journal->buffer = memory_private(1, JOURNAL_BUFFER_BYTES);
    if (journal->buffer)
        return 0;
    sink_close(&journal->sink);
    return -1;
}

/* Room that is shown may be too little for a line; then time must pass. */
static bool look_again(struct journal *journal)
{
    size_t waiting = journal->used - journal->start;
    bool left;

    sink_await(&journal->sink, CLOSE_LOOK_MS);
    left = journal_flush(journal);
    if (journal->used - journal->start == waiting)
        poll(NULL, 0, CLOSE_LOOK_MS);
    return left;
}

int journal_drain(struct journal *journal)
{
    bool left;

    journal->closing = true;
    left = journal_flush(journal);
    for (int i = 0; i < CLOSE_LOOKS && left; i++)
        left = look_again(journal);
    if (journal->failed_errno)
        return journal->failed_errno;
    return left ? EAGAIN : 0;
}

void journal_close(struct journal *journal)
{
    sink_close(&journal->sink);
    memory_free(journal->buffer);
    *journal = (struct journal){ .sink.fd = -1 };
}

/* ---- Writing ---- */

/* A full disk, or a reader that left: what waits goes on waiting, as for a slow
 * reader, and what finds no room any more is counted. */
static void fail(struct journal *journal, int error)
{
    if (journal->failed_errno == 0)
        journal->unsaid_errno = error;
    journal->failed_errno = error;
}

/* Once what waits has moved far enough, it moves to the front. */
static void compact(struct journal *journal)
{
    if (journal->start < JOURNAL_BUFFER_BYTES / 2 &&
        journal->start < journal->used)
        return;
    memmove(journal->buffer, journal->buffer + journal->start,
            journal->used - journal->start);
    journal->used -= journal->start;
    journal->start = 0;
}

bool journal_flush(struct journal *journal)
{
    while (journal->start < journal->used) {
        ssize_t put = sink_put(&journal->sink, journal->buffer + journal->start,
                               journal->used - journal->start);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && errno == EAGAIN)
            break;
        if (put < 0) {
            fail(journal, errno);
            break;
        }
        journal->failed_errno = 0;
        journal->start += (size_t)put;
    }
    compact(journal);
    if (journal->used == 0 && !journal->closing)
        journal_say_gap(journal);
    return journal->start < journal->used;
}
