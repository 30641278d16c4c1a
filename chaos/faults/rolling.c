/* rolling.c - see rolling.h. */
#include "chaos/faults/rolling.h"
#include <stddef.h>

/* Places of slots and of processes stand in the same list; a target whose log
 * begins to tell of slots only later leaves some of the latter behind. */
static bool holds(const struct turn_place *place,
                  const struct turn_taker *taker)
{
    if (place->holder.slot > 0 || taker->slot > 0)
        return place->holder.slot == taker->slot;
    return place->holder.pid == taker->pid &&
           place->holder.started == taker->started;
}

static struct turn_place *place_of(struct turns *turns,
                                   const struct turn_taker *taker)
{
    for (uint32_t i = 0; i < turns->count; i++)
        if (holds(&turns->places[i], taker))
            return &turns->places[i];
    return NULL;
}

static bool is_there(const struct turn_place *place,
                     const struct turn_taker *takers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (holds(place, &takers[i]))
            return true;
    return false;
}

static void look_who_left(struct turns *turns, const struct turn_taker *takers,
                          uint32_t count)
{
    for (uint32_t i = 0; i < turns->count; i++) {
        struct turn_place *place = &turns->places[i];

        if (is_there(place, takers, count))
            place->left = 0;
        else if (place->left == 0)
            place->left = turns->given + 1;
    }
}

/* Successors come in the order of deaths.  Of those who died between two turns
 * it was most likely the one that was hit who died first. */
static bool was_left_before(const struct turn_place *place,
                            const struct turn_place *other)
{
    if (place->left != other->left)
        return place->left < other->left;
    return place->last > other->last;
}

static struct turn_place *left_place(struct turns *turns)
{
    struct turn_place *best = NULL;

    for (uint32_t i = 0; i < turns->count; i++) {
        struct turn_place *place = &turns->places[i];

        if (place->holder.slot == 0 && place->left > 0 &&
            (!best || was_left_before(place, best)))
            best = place;
    }
    return best;
}

/* Gives it the place that it shall have; NULL when there is none. */
static struct turn_place *settle(struct turns *turns,
                                 const struct turn_taker *taker)
{
    struct turn_place *place = place_of(turns, taker);

    if (!place && taker->slot == 0)
        place = left_place(turns);
    if (!place && turns->count < TURNS_MOST)
        place = &turns->places[turns->count++];
    if (place) {
        place->holder = *taker;
        place->left = 0;
    }
    return place;
}

/* Neither is NULL.  Slots go by number; the places of processes were given in
 * the order of age. */
static bool comes_before(const struct turn_place *place,
                         const struct turn_place *other)
{
    if (place->last != other->last)
        return place->last < other->last;
    if (place->holder.slot != other->holder.slot)
        return place->holder.slot < other->holder.slot;
    return place < other;
}

int turns_give(struct turns *turns, const struct turn_taker *takers,
               uint32_t count)
{
    struct turn_place *next = NULL;
    bool by_slot = false;
    int chosen = -1;

    look_who_left(turns, takers, count);
    for (uint32_t i = 0; i < count; i++)
        by_slot = by_slot || takers[i].slot > 0;
    for (uint32_t i = 0; i < count; i++) {
        struct turn_place *place;

        if (by_slot && takers[i].slot == 0)
            continue;
        place = settle(turns, &takers[i]);
        if (!place || (next && !comes_before(place, next)))
            continue;
        next = place;
        chosen = (int)i;
    }
    if (next)
        next->last = ++turns->given;
    return chosen;
}
