/* duel.c - see duel.h. */
#include "tests/bench/duel.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/process.h"
#include "tests/bench/samples.h"
#include <stdio.h>

#define WARM_UP_US 150000

struct rounds {
    struct samples rate, cpu_us, median_us, p99_us;
};

static void run_round(const struct side *side, uint64_t length_us,
                      struct rounds *rounds, struct load_result *sum)
{
    struct load_plan plan = {
        .port = side->server->port,
        .connections = side->connections,
        .keep_alive = side->keep_alive,
        .most_answers = UINT64_MAX,
        .most_us = length_us,
        .patience_us = BENCH_PATIENCE_US,
    };
    double before_us = process_tree_cpu_us(side->server->pid);
    struct load_result result;
    double used_us;

    load_run(&plan, &result);
    used_us = process_tree_cpu_us(side->server->pid) - before_us;
    sum->answers += result.answers;
    for (int error = 0; error < LOAD_ERRORS; error++)
        sum->errors[error] += result.errors[error];
    if (!rounds || result.answers == 0)
        return;
    samples_add(&rounds->rate, (double)result.answers / result.seconds);
    samples_add(&rounds->cpu_us, used_us / (double)result.answers);
    samples_add(&rounds->median_us, result.median_us);
    samples_add(&rounds->p99_us, result.p99_us);
}

static void conclude(struct rounds *rounds, struct outcome *outcome)
{
    outcome->rate = samples_quantile(&rounds->rate, 0.5);
    outcome->cpu_us = samples_quantile(&rounds->cpu_us, 0.5);
    outcome->median_us = samples_quantile(&rounds->median_us, 0.5);
    outcome->p99_us = samples_quantile(&rounds->p99_us, 0.5);
    samples_drop(&rounds->rate);
    samples_drop(&rounds->cpu_us);
    samples_drop(&rounds->median_us);
    samples_drop(&rounds->p99_us);
}

/* A supervisor loses nothing; the others may, that is theirs. */
static void charge(struct bench *bench, const struct side *side,
                   const struct load_result *sum)
{
    if (!side->server->log[0] || load_errors(sum) == 0)
        return;
    bench->score.lost += load_errors(sum);
    printf("the supervisor lost");
    for (int error = 0; error < LOAD_ERRORS; error++) {
        if (sum->errors[error] > 0)
            printf(" %lu %s", (unsigned long)sum->errors[error],
                   load_error_name(error));
    }
    printf(", of %lu requests\n", (unsigned long)sum->answers);
}

int duel_run(struct bench *bench, const struct side sides[2],
             struct outcome outcomes[2])
{
    struct rounds rounds[2] = { 0 };

    for (int i = 0; i < 2; i++) {
        outcomes[i] = (struct outcome){ 0 };
        run_round(&sides[i], WARM_UP_US, NULL, &outcomes[i].sum);
    }
    for (int i = 0; i < 2 * BENCH_ROUNDS && !interrupt_pending(); i++)
        run_round(&sides[i % 2], BENCH_ROUND_US, &rounds[i % 2],
                  &outcomes[i % 2].sum);
    for (int i = 0; i < 2; i++) {
        conclude(&rounds[i], &outcomes[i]);
        if (!interrupt_pending())
            charge(bench, &sides[i], &outcomes[i].sum);
    }
    return interrupt_pending() ? -1 : 0;
}
