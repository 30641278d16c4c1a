/* SPDX-License-Identifier: MIT */
/* trial.c - one thread drives the client and the tracees. */
#include "tests/crashpoints/trial.h"
#include "supervisor/policy/signal_name.h"
#include "tests/crashpoints/execution.h"
#include "tests/crashpoints/quiescence.h"
#include "tests/harness/deadline.h"
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define WORKERS_MAX 8

/* Sleep when nothing has happened. */
#define NAP_NS 100000

/* Quiet naps in a row before the second part of a request is sent: the first
 * part may still be in the kernel. */
#define RESTS 5

struct traced_worker {
    struct tracee tracee;
    int order; /* in which the workers woke up; -1: still asleep */
    unsigned stops;
    int call; /* the last call entered, or -1 */
};

struct trial_run_state {
    struct trial_stage *stage;
    struct crash_trial *trial;
    struct traced_worker workers[WORKERS_MAX];
    size_t worker_count;
    int woken;
};

/* ---- The stage ---- */

void stage_open(struct trial_stage *stage, const struct script *script,
                const struct trial_setting *setting, unsigned spares,
                const char *options)
{
    const struct rlimit no_core = { 0, 0 };
    sigset_t children;

    /* nap() waits for SIGCHLD. */
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    setrlimit(RLIMIT_CORE, &no_core);
    *stage = (struct trial_stage){ .script = script,
                                   .setting = setting,
                                   .spares = spares };
    /* The restart options keep the breaker closed. */
    supervised_start(&stage->supervised,
                     "--workers 1 --spares %u --backoff none "
                     "--healthy-after 1ms --restart-intensity 1000/1ms %s %s",
                     spares, setting->options, options);
}

void stage_close(struct trial_stage *stage)
{
    supervised_finish(&stage->supervised);
}

/* ---- One worker ---- */

static void kill_worker(struct trial_run_state *run,
                        struct traced_worker *worker, uint64_t instructions)
{
    struct death *death = &run->trial->deaths[worker->order];
    int signal = run->trial->points[worker->order].signal;

    death->reached = true;
    death->instructions = instructions;
    death->call = worker->call;
    observer_read(&death->observer, &worker->tracee);
    run->trial->killed_before_end |= !visit_is_over(&run->trial->visit);
    trace_kill(&worker->tracee, signal ? signal : SIGKILL);
}

/* Steps up to `max` instructions from a stop.  Returns their number. */
static uint64_t step_on(struct trial_run_state *run,
                        struct traced_worker *worker, enum trace_stop stop,
                        uint64_t max)
{
    unsigned number = worker->stops - 1;
    uint64_t steps;

    /* After an entry the kernel runs, not the worker. */
    if (stop != TRACE_EXIT)
        return 0;
    steps = trace_step(&worker->tracee, max);
    ck_assert_uint_lt(number, TRIAL_STOPS_MAX);
    if (worker->order == 0)
        run->trial->steps[number] = (uint32_t)steps;
    return steps;
}

static void on_stop(struct trial_run_state *run, struct traced_worker *worker,
                    enum trace_stop stop)
{
    struct crash_trial *trial = run->trial;
    unsigned number = worker->stops++;

    if (worker->order < 0)
        worker->order = run->woken++;
    if (stop == TRACE_ENTRY)
        worker->call = trace_call_number(&worker->tracee);
    if (worker->order < TRIAL_VICTIMS_MAX)
        trial->stops[worker->order] = worker->stops;
    if (trial->counts_instructions && worker->order == 0)
        step_on(run, worker, stop, UINT64_MAX);
    if (worker->order < (int)trial->victims &&
        number == trial->points[worker->order].stop) {
        uint64_t max = trial->points[worker->order].instructions;
        uint64_t steps = max ? step_on(run, worker, stop, max) : 0;

        /* On a busy machine the supervisor may kill a worker that is slow
         * because it is single-stepped. */
        if (worker->tracee.pid != 0)
            kill_worker(run, worker, steps);
        return;
    }
    if (worker->tracee.pid != 0)
        trace_run_to_call(&worker->tracee);
}

/* Handles all pending stops; returns whether there was one. */
static bool look_at_workers(struct trial_run_state *run)
{
    bool moved = false;

    for (size_t i = 0; i < run->worker_count; i++) {
        struct traced_worker *worker = &run->workers[i];
        enum trace_stop stop;

        if (worker->tracee.pid == 0)
            continue;
        stop = trace_poll(&worker->tracee);
        moved |= stop != TRACE_NONE;
        if (stop != TRACE_NONE && stop != TRACE_GONE)
            on_stop(run, worker, stop);
    }
    return moved;
}

/* ---- One trial ---- */

static bool is_still(const struct trial_run_state *run)
{
    return quiescence_reached(&run->stage->supervised, 1 + run->stage->spares);
}

