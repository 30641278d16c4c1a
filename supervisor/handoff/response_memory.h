/* SPDX-License-Identifier: MIT */
/*
 * response_memory.h - keeps the responses that clients have not read yet within
 * --max-response-memory (the budget).
 *
 * Each worker is granted a part of the budget, which is written into its arena
 * as an allowance.  A worker that is not corrupt claims no more
 * (worker/serve/internal.h), so that saved responses and grants together never
 * exceed the budget.  In request handoff a worker is granted what the
 * response to one request may need, as far as that is free; otherwise all
 * workers share what is free.
 *
 * The supervisor keeps the counts, and claims are stored for each area: a
 * worker that is killed at any instruction leaves no count wrong.  A corrupt
 * worker can occupy at most its arena, whose size is fixed.
 */
#ifndef SUPERVISOR_HANDOFF_RESPONSE_MEMORY_H
#define SUPERVISOR_HANDOFF_RESPONSE_MEMORY_H

#include "supervisor/connections/held_connection.h"
#include "supervisor/supervisor.h"

struct response_memory {
    uint64_t budget_bytes;  /* --max-response-memory, or its default */
    uint64_t granted_bytes; /* of the budget, to all children */
    bool scarcity_logged;   /* that large responses are refused */
};

/* Sets the budget, and send_queue_bytes.  Call before the port is opened and
 * before the options of the workers are computed. */
void memory_plan(struct supervisor *supervisor);

/* Call before a connection is handed to `child`: grants the worker what the
 * connection needs, or less if less is free. */
void memory_grant(struct supervisor *supervisor, struct child *child,
                  const struct held_connection *held);

/* Call when that connection came back, or when its handoff failed: releases
 * `area` of the arena (ARENA_NO_AREA: none).  `saved_bytes` bytes of the grant
 * are now counted as a saved response. */
void memory_take_back(struct supervisor *supervisor, struct child *child,
                      uint32_t area, uint64_t saved_bytes);

/* Call in each turn of the loop: divides what is free among the workers, except
 * in request handoff. */
void memory_share_out(struct supervisor *supervisor);

/* Call when the worker of `child` was reaped and its connections were
 * reclaimed: frees the memory of the whole arena. */
void memory_reclaim(struct supervisor *supervisor, struct child *child);

#endif
