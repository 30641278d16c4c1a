/*
 * journal.h - one line for each event, as text for people or JSON for programs.
 *
 * Owns what the log is written to and a buffer in front of it.  It never blocks
 * the supervisor: what a slow reader does not take, a terminal that is held, or
 * a full disk, stays buffered, and what does not fit any more is counted and
 * said later.
 *
 * A line is made of both forms at once; the one that is not asked for costs
 * nothing.  Whoever writes an event calls journal_event(), the fields, then
 * journal_end() with its text.
 */
#ifndef SUPERVISOR_LOG_JOURNAL_H
#define SUPERVISOR_LOG_JOURNAL_H

#include "supervisor/log/event_table.h"
#include "supervisor/log/sink.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum journal_format { JOURNAL_TEXT, JOURNAL_JSON };

/* Lines of JOURNAL_LIMITED events in one second, all together. */
#define JOURNAL_LIMIT 2000

/* What may wait for a slow reader. */
#define JOURNAL_BUFFER_BYTES (1U << 20)

struct journal {
    struct sink sink;
    enum journal_format format;
    char *buffer;
    size_t start, used;  /* buffer[start .. used) is still to be written */
    size_t line;         /* where the line that is being made starts */
    bool skipping;       /* that line is left out */
    uint64_t second;     /* the one that is counted now */
    uint32_t in_second;  /* limited lines written in it */
    uint64_t suppressed; /* lines left out and not yet said */
    bool overflowed;     /* some of them for want of room */
    bool closing;        /* what is written now are the last lines */
    int failed_errno;    /* of the last write that failed; 0: none since */
    int unsaid_errno;    /* of a failure that the next line tells; 0: none */
};

/*
 * Opens `path` for appending, or standard error if NULL.  Returns 0; or -1 with
 * errno set.
 */
int journal_open(struct journal *journal, const char *path,
                 enum journal_format format);

/* Writes what is left, as far as the reader takes it within a second.  Returns
 * 0; or the errno for which the last lines are not there (EAGAIN: the reader is
 * too slow). */
int journal_drain(struct journal *journal);

/* Closes it; what is left is lost. */
void journal_close(struct journal *journal);

enum journal_weight {
    JOURNAL_ALWAYS, /* written as long as the buffer has room */
    JOURNAL_LAST,   /* likewise; what was left out so far is said before it */
    JOURNAL_LIMITED /* left out, and counted, beyond JOURNAL_LIMIT a second */
};

/* Starts a line of `event`. */
void journal_event(struct journal *journal, enum log_event_id event,
                   enum journal_weight weight);

/* Fields, in JSON alone; `name` needs no escape.  A NULL text is null. */
void journal_number(struct journal *journal, const char *name, int64_t number);
void journal_ms(struct journal *journal, const char *name, uint64_t us);
void journal_text(struct journal *journal, const char *name, const char *text);
void journal_bytes(struct journal *journal, const char *name, const char *at,
                   size_t bytes);
void journal_truth(struct journal *journal, const char *name, bool truth);
void journal_null(struct journal *journal, const char *name);

/* Fields put between these two stand in an object of that name. */
void journal_open_object(struct journal *journal, const char *name);
void journal_close_object(struct journal *journal);

/* Ends the line.  The text is what JOURNAL_TEXT prints instead of fields. */
__attribute__((format(printf, 2, 3))) void journal_end(struct journal *journal,
                                                       const char *text, ...);

/* Writes what is buffered, as far as the reader takes it without waiting.
 * Returns whether something is left: then call again soon. */
bool journal_flush(struct journal *journal);

#endif
