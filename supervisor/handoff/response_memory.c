/* SPDX-License-Identifier: MIT */
/* response_memory.c - see response_memory.h. */
#include "supervisor/handoff/response_memory.h"
#include "supervisor/connections/connections.h"
#include "supervisor/log/events.h"
#include "supervisor/policy/response_memory.h"
#include "supervisor/system/memory_limit.h"
#include <malloc.h>

/* Allocations of this size or more are separate mappings (mallopt(3)), so that
 * the memory of saved responses returns to the system when they are freed. */
#define MAPPED_BYTES (64 << 10)

_Static_assert(RESPONSE_MEMORY_ONE_BYTES == ARENA_RESPONSE_BYTES,
               "a budget must have room for a whole response area");

void memory_plan(struct supervisor *supervisor)
{
    const struct options *options = supervisor->options;
    struct memory_limit limit = memory_limit_read();
    struct response_memory *memory = supervisor->response_memory;

    memory->budget_bytes =
        options->max_response_memory > 0
            ? options->max_response_memory
            : response_memory_default(limit.cgroup_bytes, limit.machine_bytes);
    supervisor->send_queue_bytes =
        response_memory_send_queue(memory->budget_bytes, limit.queues_count);
    mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
}

static bool by_request(const struct supervisor *supervisor)
{
    return supervisor->options->handoff == HANDOFF_REQUEST;
}

/* ---- Grants ---- */

static uint64_t free_bytes(const struct supervisor *supervisor)
{
    return response_memory_free(supervisor->response_memory->budget_bytes,
                                supervisor->connections->saved_bytes,
                                supervisor->response_memory->granted_bytes);
}

static void count_grant(struct supervisor *supervisor, struct child *child,
                        uint64_t bytes)
{
    struct response_memory *memory = supervisor->response_memory;

    memory->granted_bytes += bytes;
    memory->granted_bytes -= child->granted_bytes;
    child->granted_bytes = bytes;
}

/* Order matters.  A larger grant is counted before the worker may use it.  A
 * smaller one is counted after the allowance was lowered, and at not less than
 * what the worker has already claimed. */
static void grant(struct supervisor *supervisor, struct child *child,
                  uint64_t bytes)
{
    bool less = bytes < child->granted_bytes;
    uint64_t claimed;

    if (!less)
        count_grant(supervisor, child, bytes);
    atomic_store(&child->arena.head->allowance_bytes, bytes);
    if (!less)
        return;
    claimed = arena_claimed(&child->arena);
    count_grant(supervisor, child, claimed > bytes ? claimed : bytes);
}

static uint64_t all_claimed(const struct supervisor *supervisor)
{
    uint64_t claimed = 0;

    for (uint32_t i = 0; i < supervisor->child_count; i++)
        claimed += arena_claimed(&supervisor->children[i].arena);
    return claimed;
}

/* Logged once, and again only after half of the budget was free. */
static void log_scarcity(struct supervisor *supervisor, uint64_t allowance)
{
    struct response_memory *memory = supervisor->response_memory;
    uint64_t saved_bytes = supervisor->connections->saved_bytes;

    if (allowance < ARENA_RESPONSE_BYTES && !memory->scarcity_logged) {
        memory->scarcity_logged = true;
        event_memory(supervisor, memory->budget_bytes,
                     saved_bytes + all_claimed(supervisor), allowance);
    } else if (allowance >= ARENA_RESPONSE_BYTES &&
               saved_bytes <= memory->budget_bytes / 2) {
        memory->scarcity_logged = false;
    }
}

void memory_grant(struct supervisor *supervisor, struct child *child,
                  const struct held_connection *held)
{
    uint64_t saved_bytes =
        held->saved_request ? held->saved_request->unsent_bytes : 0;
    uint64_t one;

    /* The memory of a saved response only moves to the worker. */
    if (saved_bytes > ARENA_KEPT_BYTES) {
        grant(supervisor, child, child->granted_bytes + saved_bytes);
        return;
    }
    one =
        response_memory_for_one(free_bytes(supervisor) + child->granted_bytes);
    if (child->granted_bytes < one)
        grant(supervisor, child, one);
    if (by_request(supervisor))
        log_scarcity(supervisor, one);
}

