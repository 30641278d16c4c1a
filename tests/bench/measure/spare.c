/* SPDX-License-Identifier: MIT */
/*
 * spare.c - how soon the slot of a killed worker is served again.
 */
#include "tests/bench/bench.h"
#include "tests/bench/fetch.h"
#include "tests/bench/interrupt.h"
#include "tests/bench/journal.h"
#include "tests/bench/samples.h"
#include "worker/clock.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define KILLS             60 /* measured in the journal, without requests */
#define KILLS_WITH_CLIENT 40 /* after which a client sends requests */
#define REST_LIMIT_US     2000000 /* continue even if the pool is not complete */

struct killing {
    struct bench *bench;
    const struct server *server;
    FILE *journal;
    uint32_t starting; /* forked and not yet online */
    double killed_us;  /* wall clock, as in the journal */
    double exited_us;
    int slot;
    bool silent;       /* no client sends requests: this kill is measured */
    size_t promotions; /* so far */
    struct samples exit_to_promote_us, kill_to_promote_us, kill_to_answer_us;
};

static bool read_worker(struct killing *killing, int *pid, int *slot)
{
    struct server_answer answer;
    const char *text;

    if (!fetch_page(killing->server->port, &answer)) {
        killing->bench->score.lost += !interrupt_pending();
        return false;
    }
    text = strstr(answer.kept + answer.head_bytes, "pid=");
    return text && sscanf(text, "pid=%d worker=%d", pid, slot) == 2;
}

static void count_event(struct killing *killing, const struct log_event *event)
{
    double at_us = event->time * 1e6;

    if (event->kind == LOG_EVENT_FORK)
        killing->starting++;
    else if (event->kind == LOG_EVENT_ONLINE && killing->starting > 0)
        killing->starting--;
    if (event->slot != killing->slot || at_us < killing->killed_us)
        return;
    if (event->kind == LOG_EVENT_EXIT)
        killing->exited_us = at_us;
    if (event->kind != LOG_EVENT_PROMOTE)
        return;
    killing->promotions++;
    if (!killing->silent)
        return;
    samples_add(&killing->exit_to_promote_us, at_us - killing->exited_us);
    samples_add(&killing->kill_to_promote_us, at_us - killing->killed_us);
}

/* Reads the journal until the slot has a worker and the next spare is online.
 */
static void await_rest(struct killing *killing, size_t promotions)
{
    uint64_t start_us = clock_monotonic_us();
    struct log_event event;

    while (clock_monotonic_us() - start_us < REST_LIMIT_US &&
           !interrupt_pending()) {
        if (journal_next(killing->journal, &event))
            count_event(killing, &event);
        else if (killing->promotions >= promotions && killing->starting == 0)
            return;
        else
            usleep(200);
    }
}

/* Kills the worker that answers.  Returns its pid, or -1 if none answers. */
static int kill_one(struct killing *killing)
{
    int victim, slot;

    if (!read_worker(killing, &victim, &slot))
        return -1;
    killing->slot = slot;
    killing->killed_us = (double)clock_wall_us();
    kill(victim, SIGKILL);
    return victim;
}

/* Sends requests until the slot answers again. */
static bool await_answer(struct killing *killing, int victim)
{
    int pid, slot;

    do {
        if (!read_worker(killing, &pid, &slot))
            return false;
    } while (slot != killing->slot || pid == victim);
    samples_add(&killing->kill_to_answer_us,
                (double)clock_wall_us() - killing->killed_us);
    return true;
}

/* Kills first without a client, because a client takes CPU time from the
 * processes it waits for; then with a client. */
static bool kill_in_turn(struct killing *killing)
{
    await_rest(killing, 0);
    for (size_t kills = 1; kills <= KILLS + KILLS_WITH_CLIENT; kills++) {
        int victim;

        killing->silent = kills <= KILLS;
        victim = kill_one(killing);
        if (victim < 0 || interrupt_pending() ||
            (!killing->silent && !await_answer(killing, victim)))
            return false;
        await_rest(killing, kills);
    }
    return true;
}

static void score(struct bench *bench, struct killing *killing)
{
    static const struct goal goal = { GOAL_AT_MOST, 1, "ms" };
    static const struct goal none = { GOAL_NONE, 0, "ms" };
    double median_us = samples_quantile(&killing->kill_to_promote_us, 0.5);

    score_line(&bench->score, "spare-takes-slot", median_us / 1000, &goal,
               "median of %zu kills, p99 %.2f; %.2f of it after the exit "
               "was noticed; the end of a bare process takes %.2f",
               killing->kill_to_promote_us.count,
               samples_quantile(&killing->kill_to_promote_us, 0.99) / 1000,
               samples_quantile(&killing->exit_to_promote_us, 0.5) / 1000,
               bench->bare_kill_us / 1000);
    score_line(&bench->score, "spare-answers",
               samples_quantile(&killing->kill_to_answer_us, 0.5) / 1000, &none,
               "median from the kill to the slot's next answer, p99 %.2f",
               samples_quantile(&killing->kill_to_answer_us, 0.99) / 1000);
}

static int kill_many(struct bench *bench, const struct server *server)
{
    struct killing killing = {
        .bench = bench,
        .server = server,
        .journal = fopen(server->log, "re"),
        .slot = -1,
    };
    bool done = killing.journal && kill_in_turn(&killing);

    if (done)
        score(bench, &killing);
    if (killing.journal)
        fclose(killing.journal);
    samples_drop(&killing.exit_to_promote_us);
    samples_drop(&killing.kill_to_promote_us);
    samples_drop(&killing.kill_to_answer_us);
    return done ? 0 : -1;
}

int measure_spare(struct bench *bench)
{
    static const char *const options[] = { "--exit-after", "0", "--handoff",
                                           "connection", NULL };
    struct bench_stage *stage = &bench->stage;
    struct server *server;
    int outcome;

    if (!bench_wants(bench, "spare-takes-slot") &&
        !bench_wants(bench, "spare-answers"))
        return 0;
    server = stage_supervisor(stage, stage->workers, options);
    outcome = server ? kill_many(bench, server) : -1;
    stage_end(stage, server);
    return outcome;
}
