/*
 * duel.h - two systems under the same load, in turn, so that what else the
 * machine does hits both alike; medians of the rounds.
 */
#ifndef TESTS_BENCH_DUEL_H
#define TESTS_BENCH_DUEL_H

#include "tests/bench/bench.h"
#include "tests/bench/load.h"

struct side {
    const struct server *server;
    uint32_t connections;
    bool keep_alive;
};

struct outcome {
    double rate;   /* answers a second */
    double cpu_us; /* used by the server's processes, per answer */
    double median_us, p99_us;
    struct load_result sum; /* answers and errors of all rounds */
};

/* Runs the rounds.  What a supervisor lost is added to the score and printed.
 * Returns 0, or -1 if interrupted. */
int duel_run(struct bench *bench, const struct side sides[2],
             struct outcome outcomes[2]);

#endif
