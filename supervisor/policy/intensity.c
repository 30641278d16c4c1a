/* SPDX-License-Identifier: MIT */
/* intensity.c - stores the exact times of failures, which `limit` bounds, but
 * counts forks per slice: there may be thousands in a window. */
#include "supervisor/policy/intensity.h"
#include <string.h>

static uint64_t min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void intensity_start(struct intensity *intensity,
                     const struct intensity_rule *rule)
{
    memset(intensity, 0, sizeof *intensity);
    intensity->rule = *rule;
}

static uint64_t slice_number(const struct intensity *intensity, uint64_t now_us)
{
    uint64_t slice_us = intensity->rule.window_us / INTENSITY_SLICES;

    return now_us / (slice_us > 0 ? slice_us : 1);
}

/* Returns the current slice; clears it if it holds an earlier time. */
static struct intensity_slice *slice_of(struct intensity *intensity,
                                        uint64_t now_us)
{
    uint64_t number = slice_number(intensity, now_us);
    struct intensity_slice *slice =
        &intensity->slices[number % (INTENSITY_SLICES + 1)];

    if (slice->number != number)
        *slice = (struct intensity_slice){ .number = number };
    return slice;
}

static bool over_half_of_forks_fail(const struct intensity *intensity,
                                    uint64_t now_us)
{
    uint64_t number = slice_number(intensity, now_us);
    uint64_t forks = 0, failures = 0;

    for (int i = 0; i <= INTENSITY_SLICES; i++) {
        const struct intensity_slice *slice = &intensity->slices[i];

        if (slice->number + INTENSITY_SLICES < number)
            continue;
        forks += slice->forks;
        failures += slice->failures;
    }
    return 2 * failures > forks;
}

/* Notes a failure.  Returns true if more than `limit` are in the window. */
static bool note_failure(struct intensity *intensity, uint64_t now_us)
{
    uint32_t capacity = intensity->rule.limit + 1;
    uint64_t oldest_us;

    intensity->failed_at_us[intensity->failed_next] = now_us;
    intensity->failed_next = (intensity->failed_next + 1) % capacity;
    if (intensity->failed_count < capacity)
        intensity->failed_count++;
    if (intensity->failed_count < capacity)
        return false;
    oldest_us = intensity->failed_at_us[intensity->failed_next];
    return now_us - oldest_us <= intensity->rule.window_us;
}

static void open_breaker(struct intensity *intensity, uint64_t now_us,
                         uint64_t wait_us)
{
    intensity->breaker = BREAKER_OPEN;
    intensity->probe_wait_us = wait_us;
    intensity->probe_at_us = now_us + wait_us;
}

static void close_breaker(struct intensity *intensity)
{
    struct intensity_rule rule = intensity->rule;

    intensity_start(intensity, &rule);
}

void intensity_forked(struct intensity *intensity, uint64_t now_us)
{
    slice_of(intensity, now_us)->forks++;
    if (intensity->breaker == BREAKER_OPEN)
        intensity->breaker = BREAKER_PROBING;
}

bool intensity_failed(struct intensity *intensity, uint64_t now_us)
{
    const struct intensity_rule *rule = &intensity->rule;
    bool over_limit = note_failure(intensity, now_us);

    slice_of(intensity, now_us)->failures++;
    switch (intensity->breaker) {
    case BREAKER_CLOSED:
        if (!over_limit || !over_half_of_forks_fail(intensity, now_us))
            return false;
        open_breaker(intensity, now_us,
                     min(rule->probe_us, rule->probe_cap_us));
        return true;
    case BREAKER_OPEN:
        /* Before probe_at_us this is a worker forked before the crash loop
         * was detected; after it, the system refused to fork the canary. */
        if (now_us < intensity->probe_at_us)
            return false;
        break;
    case BREAKER_PROBING:
        break;
    }
    open_breaker(intensity, now_us,
                 min(2 * intensity->probe_wait_us, rule->probe_cap_us));
    return false;
}

bool intensity_progress(struct intensity *intensity)
{
    if (intensity->breaker != BREAKER_PROBING)
        return false;
    close_breaker(intensity);
    return true;
}

void intensity_resume(struct intensity *intensity)
{
    if (intensity->breaker == BREAKER_OPEN &&
        intensity->rule.on_loop == ON_LOOP_GIVE_UP)
        return;
    close_breaker(intensity);
}

bool intensity_permits(const struct intensity *intensity, uint64_t now_us,
                       uint32_t starting, uint32_t max_starting)
{
    switch (intensity->breaker) {
    case BREAKER_CLOSED:
        return starting < max_starting;
    case BREAKER_OPEN:
        return starting == 0 && intensity_wait_us(intensity, now_us) == 0;
    case BREAKER_PROBING:
        break;
    }
    return false;
}

uint64_t intensity_wait_us(const struct intensity *intensity, uint64_t now_us)
{
    if (intensity->breaker != BREAKER_OPEN ||
        intensity->rule.on_loop != ON_LOOP_PROBE)
        return UINT64_MAX;
    return now_us < intensity->probe_at_us ? intensity->probe_at_us - now_us
                                           : 0;
}
