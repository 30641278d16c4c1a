/*
 * bench.h - what all measurements share: the stage, the score, the size of a
 * run; and the measurements themselves, one a file.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "tests/bench/score.h"
#include "tests/bench/stage.h"
#include <stdbool.h>
#include <stdint.h>

#define BENCH_ROUNDS      9       /* of each side, in turn: A B A B ... */
#define BENCH_ROUND_US    300000  /* length of each */
#define BENCH_CONNECTIONS 32      /* that are busy at once */
#define BENCH_PATIENCE_US 2000000 /* for one answer */

struct bench {
    struct bench_stage stage;
    struct score score;
    const char *only;      /* part of the names to measure; "" for all */
    double forks_a_second; /* raw fork + _exit + wait */
    double bare_kill_us;   /* SIGKILL of a process that has nothing, to wait */
};

/* Is this line asked for? */
bool bench_wants(const struct bench *bench, const char *name);

/* The measurements.  Each prints the lines that are asked for, leaves no
 * server, and returns 0; or -1 if the bench cannot go on (interrupted, or a
 * server does not come up: the reason has been printed). */
int measure_throughput(struct bench *bench);
int measure_spare(struct bench *bench);
int measure_mass_kill(struct bench *bench);
int measure_held(struct bench *bench);
int measure_workers(struct bench *bench);
int measure_memory(struct bench *bench);
int measure_client(struct bench *bench);

#endif
