/* SPDX-License-Identifier: MIT */
/* journal_line.c - makes one line, as text or JSON. */
#include "supervisor/log/journal_line.h"
#include "worker/clock.h"
#include "worker/http/printable.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 0))) static void
add_list(struct journal *journal, const char *format, va_list arguments)
{
    size_t capacity = JOURNAL_BUFFER_BYTES - journal->used;
    int bytes;

    if (journal->skipping)
        return;
    bytes =
        vsnprintf(journal->buffer + journal->used, capacity, format, arguments);
    if (bytes < 0 || (size_t)bytes >= capacity) {
        journal->skipping = journal->overflowed = true;
        journal->used = journal->line;
        journal->suppressed++;
        return;
    }
    journal->used += (size_t)bytes;
}

__attribute__((format(printf, 2, 3))) static void add(struct journal *journal,
                                                      const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_list(journal, format, arguments);
    va_end(arguments);
}

static void start_line(struct journal *journal, enum log_event_id event,
                       uint64_t now_us)
{
    journal->line = journal->used;
    journal->skipping = false;
    if (journal->format == JOURNAL_JSON)
        add(journal, "{\"time\":%llu.%06llu,\"event\":\"%s\"",
            (unsigned long long)(now_us / 1000000),
            (unsigned long long)(now_us % 1000000), event_table[event].name);
}

static void report_suppressed(struct journal *journal, uint64_t now_us)
{
    uint64_t count = journal->suppressed;

    journal->overflowed = false;
    if (count == 0)
        return;
    journal->suppressed = 0;
    start_line(journal, LOG_EVENT_SUPPRESSED, now_us);
    journal_number(journal, "count", (int64_t)count);
    journal_end(journal, "%llu lines suppressed", (unsigned long long)count);
    /* If this line did not fit either, it must not be counted. */
    if (journal->overflowed)
        journal->suppressed = count;
}

static void report_failure(struct journal *journal, uint64_t now_us)
{
    const char *error = strerror(journal->unlogged_errno);

    if (journal->unlogged_errno == 0)
        return;
    journal->unlogged_errno = 0;
    start_line(journal, LOG_EVENT_LOG_FAILED, now_us);
    journal_text(journal, "error", error);
    journal_end(journal, "the log could not be written for a while: %s", error);
}

void journal_report_gap(struct journal *journal)
{
    uint64_t now_us = clock_wall_us();

    report_failure(journal, now_us);
    if (journal->overflowed)
        report_suppressed(journal, now_us);
}

void journal_event(struct journal *journal, enum log_event_id event,
                   enum journal_weight weight)
{
    uint64_t now_us = clock_wall_us();

    if (weight == JOURNAL_LAST)
        report_failure(journal, now_us);
    if (now_us / 1000000 != journal->second || weight == JOURNAL_LAST) {
        journal->second = now_us / 1000000;
        journal->in_second = 0;
        report_suppressed(journal, now_us);
    }
    start_line(journal, event, now_us);
    if (weight == JOURNAL_LIMITED && journal->in_second++ >= JOURNAL_LIMIT) {
        journal->used = journal->line;
        journal->skipping = true;
        journal->suppressed++;
    }
}

/* ---- Fields ---- */

static bool is_json(const struct journal *journal)
{
    return journal->format == JOURNAL_JSON && !journal->skipping;
}

void journal_number(struct journal *journal, const char *name, int64_t number)
{
    if (is_json(journal))
        add(journal, ",\"%s\":%lld", name, (long long)number);
}

void journal_ms(struct journal *journal, const char *name, uint64_t us)
{
    if (is_json(journal))
        add(journal, ",\"%s\":%llu.%03llu", name,
            (unsigned long long)(us / 1000), (unsigned long long)(us % 1000));
}

void journal_truth(struct journal *journal, const char *name, bool truth)
{
    if (is_json(journal))
        add(journal, ",\"%s\":%s", name, truth ? "true" : "false");
}

void journal_null(struct journal *journal, const char *name)
{
    if (is_json(journal))
        add(journal, ",\"%s\":null", name);
}

/* Escapes as in RFC 8259 section 7.  Bytes that are not ASCII are escaped as if
 * they were Latin-1: a request line may hold any byte, JSON may not. */
void journal_bytes(struct journal *journal, const char *name, const char *at,
                   size_t bytes)
{
    if (!is_json(journal))
        return;
    add(journal, ",\"%s\":\"", name);
    for (size_t i = 0; i < bytes; i++) {
        unsigned char byte = (unsigned char)at[i];

        if (byte < 0x20 || byte > 0x7e)
            add(journal, "\\u%04x", byte);
        else if (byte == '"' || byte == '\\')
            add(journal, "\\%c", byte);
        else
            add(journal, "%c", byte);
    }
    add(journal, "\"");
}

void journal_text(struct journal *journal, const char *name, const char *text)
{
    if (text)
        journal_bytes(journal, name, text, strlen(text));
    else
        journal_null(journal, name);
}

/* Each field starts with a comma; journal_close_object() removes the one after
 * the brace. */
void journal_open_object(struct journal *journal, const char *name)
{
    if (is_json(journal))
        add(journal, ",\"%s\":{", name);
}

void journal_close_object(struct journal *journal)
{
    char *brace;

    if (!is_json(journal))
        return;
    add(journal, "}");
    if (journal->skipping)
        return;
    brace = memrchr(journal->buffer + journal->line, '{',
                    journal->used - journal->line);
    if (brace[1] == ',') {
        memmove(brace + 1, brace + 2,
                (size_t)(journal->buffer + journal->used - brace - 2));
        journal->used--;
    }
}

void journal_end(struct journal *journal, const char *text, ...)
{
    if (journal->format == JOURNAL_JSON) {
        add(journal, "}\n");
    } else {
        va_list arguments;

        va_start(arguments, text);
        add_list(journal, text, arguments);
        va_end(arguments);
        /* Paths and request lines may hold control characters.  If the line
         * did not fit, its length is 0 here. */
        printable_line(journal->buffer + journal->line,
                       journal->used - journal->line);
        add(journal, "\n");
    }
    journal->skipping = false;
}
