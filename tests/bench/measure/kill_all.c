/* SPDX-License-Identifier: MIT */
/*
 * kill_all.c - how long clients wait when all workers are killed at the same
 * time: the longest time without any answer.
 */
#include "tests/bench/bench.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/load.h"
#include "tests/bench/process.h"
#include "tests/bench/samples.h"
#include <stddef.h>
#include <unistd.h>

#define MASS_KILLS   6
#define INJECTION_US 150000 /* after the start of the load */
#define MASS_KILL_US 400000 /* length of the load */
#define RECOVERY_US  300000 /* before the next mass kill */

struct gaps {
    struct samples before_us, after_us;
    uint64_t errors;
};

static void kill_all(void *target)
{
    const struct server *server = target;

    process_kill_children(server->pid);
}

static void mass_kill(struct server *server, struct gaps *gaps)
{
    const struct load_plan plan = {
        .port = server->port,
        .connections = BENCH_CONNECTIONS,
        .keep_alive = true,
        .max_answers = UINT64_MAX,
        .max_us = MASS_KILL_US,
        .timeout_us = BENCH_TIMEOUT_US,
        .injection_at_us = INJECTION_US,
        .injection = kill_all,
        .target = server,
    };
    struct load_result result;

    load_run(&plan, &result);
    samples_add(&gaps->before_us, result.gap_before_us);
    samples_add(&gaps->after_us, result.gap_after_us);
    gaps->errors += load_errors(&result);
    usleep(RECOVERY_US);
}

static void score_gaps(struct bench *bench, const char *name, struct gaps *ours,
                       struct gaps *theirs)
{
    static const struct goal goal = { GOAL_AT_MOST, 20, "ms" };

    score_line(&bench->score, name, samples_quantile(&ours->after_us, 1) / 1000,
               &goal,
               "longest of %d, median %.1f, %.1f without kills; %lu lost; "
               "nginx longest %.1f, median %.1f, %lu lost",
               MASS_KILLS, samples_quantile(&ours->after_us, 0.5) / 1000,
               samples_quantile(&ours->before_us, 1) / 1000,
               (unsigned long)ours->errors,
               samples_quantile(&theirs->after_us, 1) / 1000,
               samples_quantile(&theirs->after_us, 0.5) / 1000,
               (unsigned long)theirs->errors);
    bench->score.lost += ours->errors;
}

static int measure(struct bench *bench, const char *name,
                   const char *const options[])
{
    struct bench_stage *stage = &bench->stage;
    struct server *ours = stage_supervisor(stage, stage->workers, options);
    struct server *theirs =
        ours && stage_has_nginx() ? stage_nginx(stage, stage->workers) : NULL;
    struct gaps our_gaps = { 0 }, their_gaps = { 0 };

    for (int i = 0; i < MASS_KILLS && ours && !interrupt_pending(); i++) {
        mass_kill(ours, &our_gaps);
        if (theirs)
            mass_kill(theirs, &their_gaps);
    }
    if (ours && !interrupt_pending())
        score_gaps(bench, name, &our_gaps, &their_gaps);
    samples_drop(&our_gaps.before_us);
    samples_drop(&our_gaps.after_us);
    samples_drop(&their_gaps.before_us);
    samples_drop(&their_gaps.after_us);
    stage_end(stage, theirs);
    stage_end(stage, ours);
    return ours && !interrupt_pending() ? 0 : -1;
}

int measure_mass_kill(struct bench *bench)
{
    static const struct {
        const char *name;
        const char *options[5];
    } kinds[] = {
        { "kill-all-request", { "--exit-after", "0", "--handoff", "request" } },
        { "kill-all-connection",
          { "--exit-after", "0", "--handoff", "connection" } },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (bench_wants(bench, kinds[i].name) &&
            measure(bench, kinds[i].name, kinds[i].options) < 0)
            return -1;
    }
    return 0;
}
