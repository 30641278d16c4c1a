/* SPDX-License-Identifier: MIT */
/*
 * event_table.h - every event of the log: name, meaning, fields.
 *
 * Pure.  The journal takes events as enum log_event_id, so it cannot write an
 * event that this table does not list.  Every JSON line also has "time" and
 * "event".
 */
#ifndef SUPERVISOR_LOG_EVENT_TABLE_H
#define SUPERVISOR_LOG_EVENT_TABLE_H

#include <stddef.h>

/* In the order in which --list-events prints them. */
enum log_event_id {
    LOG_EVENT_LISTENING,
    LOG_EVENT_CONNECTION_LIMIT,
    LOG_EVENT_ACCEPT_PAUSED,
    LOG_EVENT_RESPONSE_MEMORY,
    LOG_EVENT_WATCH_FAILED,
    LOG_EVENT_FORK,
    LOG_EVENT_FORK_FAILED,
    LOG_EVENT_ONLINE,
    LOG_EVENT_PROMOTE,
    LOG_EVENT_DISCONNECT,
    LOG_EVENT_EXIT,
    LOG_EVENT_HANG,
    LOG_EVENT_EXIT_OVERDUE,
    LOG_EVENT_PROTOCOL,
    LOG_EVENT_FLOOD,
    LOG_EVENT_NO_LISTENER,
    LOG_EVENT_CHANNEL_FULL,
    LOG_EVENT_HANDOFF_FAILED,
    LOG_EVENT_KILL_FAILED,
    LOG_EVENT_BAD_TRANSITION,
    LOG_EVENT_RESUME_REQUEST,
    LOG_EVENT_REFUSE,
    LOG_EVENT_QUARANTINE,
    LOG_EVENT_UNCLEAR,
    LOG_EVENT_RECORD_INVALID,
    LOG_EVENT_CRASH_LOOP,
    LOG_EVENT_RESUME,
    LOG_EVENT_FAILURE,
    LOG_EVENT_RELOAD,
    LOG_EVENT_RELOADED,
    LOG_EVENT_SIGNAL,
    LOG_EVENT_SHUTDOWN,
    LOG_EVENT_STAGE,
    LOG_EVENT_BAD_STAGE,
    LOG_EVENT_TOTALS,
    LOG_EVENT_SUPPRESSED,
    LOG_EVENT_LOG_FAILED,
    LOG_EVENT_COUNT
};

#define EVENT_FIELDS_MAX 24

enum event_field_presence {
    FIELD_ALWAYS,
    FIELD_SOMETIMES /* `meaning` states when */
};

struct event_field {
    const char *name; /* NULL ends the list; "object.member" if nested */
    const char *meaning;
    enum event_field_presence presence;
};

struct event_row {
    const char *name;
    const char *meaning;
    struct event_field fields[EVENT_FIELDS_MAX];
};

extern const struct event_row event_table[LOG_EVENT_COUNT];

/* Returns the row of the event `name`, or NULL if there is none. */
const struct event_row *event_table_find(const char *name);

/* Returns the field `name` of an event, or NULL if it has none. */
const struct event_field *event_table_field(const struct event_row *row,
                                            const char *name);

/* Writes the whole table as Markdown, NUL-terminated and cut to `size`.
 * Returns the length of the whole text, like snprintf(3). */
size_t event_table_markdown(char *text, size_t size);

#endif
