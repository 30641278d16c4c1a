/*
 * response_memory.h - keeps the responses that clients have not read yet within
 * --max-response-memory.
 *
 * Each worker is granted a part, which is written into its arena as an
 * allowance.  An honest worker claims no more (worker/serve/internal.h), so
 * that the leftovers and the grants never exceed the budget.  In request
 * handoff a worker is granted what is free for the one request that it is
 * handed; else all share what is free.
 *
 * The counts are the supervisor's own, and what a worker has claimed is stored
 * for each area: a worker that is killed at any instruction leaves no count
 * wrong.  A corrupt worker can occupy its arena, whose size is fixed, and no
 * more.
 */
#ifndef SUPERVISOR_HANDOFF_RESPONSE_MEMORY_H
#define SUPERVISOR_HANDOFF_RESPONSE_MEMORY_H

#include "supervisor/supervisor.h"

/* Sets the budget: before the port is opened and before workers are ordered. */
void memory_plan(struct supervisor *supervisor);

/* Before a connection is handed to `child`: grants the worker what the
 * connection needs, as far as that is free. */
void memory_grant(struct supervisor *supervisor, struct child *child,
                  const struct held_connection *held);

/* That connection has come back or was not handed over: releases `area` of the
 * arena (ARENA_NO_AREA: none), of which nothing more is needed.  `left` bytes
 * of what was granted are a leftover now. */
void memory_take_back(struct supervisor *supervisor, struct child *child,
                      uint32_t area, uint64_t left);

/* Each turn, but for request handoff: shares out what is free. */
void memory_share_out(struct supervisor *supervisor);

/* The worker of `child` is gone and nothing in its arena is needed: frees the
 * arena's memory, whoever wrote there. */
void memory_reclaim(struct supervisor *supervisor, struct child *child);

#endif
