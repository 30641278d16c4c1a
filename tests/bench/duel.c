/* duel.c - see duel.h. */
#include "tests/bench/duel.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/process.h"
#include "tests/bench/samples.h"
#include <stdio.h>

#define WARM_UP_US 150000

struct round {
    double rate, cpu_us, p99_us;
};

static struct round run_round(const struct side *side, uint64_t length_us,
                              struct load_result *sum)
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
    double used_us, answers;

    load_run(&plan, &result);
    used_us = process_tree_cpu_us(side->server->pid) - before_us;
    sum->answers += result.answers;
    for (int error = 0; error < LOAD_ERRORS; error++)
        sum->errors[error] += result.errors[error];
    /* A server that answers nothing is infinitely slow, not undefined. */
    answers = result.answers ? (double)result.answers : 1e-9;
    return (struct round){ .rate = answers / result.seconds,
                           .cpu_us = used_us / answers,
                           .p99_us = result.p99_us };
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

static void conclude(struct duel *duel, struct round rounds[2][BENCH_ROUNDS])
{
    double rate[BENCH_ROUNDS], cpu_us[BENCH_ROUNDS], p99_us[BENCH_ROUNDS];

    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < BENCH_ROUNDS; i++) {
            rate[i] = rounds[side][i].rate;
            cpu_us[i] = rounds[side][i].cpu_us;
            p99_us[i] = rounds[side][i].p99_us;
        }
        duel->outcomes[side].rate = median(rate);
        duel->outcomes[side].cpu_us = median(cpu_us);
        duel->outcomes[side].p99_us = median(p99_us);
    }
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        rate[i] = rounds[0][i].rate / rounds[1][i].rate;
        cpu_us[i] = rounds[0][i].cpu_us / rounds[1][i].cpu_us;
    }
    duel->rate_ratio = median(rate);
    duel->cpu_ratio = median(cpu_us);
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
    printf(", beside %lu answers\n", (unsigned long)sum->answers);
}

int duel_run(struct bench *bench, struct duel *duel)
{
    struct round rounds[2][BENCH_ROUNDS];
    struct load_result sums[2] = { 0 };

    for (int side = 0; side < 2; side++)
        run_round(&duel->sides[side], WARM_UP_US, &sums[side]);
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        for (int side = 0; side < 2; side++)
            rounds[side][i] =
                run_round(&duel->sides[side], BENCH_ROUND_US, &sums[side]);
        if (interrupt_pending())
            return -1;
    }
    conclude(duel, rounds);
    for (int side = 0; side < 2; side++)
        charge(bench, &duel->sides[side], &sums[side]);
    return 0;
}
