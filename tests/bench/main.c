/* SPDX-License-Identifier: MIT */
/*
 * main.c - speed and size of the supervisor, each compared with a yardstick of
 * the same run.
 *
 *   bench [--only PART-OF-A-NAME]
 *
 * Run it from the top folder, by `make bench`.  It takes at most five minutes
 * and ends all processes that it has started, also when interrupted.  A missed
 * goal is not an error: the exit status is 0 if everything was measured and
 * nothing was lost.
 */
#include "tests/bench/bench.h"
#include "tests/bench/interrupt.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#define LIMIT_S 290
#define BARE_MS "500"

bool bench_wants(const struct bench *bench, const char *name)
{
    return strstr(name, bench->only) != NULL;
}

/* 10,000 connections need more descriptors than the usual soft limit; the
 * servers inherit the limit. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* Daemons are in folders that a user's PATH may not contain. */
static void extend_path(void)
{
    const char *path = getenv("PATH");
    char longer[8192];

    snprintf(longer, sizeof longer, "%s:/usr/sbin:/sbin", path ? path : "");
    setenv("PATH", longer, 1);
}

static int measure_bare_process(struct bench *bench)
{
    FILE *pipe = popen(BUILD_DIRECTORY "/bench/bare_process " BARE_MS, "re");
    int got = pipe ? fscanf(pipe, "%lf %lf", &bench->forks_a_second,
                            &bench->bare_kill_us)
                   : 0;

    if (pipe)
        pclose(pipe);
    if (got != 2)
        fputs("bench: cannot measure the bare process\n", stderr);
    return got == 2 ? 0 : -1;
}

static void print_head(const struct bench *bench)
{
    struct utsname system;

    uname(&system);
    printf("%ld CPUs, %s %s; %u workers, %d busy connections, a page of %lu "
           "bytes\n"
           "medians of %d interleaved rounds of %.1f s; raw fork + _exit + "
           "wait: %.0f/s, SIGKILL to wait: %.2f ms\n\n",
           sysconf(_SC_NPROCESSORS_ONLN), system.sysname, system.release,
           bench->stage.workers, BENCH_CONNECTIONS,
           (unsigned long)bench->stage.body_bytes, BENCH_ROUNDS,
           BENCH_ROUND_US / 1e6, bench->forks_a_second,
           bench->bare_kill_us / 1000);
    score_head();
}

static int measure_all(struct bench *bench)
{
    static int (*const measurements[])(struct bench *) = {
        measure_throughput, measure_spare,  measure_mass_kill, measure_held,
        measure_workers,    measure_memory, measure_client,
    };

    if (stage_fetch_page(&bench->stage) < 0 || measure_bare_process(bench) < 0)
        return -1;
    print_head(bench);
    for (size_t i = 0; i < sizeof measurements / sizeof *measurements; i++) {
        if (measurements[i](bench) < 0)
            return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct bench bench = {
        .stage = {
            .supervisor = BUILD_DIRECTORY "/supervisor",
            .prefork = BUILD_DIRECTORY "/bench/prefork",
            .cluster_script = "tests/bench/cluster.js",
            .workers = 4,
        },
        .only = argc == 3 && strcmp(argv[1], "--only") == 0 ? argv[2] : "",
    };
    int outcome;

    if (argc != 1 && !*bench.only) {
        fputs("usage: bench [--only PART-OF-A-NAME]\n", stderr);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    raise_descriptor_limit();
    extend_path();
    interrupt_block(LIMIT_S);
    if (stage_open(&bench.stage) < 0)
        return 1;
    outcome = measure_all(&bench);
    stage_close(&bench.stage);
    if (interrupt_pending())
        printf("%s: all started processes have been ended\n", interrupt_name());
    score_foot(&bench.score);
    return outcome < 0 || bench.score.lost > 0 || bench.stage.bad_ends > 0;
}
