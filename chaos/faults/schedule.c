/* SPDX-License-Identifier: MIT */
/* schedule.c - see schedule.h. */
#include "chaos/faults/schedule.h"
#include <math.h>
#include <stddef.h>

const char *const timing_names[TIMINGS + 1] = {
    [TIMING_EVERY] = "every", [TIMING_POISSON] = "poisson",
    [TIMING_BURST] = "burst", [TIMING_ROLLING] = "rolling",
    [TIMING_ONCE] = "once",   [TIMING_RAMP] = "ramp",
};

const char *const victim_choice_names[VICTIM_CHOICES + 1] = {
    [CHOOSE_RANDOM] = "random",     [CHOOSE_NEWEST] = "newest",
    [CHOOSE_OLDEST] = "oldest",     [CHOOSE_BUSIEST] = "busiest",
    [CHOOSE_STARTING] = "starting", [CHOOSE_ALL] = "all",
    [CHOOSE_SLOT] = "slot",         [CHOOSE_ROOT] = "root",
};

/*
 * On a ramp the rate rises linearly from 0 to 1/interval over the whole span,
 * so n injections have occurred by sqrt(2 * n * interval * span).
 */
static uint64_t ramp_at(const struct fault_schedule *schedule, uint64_t number)
{
    double span = (double)(schedule->end_us - schedule->start_us);

    return schedule->start_us +
           (uint64_t)sqrt(2 * (double)(number + 1) *
                          (double)schedule->interval_us * span);
}

static uint64_t poisson_after(struct injection_stream *stream, uint64_t at_us)
{
    return at_us + (uint64_t)random_exponential(
                       &stream->random, (double)stream->schedule.interval_us);
}

/* The time of injection stream->number, given the time of the one before. */
static uint64_t time_of_next(struct injection_stream *stream,
                             uint64_t before_us)
{
    const struct fault_schedule *schedule = &stream->schedule;
    uint64_t number = stream->number;

    switch (schedule->timing) {
    case TIMING_EVERY:
    case TIMING_ROLLING:
    case TIMING_ONCE:
        return schedule->start_us + (number + 1) * schedule->interval_us;
    case TIMING_BURST:
        return schedule->start_us +
               (number / schedule->burst + 1) * schedule->interval_us;
    case TIMING_POISSON:
        return poisson_after(stream, before_us);
    case TIMING_RAMP:
        return ramp_at(schedule, number);
    case TIMINGS:
        break;
    }
    return UINT64_MAX;
}

static void look_ahead(struct injection_stream *stream, uint64_t before_us)
{
    const struct fault_schedule *schedule = &stream->schedule;
    uint64_t max = schedule->timing == TIMING_ONCE ? 1 : schedule->max;

    stream->at_us = time_of_next(stream, before_us);
    if (stream->at_us >= schedule->end_us || (max > 0 && stream->number >= max))
        stream->has_ended = true;
}

void injection_schedule_begin(struct injection_schedule *plan, uint64_t seed,
                              const struct fault_schedule *schedules,
                              uint32_t count)
{
    struct random seeds;

    random_seed(&seeds, seed);
    *plan = (struct injection_schedule){ .count = count };
    for (uint32_t i = 0; i < count; i++) {
        struct injection_stream *stream = &plan->streams[i];

        stream->schedule = schedules[i];
        random_seed(&stream->random, random_next(&seeds));
        look_ahead(stream, schedules[i].start_us);
    }
}

bool injection_schedule_next(struct injection_schedule *plan,
                             struct planned_injection *injection)
{
    struct injection_stream *first = NULL;

    for (uint32_t i = 0; i < plan->count; i++) {
        struct injection_stream *stream = &plan->streams[i];

        if (!stream->has_ended && (!first || stream->at_us < first->at_us))
            first = stream;
    }
    if (!first)
        return false;
    *injection = (struct planned_injection){
        .at_us = first->at_us,
        .fault = (uint32_t)(first - plan->streams),
        .number = first->number,
        .draw = random_next(&first->random),
    };
    first->number++;
    look_ahead(first, injection->at_us);
    return true;
}

/* Returns the index with the largest value of `better`; the first of equals. */
static int best_of(const struct victim_traits *victims, uint32_t count,
                   uint64_t (*better)(const struct victim_traits *))
{
    int best = -1;

    for (uint32_t i = 0; i < count; i++)
        if (best < 0 || better(&victims[i]) > better(&victims[best]))
            best = (int)i;
    return best;
}

static uint64_t newness(const struct victim_traits *victim)
{
    return victim->started;
}

static uint64_t oldness(const struct victim_traits *victim)
{
    return UINT64_MAX - victim->started;
}

static uint64_t busyness(const struct victim_traits *victim)
{
    return victim->busy;
}

static int one_starting(const struct planned_injection *injection,
                        const struct victim_traits *victims, uint32_t count)
{
    uint32_t starting = 0, wanted;

    for (uint32_t i = 0; i < count; i++)
        starting += victims[i].starting;
    if (starting == 0)
        return -1;
    wanted = (uint32_t)(injection->draw % starting);
    for (uint32_t i = 0; i < count; i++)
        if (victims[i].starting && wanted-- == 0)
            return (int)i;
    return -1;
}

static int one_in_slot(const struct victim_traits *victims, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (victims[i].in_slot)
            return (int)i;
    return -1;
}

int injection_schedule_choose(enum victim_choice choice,
                              const struct planned_injection *injection,
                              const struct victim_traits *victims,
                              uint32_t count)
{
    if (count == 0)
        return -1;
    switch (choice) {
    case CHOOSE_RANDOM:
        return (int)(injection->draw % count);
    case CHOOSE_NEWEST:
        return best_of(victims, count, newness);
    case CHOOSE_OLDEST:
        return best_of(victims, count, oldness);
    case CHOOSE_BUSIEST:
        return best_of(victims, count, busyness);
    case CHOOSE_STARTING:
        return one_starting(injection, victims, count);
    case CHOOSE_ALL:
        return 0;
    case CHOOSE_SLOT:
        return one_in_slot(victims, count);
    case CHOOSE_ROOT:
    case VICTIM_CHOICES:
        break;
    }
    return -1;
}
