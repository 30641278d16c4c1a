/*
 * storm.h - everything at once: kills, bursts of them, stopped workers,
 * requests that crash, end or hang their worker, rude clients; and one that
 * verifies every answer.
 */
#ifndef TESTS_SOAK_STORM_H
#define TESTS_SOAK_STORM_H

#include "chaos/trial/trial.h"
#include "tests/soak/subject.h"
#include <stdint.h>

/* Not begun when all zero. */
struct storm {
    struct trial *trial; /* its ledgers stay until storm_free() */
    uint64_t seconds;    /* that have passed */
    void (*on_second)(void *context, struct storm *storm);
    void *context;
    char url[64];
    struct trial_options options;
};

/*
 * Lets it loose on `subject` for so long, at `rate` verified requests a second,
 * and waits for the last answer.  Fails when a signal ended it before its time,
 * or the subject was gone.
 */
bool storm_rage(struct storm *storm, const struct subject *subject,
                unsigned rate, uint64_t seconds, uint64_t seed);

void storm_free(struct storm *storm);

#endif
