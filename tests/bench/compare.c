/* SPDX-License-Identifier: MIT */
/* compare.c - see compare.h. */
#include "tests/bench/compare.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/process.h"
#include "tests/bench/samples.h"
#include <stdio.h>

#define WARM_UP_US 150000

struct round {
    double answers, seconds, cpu_us, p99_us;
};

static struct round run_round(const struct side *side, uint64_t length_us,
                              struct load_result *sum)
{
    struct load_plan plan = {
        .port = side->server->port,
        .connections = side->connections,
        .keep_alive = side->keep_alive,
        .max_answers = UINT64_MAX,
        .max_us = length_us,
        .timeout_us = BENCH_TIMEOUT_US,
    };
    double before_us = process_tree_cpu_us(side->server->pid);
    struct load_result result;

    load_run(&plan, &result);
    sum->answers += result.answers;
    for (int error = 0; error < LOAD_ERRORS; error++)
        sum->errors[error] += result.errors[error];
    return (struct round){
        .answers = (double)result.answers,
        .seconds = result.seconds,
        .cpu_us = process_tree_cpu_us(side->server->pid) - before_us,
        .p99_us = result.p99_us,
    };
}

static double rate_of(const struct round *round)
{
    return round->answers / round->seconds;
}

static double cost_of(const struct round *round)
{
    return round->cpu_us / round->answers;
}

/* Adds up all rounds, for a system that does not answer in every round. */
static struct round join(const struct round rounds[BENCH_ROUNDS])
{
    struct round sum = { 0 };

    for (int i = 0; i < BENCH_ROUNDS; i++) {
        sum.answers += rounds[i].answers;
        sum.seconds += rounds[i].seconds;
        sum.cpu_us += rounds[i].cpu_us;
        if (sum.p99_us < rounds[i].p99_us)
            sum.p99_us = rounds[i].p99_us;
    }
    return sum;
}

static bool answers_each_round(const struct round rounds[BENCH_ROUNDS])
{
    bool each = true;

    for (int i = 0; i < BENCH_ROUNDS; i++)
        each = each && rounds[i].answers > 0;
    return each;
}

static double median(const double values[BENCH_ROUNDS])
{
    struct samples samples = { 0 };
    double middle;

    for (int i = 0; i < BENCH_ROUNDS; i++)
        samples_add(&samples, values[i]);
    middle = samples_quantile(&samples, 0.5);
    samples_drop(&samples);
    return middle;
}

static struct compare_outcome
conclude_side(const struct round rounds[BENCH_ROUNDS])
{
    double rate[BENCH_ROUNDS], cpu_us[BENCH_ROUNDS], p99_us[BENCH_ROUNDS];

    for (int i = 0; i < BENCH_ROUNDS; i++) {
        rate[i] = rate_of(&rounds[i]);
        cpu_us[i] = cost_of(&rounds[i]);
        p99_us[i] = rounds[i].p99_us;
    }
    return (struct compare_outcome){ .rate = median(rate),
                                     .cpu_us = median(cpu_us),
                                     .p99_us = median(p99_us) };
}

static void conclude(struct compare *compare,
                     struct round rounds[2][BENCH_ROUNDS])
{
    double rate[BENCH_ROUNDS], cpu_us[BENCH_ROUNDS];

    if (!answers_each_round(rounds[0]) || !answers_each_round(rounds[1])) {
        for (int side = 0; side < 2; side++) {
            struct round all = join(rounds[side]);

            compare->outcomes[side] =
                (struct compare_outcome){ rate_of(&all), cost_of(&all),
                                          all.p99_us };
        }
        compare->rate_ratio =
            compare->outcomes[0].rate / compare->outcomes[1].rate;
        compare->cpu_ratio =
            compare->outcomes[0].cpu_us / compare->outcomes[1].cpu_us;
        return;
    }
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        rate[i] = rate_of(&rounds[0][i]) / rate_of(&rounds[1][i]);
        cpu_us[i] = cost_of(&rounds[0][i]) / cost_of(&rounds[1][i]);
    }
    for (int side = 0; side < 2; side++)
        compare->outcomes[side] = conclude_side(rounds[side]);
    compare->rate_ratio = median(rate);
    compare->cpu_ratio = median(cpu_us);
}

/* Only losses of a supervisor count. */
static void add_losses(struct bench *bench, const struct side *side,
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
    printf(" of %lu answers\n", (unsigned long)sum->answers);
}

int compare_run(struct bench *bench, struct compare *compare)
{
    struct round rounds[2][BENCH_ROUNDS];
    struct load_result sums[2] = { 0 };

    for (int side = 0; side < 2; side++)
        run_round(&compare->sides[side], WARM_UP_US, &sums[side]);
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        for (int side = 0; side < 2; side++)
            rounds[side][i] =
                run_round(&compare->sides[side], BENCH_ROUND_US, &sums[side]);
        if (interrupt_pending())
            return -1;
    }
    conclude(compare, rounds);
    for (int side = 0; side < 2; side++)
        add_losses(bench, &compare->sides[side], &sums[side]);
    return 0;
}
