/* SPDX-License-Identifier: MIT */
/* phases.c - the phases of a trial; see trial.h. */
#include "chaos/trial/internal.h"
#include "worker/clock.h"
#include <signal.h>

const char *trial_phase_name(enum trial_phase phase)
{
    static const char *const names[TRIAL_PHASES] = {
        [TRIAL_STARTING] = "starting", [TRIAL_BASELINE] = "baseline",
        [TRIAL_FAULT] = "fault",       [TRIAL_RECOVERY] = "recovery",
        [TRIAL_DRAINING] = "draining", [TRIAL_ENDING] = "ending",
        [TRIAL_ENDED] = "ended",
    };

    return names[phase];
}

struct phase_stats *trial_phase_stats(struct trial *trial,
                                      enum trial_phase phase)
{
    return &trial->phase_stats[phase - TRIAL_BASELINE];
}

pid_t trial_root(const struct trial *trial)
{
    return trial->target.pid ? trial->target.pid : trial->root;
}

void trial_wait(struct trial *trial, uint64_t us)
{
    ev_now_update(trial->loop);
    ev_timer_stop(trial->loop, &trial->phase_timer);
    ev_timer_set(&trial->phase_timer, (double)us / 1e6, 0);
    ev_timer_start(trial->loop, &trial->phase_timer);
}

static void on_load_done(void *context)
{
    trial_enter(context, TRIAL_ENDING);
}

/* A target that reports slots has reported them before the first injection. */
static bool needs_unknown_slot(const struct trial *trial,
                               const struct injection *injected)
{
    return injected->fault->victim == CHOOSE_SLOT &&
           injected->result == INJECTION_NO_VICTIM &&
           !slots_known(&trial->slots, (int64_t)injected->fault->slot);
}

static void on_injection(void *context, const struct injection *injected)
{
    struct trial *trial = context;

    if (injected->result == INJECTION_HIT &&
        injected->fault->kind == FAULT_SIGNAL &&
        injected->fault->signal == SIGKILL)
        worker_stats_injection(&trial->worker_stats, injected->pid);
    if (trial->recorder)
        recorder_injection(trial->recorder, injected);
    if (needs_unknown_slot(trial, injected))
        trial_end_early(trial, TRIAL_NO_SLOT);
}

/* Returns the usage so far, which is also the end of the phase that was being
 * measured, if any. */
static struct usage_mark mark_usage(struct trial *trial)
{
    const struct log_reader *log = &trial->target.reader;
    struct usage_mark mark =
        usage_mark(trial_root(trial), log->bytes, log->lines);

    if (trial->usage) {
        usage_look(trial->usage, trial_root(trial));
        trial->usage->pss_bytes = usage_pss(trial_root(trial));
        trial->usage->to = mark;
    }
    trial->usage = NULL;
    return mark;
}

static void measure(struct trial *trial, enum trial_phase phase, uint64_t us)
{
    struct phase_stats *phase_stats = trial_phase_stats(trial, phase);
    struct client *client = trial->client;
    struct phase_stats *before = client->phase_stats;
    struct usage_mark mark = mark_usage(trial);
    uint64_t now_us = clock_monotonic_us();

    trial->usage = &trial->usages[phase - TRIAL_BASELINE];
    trial->usage->from = mark;
    usage_look(trial->usage, trial_root(trial));
    phase_stats_begin(phase_stats, now_us);
    if (before) {
        phase_stats_close(before, now_us);
        client->phase_stats = phase_stats;
    } else {
        phase_stats_begin(&trial->fault_requests, now_us);
        client->fault_requests = &trial->fault_requests;
        client->on_done = on_load_done;
        client_start(client, phase_stats);
    }
    trial_wait(trial, us);
}

static void start_fault_phase(struct trial *trial)
{
    const struct fault_options *faults = &trial->options->faults;
    struct monkey *monkey;

    if (trial_root(trial) != 0 && faults_hit_processes(faults)) {
        monkey = monkey_new(trial->loop, faults, trial_root(trial),
                            trial->options->seed);
        monkey->slots = &trial->slots;
        monkey->past = trial->past;
        monkey->past_count = trial->past_count;
        monkey->context = trial;
        monkey->on_injection = on_injection;
        trial->fault_injector.monkey = monkey;
    }
    fault_injector_begin(&trial->fault_injector, faults, trial->client);
}

/* Without a steady state, faults prove nothing.  The ledger need not balance,
 * because requests may be in progress. */
