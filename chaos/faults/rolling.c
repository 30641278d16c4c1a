/* rolling.c - see rolling.h. */
#include "chaos/faults/rolling.h"
#include <stddef.h>

/* Places of slots and of processes stand in the same list; a target whose log
 * begins to tell of slots only later leaves some of the latter behind. */
static bool holds(const struct rolling_place *place,
                  const struct rolling_candidate *taker)
{
    if (place->holder.slot > 0 || taker->slot > 0)
        return place->holder.slot == taker->slot;
    return place->holder.pid == taker->pid &&
           place->holder.started == taker->started;
}

static struct rolling_place *place_of(struct rolling *rolling,
                                      const struct rolling_candidate *taker)
{
    for (uint32_t i = 0; i < rolling->count; i++)
        if (holds(&rolling->places[i], taker))
            return &rolling->places[i];
    return NULL;
}

static bool is_there(const struct rolling_place *place,
                     const struct rolling_candidate *takers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (holds(place, &takers[i]))
            return true;
    return false;
}

static void look_who_left(struct rolling *rolling,
                          const struct rolling_candidate *takers,
                          uint32_t count)
{
    for (uint32_t i = 0; i < rolling->count; i++) {
        struct rolling_place *place = &rolling->places[i];

        if (is_there(place, takers, count))
            place->left = 0;
        else if (place->left == 0)
            place->left = rolling->given + 1;
    }
}

/* Successors come in the order of deaths.  Of those who died between two turns
 * it was most likely the one that was hit who died first. */
static bool was_left_before(const struct rolling_place *place,
                            const struct rolling_place *other)
{
    if (place->left != other->left)
        return place->left < other->left;
    return place->last > other->last;
}

static struct rolling_place *left_place(struct rolling *rolling)
{
    struct rolling_place *best = NULL;

    for (uint32_t i = 0; i < rolling->count; i++) {
        struct rolling_place *place = &rolling->places[i];

        if (place->holder.slot == 0 && place->left > 0 &&
            (!best || was_left_before(place, best)))
            best = place;
    }
    return best;
}

/* Gives it the place that it shall have; NULL when there is none. */
static struct rolling_place *settle(struct rolling *rolling,
                                    const struct rolling_candidate *taker)
{
    struct rolling_place *place = place_of(rolling, taker);

    if (!place && taker->slot == 0)
        place = left_place(rolling);
    if (!place && rolling->count < ROLLING_MAX)
        place = &rolling->places[rolling->count++];
    if (place) {
        place->holder = *taker;
        place->left = 0;
    }
    return place;
}

/* Neither is NULL.  Slots go by number; the places of processes were given in
 * the order of age. */
static bool comes_before(const struct rolling_place *place,
                         const struct rolling_place *other)
{
    if (place->last != other->last)
        return place->last < other->last;
    if (place->holder.slot != other->holder.slot)
        return place->holder.slot < other->holder.slot;
    return place < other;
}

int rolling_give(struct rolling *rolling,
                 const struct rolling_candidate *takers, uint32_t count)
{
    struct rolling_place *next = NULL;
    bool by_slot = false;
    int chosen = -1;

    look_who_left(rolling, takers, count);
    for (uint32_t i = 0; i < count; i++)
        by_slot = by_slot || takers[i].slot > 0;
    for (uint32_t i = 0; i < count; i++) {
        struct rolling_place *place;

        if (by_slot && takers[i].slot == 0)
            continue;
        place = settle(rolling, &takers[i]);
        if (!place || (next && !comes_before(place, next)))
            continue;
        next = place;
        chosen = (int)i;
    }
    if (next)
        next->last = ++rolling->given;
    return chosen;
}
