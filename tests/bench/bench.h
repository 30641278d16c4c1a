/* SPDX-License-Identifier: MIT */
/*
 * bench.h - the state shared by all measurements, and the measurements, one per
 * file.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "tests/bench/score.h"
#include "tests/bench/stage.h"
#include <stdbool.h>
#include <stdint.h>

#define BENCH_ROUNDS      9       /* of each side, alternating: A B A B ... */
#define BENCH_ROUND_US    300000  /* length of one round */
#define BENCH_CONNECTIONS 32      /* busy connections */
#define BENCH_TIMEOUT_US  2000000 /* timeout for one answer */

struct bench {
    struct bench_stage stage;
    struct score score;
    const char *only;      /* part of the names to measure; "" for all */
    double forks_a_second; /* raw fork + _exit + wait */
    double bare_kill_us;   /* from SIGKILL of a minimal process to wait */
};

/* Returns whether this line was requested. */
bool bench_wants(const struct bench *bench, const char *name);

/* The measurements.  Each prints the requested lines, leaves no server running,
 * and returns 0; or -1 if the bench cannot continue (interrupted, or a server
 * did not start: the reason has been printed). */
int measure_throughput(struct bench *bench);
int measure_spare(struct bench *bench);
int measure_mass_kill(struct bench *bench);
int measure_held(struct bench *bench);
int measure_workers(struct bench *bench);
int measure_memory(struct bench *bench);
int measure_client(struct bench *bench);

#endif