static bool is_steady(struct trial *trial)
{
    struct figures figures =
        phase_stats_figures(trial_phase_stats(trial, TRIAL_BASELINE));
    enum verdict_outcome outcome;

    figures.balanced = true;
    outcome = verdict_reach(&trial->options->hypothesis, &figures).outcome;
    return outcome == VERDICT_PASS ||
           (outcome == VERDICT_INCONCLUSIVE && trial->inconclusive_ok);
}

/* The availability was too low in every step of the last abort_for_us. */
static bool is_unavailable_for_long(const struct trial *trial)
{
    const struct recorder *recorder = trial->recorder;
    uint64_t steps = trial->options->abort_for_us / RECORDER_STEP_US;
    uint32_t end = recorder->bucket_count - 1; /* the last step is incomplete */

    if (trial->options->abort_availability <= 0 || end < steps)
        return false;
    for (uint32_t i = end - (uint32_t)steps; i < end; i++) {
        const struct time_bucket *bucket = &recorder->buckets[i];
        double all = bucket->ok + bucket->lost + bucket->errors;

        if (all > 0 && bucket->ok / all >= trial->options->abort_availability)
            return false;
    }
    return true;
}

void trial_abort_beyond_limits(struct trial *trial)
{
    if (trial->phase != TRIAL_FAULT ||
        trial->recorder->bucket_count == trial->buckets_judged)
        return;
    trial->buckets_judged = trial->recorder->bucket_count;
    if (ledger_lost(&trial->client->phase_stats->ledger) >
            trial->options->abort_lost ||
        is_unavailable_for_long(trial)) {
        trial->aborted = true;
        trial_next_phase(trial);
    }
}

static void end_target(struct trial *trial)
{
    mark_usage(trial);
    ev_timer_stop(trial->loop, &trial->phase_timer);
    ev_timer_stop(trial->loop, &trial->probe_timer);
    fault_injector_end(&trial->fault_injector);
    if (trial->client && !trial->client->finishing)
        client_abandon(trial->client);
    if (trial->target.pid)
        target_end(&trial->target);
    else
        trial_enter(trial, TRIAL_ENDED);
}

void trial_enter(struct trial *trial, enum trial_phase phase)
{
    const struct trial_options *options = trial->options;

    trial->phase = phase;
    trial->phase_us[phase] = clock_monotonic_us();
    if (trial->on_phase)
        trial->on_phase(trial->context, phase);
    switch (phase) {
    case TRIAL_BASELINE:
        measure(trial, phase, options->baseline_us);
        break;
    case TRIAL_FAULT:
        if (options->baseline_us > 0 && !is_steady(trial)) {
            trial_end_early(trial, TRIAL_NOT_STEADY);
            break;
        }
        listening_sockets_find(&trial->listening, trial_root(trial));
        measure(trial, phase, options->fault_us);
        start_fault_phase(trial);
        break;
    case TRIAL_RECOVERY:
        fault_injector_end(&trial->fault_injector);
        measure(trial, phase, options->recovery_us);
        break;
    case TRIAL_DRAINING:
        mark_usage(trial);
        fault_injector_end(&trial->fault_injector);
        client_stop(trial->client);
        break;
    case TRIAL_ENDING:
        end_target(trial);
        break;
    case TRIAL_ENDED:
        ev_break(trial->loop, EVBREAK_ALL);
        break;
    case TRIAL_STARTING:
    case TRIAL_PHASES:
        break;
    }
}

void trial_next_phase(struct trial *trial)
{
    const struct trial_options *options = trial->options;
    enum trial_phase next = trial->phase + 1;

    if (next == TRIAL_BASELINE && options->baseline_us == 0)
        next = TRIAL_FAULT;
    if (next == TRIAL_RECOVERY && options->recovery_us == 0)
        next = TRIAL_DRAINING;
    trial_enter(trial, next);
}

void trial_end_early(struct trial *trial, enum trial_end why)
{
    if (trial->phase >= TRIAL_ENDING)
        return;
    trial->end = why;
    if (trial->client)
        client_abandon(trial->client);
    trial_enter(trial, TRIAL_ENDING);
}

void trial_interrupt(struct trial *trial)
{
    trial_end_early(trial, TRIAL_INTERRUPTED);
}

void trial_on_phase_over(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct trial *trial = timer->data;

    (void)loop;
    (void)revents;
    if (trial->phase == TRIAL_STARTING) {
        trial_end_early(trial, TRIAL_NEVER_READY);
        return;
    }
    if (trial->phase == TRIAL_FAULT && trial->fault_injector.monkey)
        monkey_finish(trial->fault_injector.monkey);
    if (trial->phase < TRIAL_ENDING) /* an injection may have ended it */
        trial_next_phase(trial);
}
