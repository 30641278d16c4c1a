/* SPDX-License-Identifier: MIT */
/*
 * load.h - the load of a soak: kills, bursts of kills, stopped workers,
 * requests that crash, end or hang their worker, bad clients, and one client
 * that verifies every response.
 */
#ifndef TESTS_SOAK_LOAD_H
#define TESTS_SOAK_LOAD_H

#include "chaos/trial/trial.h"
#include "tests/soak/subject.h"
#include <stdint.h>

/* Not started when all zero. */
struct soak_load {
    struct trial *trial; /* valid until soak_load_free() */
    uint64_t seconds;    /* since the start */
    void (*on_second)(void *context, struct soak_load *soak_load);
    void *context;
    char url[64];
    struct trial_options options;
};

/*
 * Applies the load to `subject` for `seconds`, at `rate` verified requests a
 * second, and waits for the last response.  Returns false if a signal ended it
 * early, or if the subject ended.  Ends the program if it cannot start.
 */
bool soak_load_run(struct soak_load *soak_load, const struct subject *subject,
                   unsigned rate, uint64_t seconds, uint64_t seed);

void soak_load_free(struct soak_load *soak_load);

#endif
