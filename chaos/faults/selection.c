/* SPDX-License-Identifier: MIT */
/* selection.c - see selection.h. */
#include "chaos/faults/selection.h"
#include "worker/clock.h"
#include <err.h>
#include <stdlib.h>
#include <unistd.h>

static uint64_t ticks_since_boot(void)
{
    return clock_boot_us() * (uint64_t)sysconf(_SC_CLK_TCK) / 1000000;
}

static bool is_in_slot(const struct slots *slots, int64_t slot, pid_t pid)
{
    return slots && slots_pid(slots, slot) == pid;
}

bool selection_takes_turns(const struct monkey_fault *fault)
{
    return fault->schedule.timing == TIMING_ROLLING &&
           fault->choice != CHOOSE_ALL && fault->choice != CHOOSE_SLOT &&
           fault->choice != CHOOSE_ROOT;
}

static int next_in_turn(struct rolling *rolling, const struct victims *victims,
                        const struct slots *slots)
{
    struct rolling_candidate *candidates =
        calloc(victims->count + 1, sizeof(*candidates));
    int chosen;

    if (!candidates)
        err(1, "cannot choose among %u processes", victims->count);
    for (uint32_t i = 0; i < victims->count; i++) {
        const struct victim *victim = &victims->list[i];

        candidates[i] = (struct rolling_candidate){
            .pid = victim->pid,
            .started = victim->started_ticks,
            .slot = slots ? slots_slot(slots, victim->pid) : 0,
        };
    }
    chosen = rolling_give(rolling, candidates, victims->count);
    free(candidates);
    return chosen;
}

int selection_make(const struct monkey_fault *fault,
                   const struct planned_injection *plan,
                   const struct victims *victims, const struct slots *slots,
                   struct rolling *rolling)
{
    uint64_t starting_ticks =
        fault->starting_us * (uint64_t)sysconf(_SC_CLK_TCK) / 1000000;
    uint64_t now_ticks = ticks_since_boot();
    struct victim_traits *traits;
    int chosen;

    if (rolling)
        return next_in_turn(rolling, victims, slots);
    traits = calloc(victims->count + 1, sizeof(*traits));
    if (!traits)
        err(1, "cannot choose among %u processes", victims->count);
    for (uint32_t i = 0; i < victims->count; i++) {
        const struct victim *victim = &victims->list[i];

        traits[i] = (struct victim_traits){
            .started = victim->started_ticks,
            .busy = victim->busy_ticks,
            .starting = victim->started_ticks + starting_ticks >= now_ticks,
            .in_slot = is_in_slot(slots, (int64_t)fault->slot, victim->pid),
        };
    }
    chosen =
        injection_schedule_choose(fault->choice, plan, traits, victims->count);
    free(traits);
    return chosen;
}

int selection_again(const struct past_injection *past,
                    const struct victims *victims, const struct slots *slots)
{
    if (!past->met || victims->count == 0)
        return -1;
    for (uint32_t i = 0; i < victims->count; i++)
        if (is_in_slot(slots, past->slot, victims->list[i].pid))
            return (int)i;
    if (past->ordinal < victims->count)
        return (int)past->ordinal;
    return (int)(past->plan.draw % victims->count);
}
