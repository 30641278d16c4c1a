/* SPDX-License-Identifier: MIT */
/* supervisor.c - the loop, and the shutdown. */
#include "supervisor/supervisor.h"
#include "supervisor/connections/acceptor.h"
#include "supervisor/connections/connections.h"
#include "supervisor/connections/fallback.h"
#include "supervisor/handoff/dispatch.h"
#include "supervisor/handoff/response_memory.h"
#include "supervisor/lifecycle/launch.h"
#include "supervisor/lifecycle/reload.h"
#include "supervisor/log/events.h"
#include "supervisor/log/failure_report.h"
#include "supervisor/log/journal.h"
#include "supervisor/policy/signal_name.h"
#include "supervisor/pool/pool.h"
#include "supervisor/pool/rewatch.h"
#include "supervisor/setup.h"
#include "supervisor/system/loop_memory.h"
#include "supervisor/system/memory.h"
#include "supervisor/system/signals.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Forks in one turn of the loop.  A fork takes about a millisecond, during
 * which nothing is dispatched. */
#define FORKS_A_TURN 1

/* Interval of attempts to write to a log whose reader is slow. */
#define FLUSH_RETRY_S 0.02

/* ---- Shutdown ---- */

/* A step that policy/stage.h refuses changes nothing. */
static void enter_stage(struct supervisor *supervisor, enum stage next)
{
    bool allowed = stage_may_follow(supervisor->stage, next);

    event_stage(supervisor, next, allowed);
    if (allowed)
        supervisor->stage = next;
}

static void stop_now(struct supervisor *supervisor)
{
    supervisor->skip_waiting = true;
    if (supervisor->stage != STAGE_LEAVING)
        enter_stage(supervisor, STAGE_LEAVING);
    fallback_end_all(supervisor);
    pool_drain(supervisor);
    pool_kill(supervisor);
}

static void on_drain_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    stop_now(timer->data);
}

void supervisor_stop(struct supervisor *supervisor, const char *reason,
                     int exit_status)
{
    if (supervisor->stage != STAGE_SERVING) {
        supervisor->skip_lingering = true;
        stop_now(supervisor);
        return;
    }
    event_shutdown(supervisor, reason);
    enter_stage(supervisor, STAGE_DRAINING);
    supervisor->exit_status = exit_status;
    acceptor_close(supervisor);
    fallback_close_idle(supervisor);
    pool_announce_last(supervisor);
    ev_timer_set(&supervisor->drain_timer,
                 (double)supervisor->options->drain_timeout_us / 1e6, 0);
    ev_timer_start(supervisor->loop, &supervisor->drain_timer);
}

static void check_stage(struct supervisor *supervisor)
{
    if (supervisor->stage == STAGE_SERVING &&
        restart_gave_up(&supervisor->restarts))
        supervisor_stop(supervisor, "crash loop", EXIT_GAVE_UP);
    if (supervisor->stage == STAGE_SERVING && pool_is_absent(supervisor))
        supervisor_stop(supervisor, "no worker is left", 0);
    if (supervisor->stage == STAGE_DRAINING && pool_is_absent(supervisor))
        fallback_end_all(supervisor);
    if (supervisor->stage == STAGE_DRAINING &&
        supervisor->connections->count == supervisor->connections->lingering) {
        enter_stage(supervisor, STAGE_LEAVING);
        pool_drain(supervisor);
    }
    if (supervisor->stage == STAGE_LEAVING && pool_is_absent(supervisor) &&
        (supervisor->connections->lingering == 0 || supervisor->skip_lingering))
        ev_break(supervisor->loop, EVBREAK_ALL);
}

/* ---- The turn ---- */

static void on_due(struct ev_loop *loop, ev_timer *timer, int revents)
{
    /* The timer only wakes the loop: on_turn() does the work. */
    (void)loop;
    (void)timer;
    (void)revents;
}

static void on_idle(struct ev_loop *loop, ev_idle *idle, int revents)
{
    (void)revents;
    ev_idle_stop(loop, idle);
}

/* Runs before the loop waits, after all events that were ready: an exit that is
 * ready must be handled before its worker can be promoted. */
