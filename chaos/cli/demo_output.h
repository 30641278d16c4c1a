/*
 * demo_output.h - what the demo says.
 *
 * Words and figures on standard output; decides nothing but demo_held.
 */
#ifndef CHAOS_CLI_DEMO_OUTPUT_H
#define CHAOS_CLI_DEMO_OUTPUT_H

#include "chaos/faults/monkey.h"
#include "chaos/measure/phase_stats.h"
#include "chaos/target/worker_stats.h"
#include "chaos/trial/trial.h"
#include <stdbool.h>
#include <stdint.h>

/* What remains of one part when it is over. */
struct demo_part {
    enum trial_end end;
    int error; /* errno of a failed start */
    struct phase_stats phase_stats;
    struct worker_stats worker_stats;
    uint64_t injected[INJECTION_RESULTS];
    char last_words[256];
    unsigned making_ms; /* what the making of an answer takes */
};

/* Every request was answered rightly, and all accounts balance. */
bool demo_held(const struct demo_part *part);

void demo_opening(uint64_t seed, unsigned workers, unsigned rate,
                  unsigned making_ms, uint64_t kill_every_us);
void demo_heading(const char *text, uint64_t duration_us);
void demo_command(const char *const argv[]);
void demo_listening(const struct log_event *log_event);
void demo_titles(void); /* of the columns of demo_progress */
void demo_progress(unsigned second, const struct request_outcomes *ledger,
                   const struct worker_stats *worker_stats);
void demo_exit(const struct log_event *log_event);
void demo_verdict(const struct demo_part *part);
void demo_comparison(const struct demo_part *kept,
                     const struct demo_part *control);
void demo_lesson(const struct demo_part *kept, const struct demo_part *control,
                 bool convincing);

/* One line on standard error: why a part did not come to its end.  Returns
 * the exit status. */
int demo_failure(const struct demo_part *part, const char *supervisor);

#endif