static void nap(void)
{
    static const struct timespec pause = { .tv_nsec = NAP_NS };
    sigset_t children;

    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigtimedwait(&children, NULL, &pause);
}

/* Continues all stopped workers; returns whether there was one. */
static bool continue_workers(struct trial_run_state *run)
{
    bool moved = false;

    for (size_t i = 0; i < run->worker_count; i++) {
        struct tracee *tracee = &run->workers[i].tracee;
        enum trace_stop stop = trace_poll(tracee);

        ck_assert_msg(stop != TRACE_GONE,
                      "a worker ended before the trial began");
        if (stop != TRACE_NONE)
            trace_run_to_call(tracee);
        moved |= stop != TRACE_NONE;
    }
    return moved;
}

/* Seizes all workers and lets each of them sleep again. */
static void seize(struct trial_run_state *run, const pid_t *pids)
{
    struct deadline deadline = deadline_start();

    run->worker_count = 1 + run->stage->spares;
    for (size_t i = 0; i < run->worker_count; i++) {
        run->workers[i] = (struct traced_worker){ .order = -1, .call = -1 };
        trace_seize(&run->workers[i].tracee, pids[i]);
        trace_run_to_call(&run->workers[i].tracee);
    }
    while (continue_workers(run) || !is_still(run) || continue_workers(run)) {
        ck_assert_msg(!deadline_passed(deadline),
                      "traced workers do not come to rest");
        nap();
    }
}

/* Returns whether every victim has died, or the others cannot die any more. */
static bool is_over(struct trial_run_state *run)
{
    const struct crash_trial *trial = run->trial;
    unsigned dead = 0;

    for (unsigned i = 0; i < trial->victims; i++)
        dead += trial->deaths[i].reached;
    if (!visit_is_over(&trial->visit))
        return false;
    if (complained(&trial->visit.wrong))
        return true;
    return (trial->victims && dead == trial->victims) ||
           (is_still(run) && !look_at_workers(run));
}

static void run_until_over(struct trial_run_state *run)
{
    struct visit *visit = &run->trial->visit;
    struct deadline deadline = deadline_start();
    unsigned rests = 0;

    while (!deadline_passed(deadline)) {
        if (look_at_workers(run) || visit_receive(visit)) {
            rests = 0;
            continue;
        }
        if (is_over(run))
            return;
        rests = visit_has_more(visit) && is_still(run) ? rests + 1 : 0;
        if (rests >= RESTS && visit_send_rest(visit))
            continue;
        nap();
    }
    complain(&visit->wrong, "not all answers arrived: %u of %u, %zu bytes",
             visit->answers, visit->script->answers, visit->received_bytes);
}

/* Everything needed to repeat a failed trial. */
static void describe_failure(const struct trial_stage *stage,
                             const struct crash_trial *trial, char *text,
                             size_t capacity)
{
    size_t used =
        (size_t)snprintf(text, capacity, "%s; %s: %s\n", stage->script->name,
                         stage->setting->name, trial->visit.wrong.words);

    for (unsigned i = 0; i < trial->victims && used < capacity; i++) {
        const struct death *death = &trial->deaths[i];
        char words[1024] = "not reached";

        if (death->reached)
            observer_describe(&death->observer, words, sizeof(words));
        used += (size_t)snprintf(
            text + used, capacity - used,
            "  worker %u dies of %s at stop %u and %lu instructions (last call "
            "entered %d): %s\n",
            i,
            signal_abbreviation(
                trial->points[i].signal ? trial->points[i].signal : SIGKILL),
            trial->points[i].stop, (unsigned long)death->instructions,
            death->call, words);
    }
}

void trial_run(struct trial_stage *stage, struct crash_trial *trial)
{
    struct trial_run_state run = { .stage = stage, .trial = trial };
    size_t count = 1 + stage->spares;
    pid_t pids[SUPERVISED_WORKERS_MAX];

    quiescence_await(&stage->supervised, count, pids);
    if (stage->setting->used) {
        visit_open(&trial->visit, stage->script, stage->supervised.port,
                   ++stage->token, true);
        quiescence_await(&stage->supervised, count, pids);
    }
    seize(&run, pids);
    if (!stage->setting->used)
        visit_open(&trial->visit, stage->script, stage->supervised.port,
                   ++stage->token, false);
    visit_send(&trial->visit);
    run_until_over(&run);
    for (size_t i = 0; i < run.worker_count; i++)
        trace_release(&run.workers[i].tracee);
    visit_close(&trial->visit);
    execution_judge(stage, trial);
    if (complained(&trial->visit.wrong)) {
        char description[4096];

        describe_failure(stage, trial, description, sizeof(description));
        ck_abort_msg("%s", description);
    }
}