static void on_turn(struct ev_loop *loop, ev_prepare *turn, int revents)
{
    struct supervisor *supervisor = turn->data;
    int forks = 0;

    (void)revents;
    memory_share_out(supervisor);
    pool_fill_slots(supervisor);
    reload_continue(supervisor);
    dispatch(supervisor);
    while (forks < FORKS_A_TURN && launch_one(supervisor))
        forks++;
    if (forks == FORKS_A_TURN)
        ev_idle_start(loop, &supervisor->more);
    check_stage(supervisor);
    if (journal_flush(supervisor->journal) &&
        !ev_is_active(&supervisor->flush_timer)) {
        ev_timer_set(&supervisor->flush_timer, FLUSH_RETRY_S, 0);
        ev_timer_start(loop, &supervisor->flush_timer);
    }
}

static void resume(struct supervisor *supervisor)
{
    struct intensity *intensity = &supervisor->restarts.intensity;
    bool was_closed = intensity->breaker == BREAKER_CLOSED;

    intensity_resume(intensity);
    if (!was_closed && intensity->breaker == BREAKER_CLOSED)
        event_resume(supervisor, "SIGHUP");
}

static void on_signal(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct supervisor *supervisor = watcher->data;
    int signal;

    (void)loop;
    if (rewatch_refused(supervisor, revents))
        return;
    while ((signal = signals_next(supervisor->signal_fd))) {
        event_signal(supervisor, signal);
        if (signal == SIGHUP)
            resume(supervisor);
        else if (signal == SIGUSR2)
            reload_begin(supervisor);
        else if (signal == SIGUSR1)
            failure_report(supervisor);
        else
            supervisor_stop(supervisor, signal_name(signal), 0);
    }
}

/* ---- Start ---- */

static void start_timers(struct supervisor *supervisor)
{
    ev_init(&supervisor->permit_timer, on_due);
    ev_init(&supervisor->flush_timer, on_due);
    ev_init(&supervisor->drain_timer, on_drain_timer);
    supervisor->drain_timer.data = supervisor;
    ev_idle_init(&supervisor->more, on_idle);
    ev_prepare_init(&supervisor->turn, on_turn);
    supervisor->turn.data = supervisor;
    ev_prepare_start(supervisor->loop, &supervisor->turn);
    ev_io_init(&supervisor->signal_watcher, on_signal, supervisor->signal_fd,
               EV_READ);
    supervisor->signal_watcher.data = supervisor;
    ev_io_start(supervisor->loop, &supervisor->signal_watcher);
}

static void start_restarts(struct supervisor *supervisor)
{
    const struct options *options = supervisor->options;
    struct restart_rule rule = options_restart_rule(options);

    restart_start(&supervisor->restarts, &rule, options->seed);
}

static void rewatch_connections(struct supervisor *supervisor)
{
    acceptor_rewatch(supervisor);
    connections_rewatch(supervisor);
}

/* Does not use fprintf(3), which would block on a stopped terminal. */
static void report_incomplete_log(int error)
{
    struct journal errors;

    if (journal_open(&errors, NULL, JOURNAL_TEXT) < 0)
        return;
    journal_event(&errors, LOG_EVENT_LOG_FAILED, JOURNAL_ALWAYS);
    journal_end(&errors, "supervisor: the end of the log is missing: %s",
                strerror(error));
    journal_drain(&errors);
    journal_close(&errors);
}

static int serve(struct supervisor *supervisor)
{
    bool balanced;
    int error;

    acceptor_announce(supervisor, supervisor->response_memory->budget_bytes);
    if (supervisor->connections->max < supervisor->options->max_connections)
        event_bound(supervisor, supervisor->connections->max);
    start_restarts(supervisor);
    start_timers(supervisor);
    rewatch_start(supervisor, rewatch_connections);
    acceptor_start(supervisor);
    pool_start(supervisor);
    failure_report_start(supervisor);
    ev_run(supervisor->loop, 0);
    failure_report(supervisor);
    balanced = totals_balanced(&supervisor->totals, 0, 0);
    event_totals(supervisor, balanced);
    error = journal_drain(supervisor->journal);
    if (error) {
        report_incomplete_log(error);
        return EXIT_FAILURE;
    }
    return balanced ? supervisor->exit_status : EXIT_FAILURE;
}

int supervisor_run(const struct options *options)
{
    struct supervisor *supervisor = memory_private(1, sizeof(*supervisor));
    int status = EXIT_FAILURE;

    if (!supervisor) {
        perror("supervisor: cannot start");
        return status;
    }
    ev_set_allocator(loop_memory_resize);
    supervisor->options = options;
    supervisor->signal_fd = supervisor->refusal_fd = -1;
    supervisor->spawn.placeholder = -1;
    if (setup_open(supervisor) == 0)
        status = serve(supervisor);
    setup_close(supervisor);
    memory_free(supervisor);
    return status;
}
