/* SPDX-License-Identifier: MIT */
/*
 * schedule.h - plans injections; a seed alone decides their times.
 *
 * Pure.  Each fault that hits processes has its own random stream, so that
 * adding a fault after the others does not change theirs.  The same faults and
 * the same seed give the same plan, bit for bit; only the mapping to processes
 * depends on the processes alive at that time (selection.h).
 */
#ifndef CHAOS_FAULTS_SCHEDULE_H
#define CHAOS_FAULTS_SCHEDULE_H

#include "chaos/faults/fault.h"
#include "supervisor/policy/random.h"
#include <stdbool.h>
#include <stdint.h>

struct planned_injection {
    uint64_t at_us;  /* since the start of the fault phase */
    uint32_t fault;  /* its index */
    uint64_t number; /* index among the injections of that fault */
    uint64_t draw;   /* the random bits that choose the victim */
};

struct injection_stream {
    const struct fault *fault;
    struct random random;
    uint64_t at_us;  /* of the next injection */
    uint64_t number; /* of the next injection */
    bool has_ended;
};

struct injection_schedule {
    uint32_t count;
    struct injection_stream streams[FAULTS_MAX];
};

/* `count` is at most FAULTS_MAX.  The faults, which must outlive the plan, may
 * include kinds that hit no process: these get no injections. */
void injection_schedule_begin(struct injection_schedule *plan, uint64_t seed,
                              const struct fault *faults, uint32_t count);

/* Gets the next injection in order of time; of simultaneous ones, the one whose
 * fault comes first.  Returns false if none is left. */
bool injection_schedule_next(struct injection_schedule *plan,
                             struct planned_injection *injection);

#endif
