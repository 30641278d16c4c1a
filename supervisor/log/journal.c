/* SPDX-License-Identifier: MIT */
/* journal.c - the journal's buffer; journal_line.c makes the lines. */
#include "supervisor/log/journal.h"
#include "supervisor/log/journal_line.h"
#include "supervisor/system/memory.h"
#include <errno.h>
#include <poll.h>
#include <string.h>

/* How often journal_drain() tries, and how long one wait takes. */
#define DRAIN_TRIES   50
#define DRAIN_WAIT_MS 20

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

/* poll(2) may report room that is too small for a piece of the buffer.  Without
 * the second wait the loop of journal_drain() would then end too early. */
static bool wait_and_flush(struct journal *journal)
{
    size_t waiting = journal->used - journal->start;
    bool unwritten;

    sink_await(&journal->sink, DRAIN_WAIT_MS);
    unwritten = journal_flush(journal);
    if (journal->used - journal->start == waiting)
        poll(NULL, 0, DRAIN_WAIT_MS);
    return unwritten;
}

int journal_drain(struct journal *journal)
{
    bool unwritten;

    journal->closing = true;
    unwritten = journal_flush(journal);
    for (int i = 0; i < DRAIN_TRIES && unwritten; i++)
        unwritten = wait_and_flush(journal);
    if (journal->failed_errno)
        return journal->failed_errno;
    return unwritten ? EAGAIN : 0;
}

void journal_close(struct journal *journal)
{
    sink_close(&journal->sink);
    memory_free(journal->buffer);
    *journal = (struct journal){ .sink.fd = -1 };
}

/* ---- Writing ---- */

/* After an error (full disk, closed pipe) lines stay buffered, as for a slow
 * reader. */
static void fail(struct journal *journal, int error)
{
    if (journal->failed_errno == 0)
        journal->unlogged_errno = error;
    journal->failed_errno = error;
}

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
        journal_report_gap(journal);
    return journal->start < journal->used;
}
