/* SPDX-License-Identifier: MIT */
/*
 * journal.h - writes the log: one line per event, as text or JSON.
 *
 * Owns the sink and a buffer.  Never blocks: if the reader is slow, a terminal
 * is stopped or the disk is full, lines stay in the buffer.  Lines that do not
 * fit are counted; the event "suppressed" reports their number later.
 *
 * To write an event, call journal_event(), then the functions for its fields,
 * then journal_end() with the text of the line.  JSON lines get the fields,
 * text lines the text.
 */
#ifndef SUPERVISOR_LOG_JOURNAL_H
#define SUPERVISOR_LOG_JOURNAL_H

#include "supervisor/log/event_table.h"
#include "supervisor/log/sink.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum journal_format { JOURNAL_TEXT, JOURNAL_JSON };

/* Max. number of JOURNAL_LIMITED lines per second. */
#define JOURNAL_LIMIT 2000

#define JOURNAL_BUFFER_BYTES (1U << 20)

struct journal {
    struct sink sink;
    enum journal_format format;
    char *buffer;
    size_t start, used;  /* buffer[start .. used) is not written yet */
    size_t line;         /* start of the current line in `buffer` */
    bool skipping;       /* the current line is suppressed */
    uint64_t second;     /* wall time that `in_second` counts */
    uint32_t in_second;  /* JOURNAL_LIMITED lines */
    uint64_t suppressed; /* suppressed lines that are not reported yet */
    bool overflowed;     /* some of them because the buffer was full */
    bool closing;        /* journal_drain() was called */
    int failed_errno;    /* of the last write; 0 if it succeeded */
    int unlogged_errno;  /* of a failure that is not logged yet; or 0 */
};

/*
 * Opens `path` for appending, or standard error if NULL.  Returns 0; or -1 with
 * errno set.
 */
int journal_open(struct journal *journal, const char *path,
                 enum journal_format format);

/* Writes the rest of the buffer; waits at most about 2 seconds for the reader.
 * Returns 0; or the errno of the failure (EAGAIN: the reader is too slow). */
int journal_drain(struct journal *journal);

/* Closes the sink and discards the buffer. */
void journal_close(struct journal *journal);

enum journal_weight {
    JOURNAL_ALWAYS, /* written unless the buffer is full */
    JOURNAL_LAST,   /* the same, after the events suppressed and log-failed */
    JOURNAL_LIMITED /* suppressed beyond JOURNAL_LIMIT per second */
};

void journal_event(struct journal *journal, enum log_event_id event,
                   enum journal_weight weight);

/* Add a field to a JSON line.  `name` must not need escapes and must be a field
 * of the event in event_table.c.  A NULL text becomes null; journal_ms() takes
 * microseconds and writes milliseconds. */
void journal_number(struct journal *journal, const char *name, int64_t number);
void journal_ms(struct journal *journal, const char *name, uint64_t us);
void journal_text(struct journal *journal, const char *name, const char *text);
void journal_bytes(struct journal *journal, const char *name, const char *at,
                   size_t bytes);
void journal_truth(struct journal *journal, const char *name, bool truth);
void journal_null(struct journal *journal, const char *name);

/* Fields between these two calls become members of the object `name`. */
void journal_open_object(struct journal *journal, const char *name);
void journal_close_object(struct journal *journal);

/* Ends the line.  `text` is printed by JOURNAL_TEXT only. */
__attribute__((format(printf, 2, 3))) void journal_end(struct journal *journal,
                                                       const char *text, ...);

/* Writes as much of the buffer as is possible without waiting.  Returns true if
 * something is left: call it again soon. */
bool journal_flush(struct journal *journal);

#endif
