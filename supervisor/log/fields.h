/*
 * fields.h - the parts of a line that many events share, for events.c,
 * worker_events.c and obituary.c alone.
 */
#ifndef SUPERVISOR_LOG_FIELDS_H
#define SUPERVISOR_LOG_FIELDS_H

#include "supervisor/supervisor.h"

struct phrase {
    char text[64];
};

/* Begins a line of the supervisor's journal, and returns that journal. */
struct journal *phrase_open(struct supervisor *supervisor, const char *event,
                            enum journal_weight weight);

/* "worker 3 pid 33095", "spare pid 33095". */
struct phrase phrase_worker(const struct berth *berth);

/* The same as fields: slot, generation, pid. */
void phrase_add_worker(struct journal *journal, const struct berth *berth);

/* A request line, cut, for a line of text: a request line may hold any byte, a
 * line of text may not. */
struct phrase phrase_request(const char *line, size_t bytes);

#endif