void memory_take_back(struct supervisor *supervisor, struct child *child,
                      uint32_t area, uint64_t saved_bytes)
{
    uint64_t granted = child->granted_bytes;

    atomic_store(&child->arena.head->allowance_bytes,
                 saved_bytes < granted ? granted - saved_bytes : 0);
    arena_release_unknown(&child->arena, area);
    if (child->connection_count == 0)
        arena_release_all(&child->arena);
    grant(supervisor, child,
          by_request(supervisor) || saved_bytes >= granted
              ? 0
              : granted - saved_bytes);
}

/* ---- Shares ---- */

/* A spare gets a share only once it gets a connection. */
static bool takes_part(const struct child *child)
{
    return worker_is_alive(child->state) &&
           (child->slot || child->connection_count > 0 ||
            child->granted_bytes > 0);
}

static uint64_t share_of(const struct supervisor *supervisor,
                         const struct child *child, uint64_t claimed)
{
    return response_memory_share(
        supervisor->response_memory->budget_bytes,
        supervisor->connections->saved_bytes, claimed, supervisor->slot_count,
        arena_claimed(&child->arena), child->arena.area_count);
}

/* Shrinks grants first, so that more is free for those that grow. */
static void share(struct supervisor *supervisor)
{
    uint64_t claimed = all_claimed(supervisor), min = UINT64_MAX;

    for (uint32_t i = 0; i < supervisor->child_count; i++) {
        struct child *child = &supervisor->children[i];
        uint64_t wanted = share_of(supervisor, child, claimed);

        if (takes_part(child) && wanted < child->granted_bytes)
            grant(supervisor, child, wanted);
    }
    for (uint32_t i = 0; i < supervisor->child_count; i++) {
        struct child *child = &supervisor->children[i];
        uint64_t wanted = share_of(supervisor, child, claimed);
        uint64_t max = child->granted_bytes + free_bytes(supervisor);

        if (!takes_part(child))
            continue;
        if (wanted > child->granted_bytes)
            grant(supervisor, child, wanted < max ? wanted : max);
        if (child->granted_bytes < min)
            min = child->granted_bytes;
    }
    if (min < UINT64_MAX)
        log_scarcity(supervisor, min);
}

/* Fast path: there is enough for every arena in full, so no claims are read. */
static void give_all(struct supervisor *supervisor, uint64_t each)
{
    for (uint32_t i = 0; i < supervisor->child_count; i++) {
        struct child *child = &supervisor->children[i];

        if (worker_is_alive(child->state) && child->granted_bytes != each)
            grant(supervisor, child, each);
    }
    log_scarcity(supervisor, each);
}

void memory_share_out(struct supervisor *supervisor)
{
    uint64_t each = (uint64_t)supervisor->worker_config->options.areas *
                    ARENA_RESPONSE_BYTES;

    if (by_request(supervisor))
        return;
    if (response_memory_free(supervisor->response_memory->budget_bytes,
                             supervisor->connections->saved_bytes,
                             0) >= each * supervisor->child_count)
        give_all(supervisor, each);
    else
        share(supervisor);
}

/* ---- The end of a worker ---- */

/* The count of the worker, but at most its responses: the worker may be
 * corrupt. */
static uint64_t refused(const struct child *child)
{
    uint64_t refused = atomic_load(&child->arena.head->refused_for_memory);

    return refused < child->responses ? refused : child->responses;
}

void memory_reclaim(struct supervisor *supervisor, struct child *child)
{
    supervisor->totals.refused_for_memory += refused(child);
    atomic_store(&child->arena.head->refused_for_memory, 0);
    arena_reset(&child->arena);
    grant(supervisor, child, 0);
}
