/* response_memory.c - allowances, and what comes back. */
#include "supervisor/handoff/response_memory.h"
#include "supervisor/log/events.h"
#include "supervisor/policy/response_memory.h"
#include "supervisor/system/memory_limit.h"
#include <malloc.h>

/* Leftovers from here on are mappings of their own, so that their memory goes
 * back to the system when they are freed. */
#define MAPPED_BYTES (64 << 10)

_Static_assert(RESPONSE_MEMORY_ONE_BYTES == ARENA_RESPONSE_BYTES,
               "a budget has room for a whole response area");

void memory_plan(struct supervisor *supervisor)
{
    const struct options *options = supervisor->options;
    struct memory_limit limit = memory_limit_read();

    supervisor->response_memory =
        options->max_response_memory > 0
            ? options->max_response_memory
            : response_memory_default(limit.cgroup_bytes, limit.machine_bytes);
    supervisor->send_queue_bytes = response_memory_send_queue(
        supervisor->response_memory, limit.queues_count);
    mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
}

static bool by_request(const struct supervisor *supervisor)
{
    return supervisor->options->handoff == HANDOFF_REQUEST;
}

/* ---- Grants ---- */

static uint64_t free_bytes(const struct supervisor *supervisor)
{
    return response_memory_free(supervisor->response_memory,
                                supervisor->leftover_bytes,
                                supervisor->granted_bytes);
}

static void note(struct supervisor *supervisor, struct berth *berth,
                 uint64_t bytes)
{
    supervisor->granted_bytes += bytes;
    supervisor->granted_bytes -= berth->granted_bytes;
    berth->granted_bytes = bytes;
}

/* More goes to the worker only after it has been counted, and less is counted
 * only as far as the worker has not claimed it already. */
static void grant(struct supervisor *supervisor, struct berth *berth,
                  uint64_t bytes)
{
    bool less = bytes < berth->granted_bytes;
    uint64_t claimed;

    if (!less)
        note(supervisor, berth, bytes);
    atomic_store(&berth->arena.head->allowance_bytes, bytes);
    if (!less)
        return;
    claimed = arena_claimed(&berth->arena);
    note(supervisor, berth, claimed > bytes ? claimed : bytes);
}

static uint64_t all_claimed(const struct supervisor *supervisor)
{
    uint64_t claimed = 0;

    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        claimed += arena_claimed(&supervisor->berths[i].arena);
    return claimed;
}

/* Said once, until half of the memory is free again, and not for each response
 * at the limit. */
static void say_scarcity(struct supervisor *supervisor, uint64_t allowance)
{
    if (allowance < ARENA_RESPONSE_BYTES && !supervisor->scarcity_said) {
        supervisor->scarcity_said = true;
        wording_memory(supervisor,
                       supervisor->leftover_bytes + all_claimed(supervisor),
                       allowance);
    } else if (allowance >= ARENA_RESPONSE_BYTES &&
               supervisor->leftover_bytes <= supervisor->response_memory / 2) {
        supervisor->scarcity_said = false;
    }
}

void memory_grant(struct supervisor *supervisor, struct berth *berth,
                  const struct held *held)
{
    uint64_t left = held->left ? held->left->unsent_bytes : 0;
    uint64_t one;

    /* What is left of a response only moves from one process to the other. */
    if (left > ARENA_KEPT_BYTES) {
        grant(supervisor, berth, berth->granted_bytes + left);
        return;
    }
    one =
        response_memory_for_one(free_bytes(supervisor) + berth->granted_bytes);
    if (berth->granted_bytes < one)
        grant(supervisor, berth, one);
    if (by_request(supervisor))
        say_scarcity(supervisor, one);
}

void memory_take_back(struct supervisor *supervisor, struct berth *berth,
                      uint32_t area, uint64_t left)
{
    uint64_t granted = berth->granted_bytes;

    atomic_store(&berth->arena.head->allowance_bytes,
                 left < granted ? granted - left : 0);
    arena_release_unknown(&berth->arena, area);
    if (berth->in_hand == 0)
        arena_release_all(&berth->arena);
    grant(supervisor, berth,
          by_request(supervisor) || left >= granted ? 0 : granted - left);
}

/* ---- Shares ---- */

/* A spare gets one when it gets a connection. */
static bool takes_part(const struct berth *berth)
{
    return worker_is_alive(berth->state) &&
           (berth->slot || berth->in_hand > 0 || berth->granted_bytes > 0);
}

static uint64_t share_of(const struct supervisor *supervisor,
                         const struct berth *berth, uint64_t claimed)
{
    return response_memory_share(
        supervisor->response_memory, supervisor->leftover_bytes, claimed,
        supervisor->slot_count, arena_claimed(&berth->arena),
        berth->arena.area_count);
}

/* First what is too much, so that there is more for those who have too
 * little. */
static void share(struct supervisor *supervisor)
{
    uint64_t claimed = all_claimed(supervisor), min = UINT64_MAX;

    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];
        uint64_t due = share_of(supervisor, berth, claimed);

        if (takes_part(berth) && due < berth->granted_bytes)
            grant(supervisor, berth, due);
    }
    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];
        uint64_t due = share_of(supervisor, berth, claimed);
        uint64_t max = berth->granted_bytes + free_bytes(supervisor);

        if (!takes_part(berth))
            continue;
        if (due > berth->granted_bytes)
            grant(supervisor, berth, due < max ? due : max);
        if (berth->granted_bytes < min)
            min = berth->granted_bytes;
    }
    if (min < UINT64_MAX)
        say_scarcity(supervisor, min);
}

/* As long as there is enough, each has all that its arena holds, and nobody's
 * claims need be looked at. */
static void give_all(struct supervisor *supervisor, uint64_t each)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];

        if (worker_is_alive(berth->state) && berth->granted_bytes != each)
            grant(supervisor, berth, each);
    }
    say_scarcity(supervisor, each);
}

void memory_share_out(struct supervisor *supervisor)
{
    uint64_t each =
        (uint64_t)supervisor->brief->order.areas * ARENA_RESPONSE_BYTES;

    if (by_request(supervisor))
        return;
    if (response_memory_free(supervisor->response_memory,
                             supervisor->leftover_bytes,
                             0) >= each * supervisor->berth_count)
        give_all(supervisor, each);
    else
        share(supervisor);
}

/* ---- The end of a worker ---- */

/* The worker counted what it refused; a corrupt one may have counted anything,
 * but no more than it answered. */
static uint64_t refused(const struct berth *berth)
{
    uint64_t refused = atomic_load(&berth->arena.head->refused_for_memory);

    return refused < berth->responses ? refused : berth->responses;
}

void memory_reclaim(struct supervisor *supervisor, struct berth *berth)
{
    supervisor->totals.refused_for_memory += refused(berth);
    atomic_store(&berth->arena.head->refused_for_memory, 0);
    arena_reset(&berth->arena);
    grant(supervisor, berth, 0);
}
