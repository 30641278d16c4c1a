/*
 * fields.h - the parts of a line that many events share, for events.c,
 * worker_events.c and obituary.c alone.
 */
#ifndef SUPERVISOR_LOG_FIELDS_H
#define SUPERVISOR_LOG_FIELDS_H

#include "supervisor/supervisor.h"

struct fields_text {
    char text[64];
};

/* Begins a line of the supervisor's journal, and returns that journal. */
struct journal *fields_open(struct supervisor *supervisor,
                            enum log_event_id event,
                            enum journal_weight weight);

/* "worker 3 pid 33095", "spare pid 33095". */
struct fields_text fields_worker(const struct child *child);

/* The same as fields: slot, generation, pid. */
void fields_add_worker(struct journal *journal, const struct child *child);

/* A request line, cut, for a line of text: a request line may hold any byte, a
 * line of text may not. */
struct fields_text phrase_request(const char *line, size_t bytes);

#endif
