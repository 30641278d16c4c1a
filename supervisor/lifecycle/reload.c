/* SPDX-License-Identifier: MIT */
/* reload.c - see reload.h. */
#include "supervisor/lifecycle/reload.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/child.h"

void reload_begin(struct supervisor *supervisor)
{
    uint32_t workers = 0;

    if (supervisor->stage != STAGE_SERVING)
        return;
    /* That child gets no successor: do not wait for one. */
    if (supervisor->renewed && supervisor->renewed->state == WORKER_ABSENT)
        supervisor->renewed = NULL;
    for (uint32_t i = 0; i < supervisor->child_count; i++) {
        struct child *child = &supervisor->children[i];

        child->stale = worker_is_alive(child->state);
        workers += child->stale;
    }
    supervisor->reloading = true;
    event_reload(supervisor, workers);
}

/* Spares first: a spare that takes a slot is then already new, and the slot
 * gets a new worker only once. */
static struct child *find_stale(struct supervisor *supervisor)
{
    struct child *with_slot = NULL;

    for (uint32_t i = 0; i < supervisor->child_count; i++) {
        struct child *child = &supervisor->children[i];

        if (child->stale && !child->slot)
            return child;
        if (child->stale && !with_slot)
            with_slot = child;
    }
    return with_slot;
}

/* Unless the breaker is closed, a drained worker might get no successor; and if
 * the canary were drained, the breaker would never get a result. */
static bool may_renew(const struct supervisor *supervisor)
{
    return supervisor->restarts.intensity.breaker == BREAKER_CLOSED &&
           (!supervisor->renewed || child_is_usable(supervisor->renewed));
}

void reload_continue(struct supervisor *supervisor)
{
    struct child *stale;

    if (!supervisor->reloading || supervisor->stage != STAGE_SERVING ||
        !may_renew(supervisor))
        return;
    stale = find_stale(supervisor);
    if (!stale) {
        supervisor->reloading = false;
        supervisor->renewed = NULL;
        event_reloaded(supervisor);
    } else if (child_is_usable(stale)) {
        /* Otherwise it is starting or exiting: wait. */
        stale->stale = false;
        supervisor->renewed = stale;
        child_handle_event(supervisor, stale, EVENT_DRAIN);
    }
}
