/* SPDX-License-Identifier: MIT */
/* selection.c - see selection.h. */
#include "chaos/faults/selection.h"
#include "worker/clock.h"
#include <unistd.h>

static uint64_t ticks_of(uint64_t us)
{
    return us * (uint64_t)sysconf(_SC_CLK_TCK) / 1000000;
}

bool selection_takes_turns(const struct fault *fault)
{
    return fault->timing == TIMING_ROLLING && fault->victim != CHOOSE_ALL &&
           fault->victim != CHOOSE_SLOT && fault->victim != CHOOSE_ROOT;
}

/* The victim with the highest rank is chosen. */
static uint64_t rank(const struct victim *victim, enum victim_choice choice)
{
    if (choice == CHOOSE_BUSIEST)
        return victim->busy_ticks;
    return choice == CHOOSE_NEWEST ? victim->started_ticks
                                   : UINT64_MAX - victim->started_ticks;
}

/* Returns the first of equals. */
static int highest(enum victim_choice choice, const struct victim *victims,
                   uint32_t count)
{
    uint32_t best = 0;

    for (uint32_t i = 1; i < count; i++)
        if (rank(&victims[i], choice) > rank(&victims[best], choice))
            best = i;
    return (int)best;
}

static bool fits(const struct fault *fault, const struct victim *victim)
{
    if (fault->victim == CHOOSE_SLOT)
        return victim->slot == (int64_t)fault->slot;
    return fault->victim != CHOOSE_STARTING || victim->is_starting;
}

static int drawn(const struct fault *fault, uint64_t draw,
                 const struct victim *victims, uint32_t count)
{
    uint64_t fitting = 0, left;

    for (uint32_t i = 0; i < count; i++)
        fitting += fits(fault, &victims[i]);
    left = fitting ? draw % fitting : 0;
    for (uint32_t i = 0; i < count; i++)
        if (fits(fault, &victims[i]) && left-- == 0)
            return (int)i;
    return -1;
}

int selection_choose(const struct fault *fault, uint64_t draw,
                     const struct victim *victims, uint32_t count)
{
    if (count == 0)
        return -1;
    switch (fault->victim) {
    case CHOOSE_RANDOM:
    case CHOOSE_STARTING:
    case CHOOSE_SLOT:
        return drawn(fault, draw, victims, count);
    case CHOOSE_NEWEST:
    case CHOOSE_OLDEST:
    case CHOOSE_BUSIEST:
        return highest(fault->victim, victims, count);
    case CHOOSE_ALL:
        return 0;
    case CHOOSE_ROOT:
    case VICTIM_CHOICES:
        break;
    }
    return -1;
}

int selection_make(const struct fault *fault,
                   const struct planned_injection *plan,
                   struct victims *victims, const struct slots *slots,
                   struct rolling *rolling)
{
    uint64_t max_ticks = ticks_of(fault->max_age_us);
    uint64_t now_ticks = ticks_of(clock_boot_us());

    for (uint32_t i = 0; i < victims->count; i++) {
        struct victim *victim = &victims->list[i];

        victim->slot = slots ? slots_slot(slots, victim->pid) : 0;
        victim->is_starting = victim->started_ticks + max_ticks >= now_ticks;
    }
    if (rolling)
        return rolling_give(rolling, victims->list, victims->count);
    return selection_choose(fault, plan->draw, victims->list, victims->count);
}

int selection_again(const struct past_injection *past,
                    const struct victims *victims, const struct slots *slots)
{
    if (!past->met || victims->count == 0)
        return -1;
    for (uint32_t i = 0; i < victims->count; i++)
        if (slots && slots_pid(slots, past->slot) == victims->list[i].pid)
            return (int)i;
    if (past->ordinal < victims->count)
        return (int)past->ordinal;
    return (int)(past->plan.draw % victims->count);
}
