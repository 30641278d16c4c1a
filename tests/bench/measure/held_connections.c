/*
 * held_connections.c - what 10,000 idle connections cost those that are busy,
 * the forks, and the supervisor's memory.
 *
 * Cost is CPU time of all the server's processes per answer: the rate would
 * hide half of it behind what the load generator takes.
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
#define DESCRIPTORS (MANY + 200) /* and what a process needs besides */
#define BUSY        16

struct burden {
    const char *name, *memory_name;
    const char *options[9];
    bool answered;   /* the idle connections have had an answer each */
    bool keep_alive; /* the busy ones are */
    double limit;
};

#define PATIENT "--max-connections", "10200", "--idle-timeout", "10m"

/* In request handoff a connection waits at the supervisor, asked or not, so
 * the first need not wait for 10,000 exits. */
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

/* The supervisor's alone, beside the records, whose memory is the workers'. */
static void score_memory(struct bench *bench, const struct burden *burden,
                         struct process_memory before,
                         struct process_memory after)
{
    static const struct goal goal = { GOAL_AT_MOST, 200, "bytes" };

    score_line(&bench->score, burden->memory_name,
               (after.own_bytes - before.own_bytes) / MANY, &goal,
               "each of %d held; and of its records' heads %.0f", MANY,
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

    if (held_open(&held_few, few->port, FEW, burden->answered) == 0 &&
        held_open(&held_many, many->port, MANY, burden->answered) == 0) {
        if (burden->memory_name)
            score_memory(bench, burden, before, process_memory(many->pid));
        outcome = score_cost(bench, burden, few, many);
        if (outcome == 0)
            bench->score.lost += held_lost(&held_few) + held_lost(&held_many);
    }
    held_close(&held_few);
    held_close(&held_many);
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
