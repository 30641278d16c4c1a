/* pool.c - berths and slots, and what is said to all of them. */
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
    supervisor->berths = memory_private(options->workers + options->spares,
                                        sizeof(*supervisor->berths));
    if (!supervisor->slots || !supervisor->loads || !supervisor->berths)
        return -1;
    for (uint32_t i = 0; i < options->workers; i++)
        memset(supervisor->slots[i].listeners, -1,
               sizeof(supervisor->slots[i].listeners));
    for (uint32_t i = 0; i < options->workers + options->spares; i++) {
        supervisor->berth_count = i + 1;
        if (berth_create(supervisor, &supervisor->berths[i], i) < 0)
            return -1;
    }
    for (uint32_t i = 0; i < options->workers; i++) {
        supervisor->slots[i].number = i + 1;
        supervisor->slots[i].berth = &supervisor->berths[i];
        supervisor->berths[i].slot = &supervisor->slots[i];
    }
    return spawn_reserve(&supervisor->spawn, supervisor->berth_count);
}

void pool_destroy(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        berth_destroy(&supervisor->berths[i]);
    spawn_release(&supervisor->spawn);
    memory_free(supervisor->berths);
    memory_free(supervisor->loads);
    memory_free(supervisor->slots);
}

/* ---- Slots ---- */

/* The spare takes the slot; what was in the slot's berth goes on as a spare. */
static void promote(struct supervisor *supervisor, struct slot *slot,
                    struct berth *spare)
{
    struct berth *vacated = slot->berth;

    vacated->slot = NULL;
    if (!vacated->was_online)
        vacated->seat_number = 0;
    slot->berth = spare;
    spare->slot = slot;
    berth_sit(spare);
    tell_worker(spare, CHANNEL_SEAT);
    wording_promote(supervisor, spare);
    slot_port_give(supervisor, spare);
}

/* A slot's first worker is on its way: no spare overtakes it. */
static bool is_opening(const struct slot *slot)
{
    enum worker_state state = slot->berth->state;

    return (state == WORKER_PENDING && slot->generation == 0) ||
           (state == WORKER_STARTING && slot->generation == 1);
}

static struct berth *find_spare(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];

        if (!berth->slot && berth_is_usable(berth))
            return berth;
    }
    return NULL;
}

void pool_fill_slots(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->slot_count; i++) {
        struct slot *slot = &supervisor->slots[i];
        struct berth *spare;

        if (berth_is_usable(slot->berth) || is_opening(slot))
            continue;
        spare = find_spare(supervisor);
        if (!spare)
            return;
        promote(supervisor, slot, spare);
    }
}

/* ---- All of them ---- */

void pool_start(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        berth_happen(supervisor, &supervisor->berths[i], EVENT_WANTED);
    watchdog_start(supervisor);
}

void pool_announce_last(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        if (berth_is_usable(&supervisor->berths[i]))
            tell_worker(&supervisor->berths[i], CHANNEL_LAST);
}

void pool_drain(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        berth_happen(supervisor, &supervisor->berths[i], EVENT_DRAIN);
}

void pool_kill(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        if (worker_is_alive(supervisor->berths[i].state))
            berth_kill(&supervisor->berths[i]);
}

bool pool_is_absent(const struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        if (supervisor->berths[i].state != WORKER_ABSENT)
            return false;
    return true;
}
