/*
 * load.h - everything at once: kills, bursts of them, stopped workers,
 * requests that crash, end or hang their worker, rude clients; and one that
 * verifies every answer.
 */
#ifndef TESTS_SOAK_LOAD_H
#define TESTS_SOAK_LOAD_H

#include "chaos/trial/trial.h"
#include "tests/soak/subject.h"
#include <stdint.h>

/* Not begun when all zero. */
struct soak_load {
    struct trial *trial; /* its ledgers stay until soak_load_free() */
    uint64_t seconds;    /* that have passed */
    void (*on_second)(void *context, struct soak_load *soak_load);
    void *context;
    char url[64];
    struct trial_options options;
};

/*
 * Lets it loose on `subject` for so long, at `rate` verified requests a second,
 * and waits for the last answer.  Fails when a signal ended it before its time,
 * or the subject was gone.
 */
bool soak_load_run(struct soak_load *soak_load, const struct subject *subject,
                   unsigned rate, uint64_t seconds, uint64_t seed);

void soak_load_free(struct soak_load *soak_load);

#endif
