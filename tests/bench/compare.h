/*
 * compare.h - two systems under the same load, in turn, so that what else the
 * machine does hits both alike.
 *
 * A ratio is the median of the ratios of each round of the one to the round of
 * the other that follows it: what lasts longer than two rounds cancels out.
 * Where one side had a round without an answer, all its rounds count as one.
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
    double rate;   /* answers a second */
    double cpu_us; /* used by the server's processes, per answer */
    double p99_us; /* from request to answer */
};

struct compare {
    struct side sides[2];
    struct compare_outcome outcomes[2];
    double rate_ratio, cpu_ratio; /* of side 0 to side 1 */
};

/* Runs the rounds of `compare->sides` and fills in the rest.  What a supervisor
 * lost is added to the score and printed.  Returns 0, or -1 if interrupted. */
int compare_run(struct bench *bench, struct compare *compare);

#endif
