/* SPDX-License-Identifier: MIT */
/* pool.c - see pool.h. */
#include "supervisor/pool/pool.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/child.h"
#include "supervisor/pool/outbox.h"
#include "supervisor/pool/watchdog.h"
#include "supervisor/pool/worker_listeners.h"
#include "supervisor/system/memory.h"
#include <string.h>

int pool_create(struct supervisor *supervisor)
{
    const struct options *options = supervisor->options;

    supervisor->slot_count = options->workers;
    supervisor->slots =
        memory_private(options->workers, sizeof(*supervisor->slots));
    supervisor->loads =
        memory_private(options->workers, sizeof(*supervisor->loads));
    supervisor->children = memory_private(options->workers + options->spares,
                                          sizeof(*supervisor->children));
    if (!supervisor->slots || !supervisor->loads || !supervisor->children)
        return -1;
    for (uint32_t i = 0; i < options->workers; i++)
        memset(supervisor->slots[i].listeners, -1,
               sizeof(supervisor->slots[i].listeners));
    for (uint32_t i = 0; i < options->workers + options->spares; i++) {
        supervisor->child_count = i + 1;
        if (child_create(supervisor, &supervisor->children[i], i) < 0)
            return -1;
    }
    for (uint32_t i = 0; i < options->workers; i++) {
        supervisor->slots[i].number = i + 1;
        supervisor->slots[i].child = &supervisor->children[i];
        supervisor->children[i].slot = &supervisor->slots[i];
    }
    return spawn_reserve(&supervisor->spawn, supervisor->child_count);
}

void pool_destroy(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->child_count; i++)
        child_destroy(&supervisor->children[i]);
    spawn_release(&supervisor->spawn);
    memory_free(supervisor->children);
    memory_free(supervisor->loads);
    memory_free(supervisor->slots);
}

/* ---- Slots ---- */

/* Gives the slot to the spare; its old child becomes a spare. */
static void promote(struct supervisor *supervisor, struct slot *slot,
                    struct child *spare)
{
    struct child *old = slot->child;

    old->slot = NULL;
    if (!old->was_online && old->state != WORKER_KILLING)
        old->slot_number = 0;
    slot->child = spare;
    spare->slot = slot;
    child_take_slot(spare);
    outbox_send(spare, CHANNEL_SLOT);
    event_promote(supervisor, spare);
    worker_listeners_give(supervisor, spare);
}

/* Is the first worker of the slot about to start?  No spare takes its slot. */
static bool awaits_first_worker(const struct slot *slot)
{
    enum worker_state state = slot->child->state;

    return (state == WORKER_PENDING && slot->generation == 0) ||
           (state == WORKER_STARTING && slot->generation == 1);
}

static struct child *find_spare(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->child_count; i++) {
        struct child *child = &supervisor->children[i];

        if (!child->slot && child_is_usable(child))
            return child;
    }
    return NULL;
}

void pool_fill_slots(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->slot_count; i++) {
        struct slot *slot = &supervisor->slots[i];
        struct child *spare;

        if (child_is_usable(slot->child) || awaits_first_worker(slot))
            continue;
        spare = find_spare(supervisor);
        if (!spare)
            return;
        promote(supervisor, slot, spare);
    }
}

/* ---- All workers ---- */

void pool_start(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->child_count; i++)
        child_handle_event(supervisor, &supervisor->children[i], EVENT_WANTED);
    watchdog_start(supervisor);
}

void pool_announce_last(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->child_count; i++)
        if (child_is_usable(&supervisor->children[i]))
            outbox_send(&supervisor->children[i], CHANNEL_LAST);
}

void pool_drain(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->child_count; i++)
        child_handle_event(supervisor, &supervisor->children[i], EVENT_DRAIN);
}

void pool_kill(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->child_count; i++)
        if (worker_is_alive(supervisor->children[i].state))
            child_handle_event(supervisor, &supervisor->children[i],
                               EVENT_KILL);
}

bool pool_is_absent(const struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->child_count; i++)
        if (supervisor->children[i].state != WORKER_ABSENT)
            return false;
    return true;
}
