/* SPDX-License-Identifier: MIT */
/*
 * fields.h - parts that many events share.  Private to supervisor/log.
 */
#ifndef SUPERVISOR_LOG_FIELDS_H
#define SUPERVISOR_LOG_FIELDS_H

#include "supervisor/log/journal.h"
#include "supervisor/supervisor.h"

struct fields_text {
    char text[64];
};

/* Starts a line of the supervisor's journal; returns the journal. */
struct journal *fields_open(struct supervisor *supervisor,
                            enum log_event_id event,
                            enum journal_weight weight);

/* "worker 3 pid 33095", "spare pid 33095". */
struct fields_text fields_worker(const struct child *child);

/* Adds the fields slot, generation and pid. */
void fields_add_worker(struct journal *journal, const struct child *child);

/* Returns the start of a request line, for a line of text: bytes that are not
 * printable ASCII become "?". */
struct fields_text fields_request(const char *line, size_t bytes);

#endif
