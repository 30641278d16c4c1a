/* reload.c - see reload.h. */
#include "supervisor/lifecycle/reload.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/child.h"

void reload_begin(struct supervisor *supervisor)
{
    uint32_t workers = 0;

    if (supervisor->stage != STAGE_SERVING)
        return;
    /* Its successor has gone for good: what stays waits for it no more. */
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

/* Spares first, so that one that takes a slot meanwhile is new already, and the
 * slot changes hands once. */
static struct child *find_stale(struct supervisor *supervisor)
{
    struct child *seated = NULL;

    for (uint32_t i = 0; i < supervisor->child_count; i++) {
        struct child *child = &supervisor->children[i];

        if (child->stale && !child->slot)
            return child;
        if (child->stale && !seated)
            seated = child;
    }
    return seated;
}

/* While the breaker is open nobody follows who leaves; and were it the canary,
 * its end would tell nothing, and none would follow ever. */
static bool may_renew(const struct supervisor *supervisor)
{
    return supervisor->intensity.breaker == BREAKER_CLOSED &&
           (!supervisor->renewed || child_is_usable(supervisor->renewed));
}

void reload_continue(struct supervisor *supervisor)
{
    struct child *outdated;

    if (!supervisor->reloading || supervisor->stage != STAGE_SERVING ||
        !may_renew(supervisor))
        return;
    outdated = find_stale(supervisor);
    if (!outdated) {
        supervisor->reloading = false;
        supervisor->renewed = NULL;
        event_reloaded(supervisor);
    } else if (child_is_usable(outdated)) {
        /* Any other is waited for: it leaves already, or has yet to start. */
        outdated->stale = false;
        supervisor->renewed = outdated;
        child_handle_event(supervisor, outdated, EVENT_DRAIN);
    }
}
