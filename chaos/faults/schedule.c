/* SPDX-License-Identifier: MIT */
/* schedule.c - see schedule.h. */
#include "chaos/faults/schedule.h"
#include <math.h>
#include <stddef.h>

/*
 * On a ramp the rate rises linearly from 0 to 1/interval over the whole span,
 * so n injections have occurred by sqrt(2 * n * interval * span).
 */
static uint64_t ramp_at(const struct fault *fault, uint64_t number)
{
    double span = (double)(fault->end_us - fault->start_us);

    return fault->start_us + (uint64_t)sqrt(2 * (double)(number + 1) *
                                            (double)fault->interval_us * span);
}

/* The time of injection stream->number, given the time of the one before. */
static uint64_t time_of_next(struct injection_stream *stream,
                             uint64_t before_us)
{
    const struct fault *fault = stream->fault;
    uint64_t number = stream->number;

    switch (fault->timing) {
    case TIMING_EVERY:
    case TIMING_ROLLING:
    case TIMING_ONCE:
        return fault->start_us + (number + 1) * fault->interval_us;
    case TIMING_BURST:
        return fault->start_us +
               (number / fault->burst + 1) * fault->interval_us;
    case TIMING_POISSON:
        return before_us + (uint64_t)random_exponential(
                               &stream->random, (double)fault->interval_us);
    case TIMING_RAMP:
        return ramp_at(fault, number);
    case TIMINGS:
        break;
    }
    return UINT64_MAX;
}

static void look_ahead(struct injection_stream *stream, uint64_t before_us)
{
    const struct fault *fault = stream->fault;
    uint64_t max = fault->timing == TIMING_ONCE ? 1 : fault->count;

    stream->at_us = time_of_next(stream, before_us);
    if (stream->at_us >= fault->end_us || (max > 0 && stream->number >= max))
        stream->has_ended = true;
}

void injection_schedule_begin(struct injection_schedule *plan, uint64_t seed,
                              const struct fault *faults, uint32_t count)
{
    struct random seeds;

    random_seed(&seeds, seed);
    *plan = (struct injection_schedule){ .count = count };
    for (uint32_t i = 0; i < count; i++) {
        struct injection_stream *stream = &plan->streams[i];

        stream->fault = &faults[i];
        stream->has_ended = faults[i].kind >= FAULT_PROCESS_KINDS;
        if (stream->has_ended)
            continue;
        random_seed(&stream->random, random_next(&seeds));
        look_ahead(stream, faults[i].start_us);
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
