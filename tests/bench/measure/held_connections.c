/* SPDX-License-Identifier: MIT */
/*
 * held_connections.c - the effect of 10,000 idle connections on busy
 * connections, forks, and the supervisor's memory.
 *
 * The cost is the CPU time of the server's processes per answer, because the
 * rate also depends on the CPU time of the load generator.
 */
#include "tests/bench/bench.h"
#include "tests/bench/compare.h"
#include "tests/bench/idle_connections.h"
#include "tests/bench/process.h"
#include <stddef.h>
#include <stdio.h>
#include <sys/resource.h>

#define FEW         10
#define MANY        10000
#define DESCRIPTORS (MANY + 200) /* 200 for other purposes */
#define BUSY        16

struct burden {
    const char *name, *memory_name;
    const char *options[9];
    bool answered;   /* each idle connection has had an answer */
    bool keep_alive; /* of the busy connections */
    double limit;
};

#define PATIENT "--max-connections", "10200", "--idle-timeout", "10m"

/* With --handoff request the supervisor holds a connection even before its
 * first request, so `held-respawn` needs no answers, which would take 10,000
 * exits. */
static const struct burden burdens[] = {
    { .name = "held-respawn",
      .options = { PATIENT, "--exit-after", "1" },
      .limit = 1.5 },
    { .name = "held-request",
      .memory_name = "held-request-memory",
      .options = { PATIENT, "--exit-after", "0", "--handoff", "request" },
      .answered = true,
      .keep_alive = true,
      .limit = 1.2 },
    { .name = "held-connection",
      .memory_name = "held-connection-memory",
      .options = { PATIENT, "--exit-after", "0", "--handoff", "connection" },
      .answered = true,
      .keep_alive = true,
      .limit = 1.2 },
};

static bool wants(const struct bench *bench, const struct burden *burden)
{
    return bench_wants(bench, burden->name) ||
           (burden->memory_name && bench_wants(bench, burden->memory_name));
}

/* The supervisor's own memory, without the records, which workers use. */
static void score_memory(struct bench *bench, const struct burden *burden,
                         struct process_memory before,
                         struct process_memory after)
{
    static const struct goal goal = { GOAL_AT_MOST, 200, "bytes" };

    score_line(&bench->score, burden->memory_name,
               (after.own_bytes - before.own_bytes) / MANY, &goal,
               "per connection of %d held; and %.0f of records", MANY,
               (after.memfd_bytes - before.memfd_bytes) / MANY);
}

static int score_cost(struct bench *bench, const struct burden *burden,
                      const struct server *few, const struct server *many)
{
    const struct goal goal = { GOAL_AT_MOST, burden->limit, "" };
    struct compare compare = {
        .sides = { { many, BUSY, burden->keep_alive },
                   { few, BUSY, burden->keep_alive } },
    };

    if (compare_run(bench, &compare) < 0)
        return -1;
    score_line(&bench->score, burden->name, compare.cpu_ratio, &goal,
               "CPU %.1f us with %d held, %.1f with %d; %.0f/s and %.0f/s",
               compare.outcomes[0].cpu_us, MANY, compare.outcomes[1].cpu_us,
               FEW, compare.outcomes[0].rate, compare.outcomes[1].rate);
    return 0;
}

static int load_up(struct bench *bench, const struct burden *burden,
                   const struct server *few, const struct server *many)
{
    struct idle_connections held_few = { 0 }, held_many = { 0 };
    struct process_memory before = process_memory(many->pid);
    int outcome = -1;

    if (idle_connections_open(&held_few, few->port, FEW, burden->answered) ==
            0 &&
        idle_connections_open(&held_many, many->port, MANY, burden->answered) ==
            0) {
        if (burden->memory_name)
            score_memory(bench, burden, before, process_memory(many->pid));
        outcome = score_cost(bench, burden, few, many);
        if (outcome == 0)
            bench->score.lost += idle_connections_lost(&held_few) +
                                 idle_connections_lost(&held_many);
    }
    idle_connections_close(&held_few);
    idle_connections_close(&held_many);
    return outcome;
}

static int measure(struct bench *bench, const struct burden *burden)
{
    struct bench_stage *stage = &bench->stage;
    struct server *few =
        stage_supervisor(stage, stage->workers, burden->options);
    struct server *many =
        few ? stage_supervisor(stage, stage->workers, burden->options) : NULL;
    int outcome = many ? load_up(bench, burden, few, many) : -1;

    stage_end(stage, many);
    stage_end(stage, few);
    return outcome;
}

int measure_held(struct bench *bench)
{
    struct rlimit limit;
    char why[96];

    getrlimit(RLIMIT_NOFILE, &limit);
    snprintf(why, sizeof why, "needs %d descriptors, the hard limit is %lu",
             DESCRIPTORS, (unsigned long)limit.rlim_max);
    for (size_t i = 0; i < sizeof burdens / sizeof *burdens; i++) {
        const struct burden *burden = &burdens[i];

        if (!wants(bench, burden))
            continue;
        if (limit.rlim_cur < DESCRIPTORS)
            score_skip(&bench->score, burden->name, why);
        else if (measure(bench, burden) < 0)
            return -1;
    }
    return 0;
}
