/* SPDX-License-Identifier: MIT */
/*
 * workers.c - the cost of a request with 64 workers compared with 4: CPU time
 * of the server's processes per answer.
 */
#include "tests/bench/bench.h"
#include "tests/bench/compare.h"
#include <stddef.h>

#define FEW  4
#define MANY 64

struct busy_clients {
    const char *name;
    const char *options[5];
    bool keep_alive;
};

static const struct busy_clients kinds[] = {
    { "workers-request",
      { "--exit-after", "0", "--handoff", "request" },
      true },
    { "workers-connection",
      { "--exit-after", "0", "--handoff", "connection" },
      true },
    { "workers-exit", { "--exit-after", "1" }, false },
};

static int compare(struct bench *bench, const struct busy_clients *kind,
                   const struct server *few, const struct server *many)
{
    static const struct goal goal = { GOAL_AT_MOST, 1.3, "" };
    /* At most one connection for each worker: a worker with several would
     * handle several requests per wake-up, which would distort the result. */
    struct compare compare = {
        .sides = { { many, FEW, kind->keep_alive },
                   { few, FEW, kind->keep_alive } },
    };

    if (compare_run(bench, &compare) < 0)
        return -1;
    score_line(&bench->score, kind->name, compare.cpu_ratio, &goal,
               "CPU %.1f us with %d workers, %.1f with %d; %.0f/s and %.0f/s",
               compare.outcomes[0].cpu_us, MANY, compare.outcomes[1].cpu_us,
               FEW, compare.outcomes[0].rate, compare.outcomes[1].rate);
    return 0;
}

static int measure(struct bench *bench, const struct busy_clients *kind)
{
    struct bench_stage *stage = &bench->stage;
    struct server *few = stage_supervisor(stage, FEW, kind->options);
    struct server *many =
        few ? stage_supervisor(stage, MANY, kind->options) : NULL;
    int outcome = many ? compare(bench, kind, few, many) : -1;

    stage_end(stage, many);
    stage_end(stage, few);
    return outcome;
}

int measure_workers(struct bench *bench)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (bench_wants(bench, kinds[i].name) && measure(bench, &kinds[i]) < 0)
            return -1;
    }
    return 0;
}
