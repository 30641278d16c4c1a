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
    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];

        berth->outdated = worker_is_alive(berth->state);
        workers += berth->outdated;
    }
    supervisor->reloading = true;
    wording_reload(supervisor, workers);
}

/* Spares first, so that one that takes a slot meanwhile is new already, and the
 * slot changes hands once. */
static struct berth *find_outdated(struct supervisor *supervisor)
{
    struct berth *seated = NULL;

    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];

        if (berth->outdated && !berth->slot)
            return berth;
        if (berth->outdated && !seated)
            seated = berth;
    }
    return seated;
}

/* While the breaker is open nobody follows who leaves; and were it the canary,
 * its end would tell nothing, and none would follow ever. */
static bool may_renew(const struct supervisor *supervisor)
{
    return supervisor->intensity.breaker == BREAKER_CLOSED &&
           (!supervisor->renewed || berth_is_usable(supervisor->renewed));
}

void reload_continue(struct supervisor *supervisor)
{
    struct berth *outdated;

    if (!supervisor->reloading || supervisor->stage != STAGE_SERVING ||
        !may_renew(supervisor))
        return;
    outdated = find_outdated(supervisor);
    if (!outdated) {
        supervisor->reloading = false;
        supervisor->renewed = NULL;
        wording_reloaded(supervisor);
    } else if (berth_is_usable(outdated)) {
        /* Any other is waited for: it leaves already, or has yet to start. */
        outdated->outdated = false;
        supervisor->renewed = outdated;
        berth_happen(supervisor, outdated, EVENT_DRAIN);
    }
}
