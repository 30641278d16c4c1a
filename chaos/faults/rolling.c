/* SPDX-License-Identifier: MIT */
/* rolling.c - see rolling.h. */
#include "chaos/faults/rolling.h"
#include <stddef.h>

/* The list can contain places of slots and of processes: a target's log may
 * report slots only after the first turns. */
static bool holds(const struct rolling_place *place,
                  const struct victim *candidate)
{
    if (place->holder.slot > 0 || candidate->slot > 0)
        return place->holder.slot == candidate->slot;
    return place->holder.pid == candidate->pid &&
           place->holder.started_ticks == candidate->started_ticks;
}

static struct rolling_place *place_of(struct rolling *rolling,
                                      const struct victim *candidate)
{
    for (uint32_t i = 0; i < rolling->count; i++)
        if (holds(&rolling->places[i], candidate))
            return &rolling->places[i];
    return NULL;
}

static void mark_left_places(struct rolling *rolling,
                             const struct victim *candidates, uint32_t count)
{
    for (uint32_t i = 0; i < rolling->count; i++) {
        struct rolling_place *place = &rolling->places[i];
        uint32_t n = 0;

        while (n < count && !holds(place, &candidates[n]))
            n++;
        if (n < count)
            place->exit_turn = 0;
        else if (place->exit_turn == 0)
            place->exit_turn = rolling->given + 1;
    }
}

/* Places are inherited in the order of exits.  Of processes that exited between
 * two turns, the one that was hit probably exited first. */
static bool was_left_before(const struct rolling_place *place,
                            const struct rolling_place *other)
{
    if (place->exit_turn != other->exit_turn)
        return place->exit_turn < other->exit_turn;
    return place->last_turn > other->last_turn;
}

static struct rolling_place *left_place(struct rolling *rolling)
{
    struct rolling_place *best = NULL;

    for (uint32_t i = 0; i < rolling->count; i++) {
        struct rolling_place *place = &rolling->places[i];

        if (place->holder.slot == 0 && place->exit_turn > 0 &&
            (!best || was_left_before(place, best)))
            best = place;
    }
    return best;
}

/* Finds or assigns a place.  Returns NULL if no place is free. */
static struct rolling_place *assign_place(struct rolling *rolling,
                                          const struct victim *candidate)
{
    struct rolling_place *place = place_of(rolling, candidate);

    if (!place && candidate->slot == 0)
        place = left_place(rolling);
    if (!place && rolling->count < ROLLING_MAX)
        place = &rolling->places[rolling->count++];
    if (place) {
        place->holder = *candidate;
        place->exit_turn = 0;
    }
    return place;
}

/* Slots are ordered by number.  Places of processes were assigned in the order
 * of age. */
static bool comes_before(const struct rolling_place *place,
                         const struct rolling_place *other)
{
    if (place->last_turn != other->last_turn)
        return place->last_turn < other->last_turn;
    if (place->holder.slot != other->holder.slot)
        return place->holder.slot < other->holder.slot;
    return place < other;
}

int rolling_give(struct rolling *rolling, const struct victim *candidates,
                 uint32_t count)
{
    struct rolling_place *next = NULL;
    bool by_slot = false;
    int chosen = -1;

    mark_left_places(rolling, candidates, count);
    for (uint32_t i = 0; i < count; i++)
        by_slot = by_slot || candidates[i].slot > 0;
    for (uint32_t i = 0; i < count; i++) {
        struct rolling_place *place;

        if (by_slot && candidates[i].slot == 0)
            continue;
        place = assign_place(rolling, &candidates[i]);
        if (!place || (next && !comes_before(place, next)))
            continue;
        next = place;
        chosen = (int)i;
    }
    if (next)
        next->last_turn = ++rolling->given;
    return chosen;
}
