/* SPDX-License-Identifier: MIT */
/*
 * demo_output.h - prints the demo to standard output.
 *
 * Only demo_held() decides anything.
 */
#ifndef CHAOS_CLI_DEMO_OUTPUT_H
#define CHAOS_CLI_DEMO_OUTPUT_H

#include "chaos/faults/monkey.h"
#include "chaos/measure/phase_stats.h"
#include "chaos/target/worker_stats.h"
#include "chaos/trial/trial.h"
#include <stdbool.h>
#include <stdint.h>

/* The results of one part. */
struct demo_part {
    enum trial_end end;
    int error; /* errno of a failed start */
    struct phase_stats phase_stats;
    struct worker_stats worker_stats;
    uint64_t injected[INJECTION_RESULTS];
    char last_words[256];
    unsigned making_ms; /* how long a worker takes to make a response */
};

/* Every request was answered correctly, and all totals balance. */
bool demo_held(const struct demo_part *part);

void demo_opening(uint64_t seed, unsigned workers, unsigned rate,
                  unsigned making_ms, uint64_t kill_every_us);
void demo_heading(const char *text, uint64_t duration_us);
void demo_command(const char *const argv[]);
void demo_listening(const struct log_event *log_event);
void demo_titles(void); /* column titles of demo_progress() */
void demo_progress(unsigned second, const struct request_outcomes *ledger,
                   const struct worker_stats *worker_stats);
void demo_exit(const struct log_event *log_event);
void demo_verdict(const struct demo_part *part);
void demo_comparison(const struct demo_part *kept,
                     const struct demo_part *control);
void demo_lesson(const struct demo_part *kept, const struct demo_part *control,
                 bool convincing);

/* Prints to standard error why a part did not complete.  Returns the exit
 * status. */
int demo_failure(const struct demo_part *part, const char *supervisor);

#endif
