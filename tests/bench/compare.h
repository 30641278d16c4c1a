/* SPDX-License-Identifier: MIT */
/*
 * compare.h - two systems under the same load, alternating, so that other
 * activity of the machine affects both.
 *
 * A ratio is the median of the ratios of one side's rounds to the other side's
 * following rounds: a disturbance longer than two rounds cancels out.  If any
 * round had no answer, the rounds of each side count as one.
 */
#ifndef TESTS_BENCH_COMPARE_H
#define TESTS_BENCH_COMPARE_H

#include "tests/bench/bench.h"
#include "tests/bench/load.h"

struct side {
    const struct server *server;
    uint32_t connections;
    bool keep_alive;
};

/* Medians of the rounds. */
struct compare_outcome {
    double rate;   /* answers per second */
    double cpu_us; /* CPU time of the server's processes per answer */
    double p99_us; /* from request to answer */
};

struct compare {
    struct side sides[2];
    struct compare_outcome outcomes[2];
    double rate_ratio, cpu_ratio; /* of side 0 to side 1 */
};

/* Runs the rounds of `compare->sides` and fills in the rest of *compare. Losses
 * of a supervisor are added to the score and printed.  Returns 0, or -1 if
 * interrupted. */
int compare_run(struct bench *bench, struct compare *compare);

#endif
