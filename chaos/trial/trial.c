/* SPDX-License-Identifier: MIT */
/* trial.c - lifetime and events of a trial; see trial.h. */
#include "chaos/measure/exit_status.h"
#include "chaos/trial/internal.h"
#include "worker/clock.h"
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define PROBE_EVERY_S 0.05 /* until the target accepts a connection */

/* In niceness: others then have about a tenth of this process's weight. */
#define AHEAD 10

/* ---- Getting ready ------------------------------------------------------ */

static const char *prepare(struct client *client,
                           const struct trial_options *options,
                           const char **key)
{
    const struct fault *asked = fault_of_kind(&options->faults, FAULT_REQUEST);
    uint32_t run = (uint32_t)(options->seed ^ (options->seed >> 32)) ^
                   (uint32_t)clock_wall_us();

    return client_prepare(client, asked ? asked->query : NULL, run, key);
}

static void on_begun(void *context, const struct load_request *request,
                     uint64_t now_us)
{
    const struct trial *trial = context;

    if (request->phase_stats != &trial->fault_requests)
        recorder_begun(trial->recorder, request, now_us);
}

static void on_ended(void *context, const struct load_request *request,
                     enum outcome outcome, uint64_t now_us)
{
    struct trial *trial = context;

    if (request->phase_stats == &trial->fault_requests)
        return;
    recorder_outcome(trial->recorder, request, outcome, now_us);
    trial_abort_beyond_limits(trial);
}

static void be_ready(struct trial *trial)
{
    struct client *client =
        client_new(trial->loop, &trial->address, &trial->options->load,
                   trial->options->seed);
    const char *key;

    ev_timer_stop(trial->loop, &trial->probe_timer);
    prepare(client, trial->options, &key);
    client->context = trial;
    client->on_begun = trial->recorder ? on_begun : NULL;
    client->on_ended = trial->recorder ? on_ended : NULL;
    trial->client = client;
    trial_next_phase(trial);
}

static void on_probe(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct trial *trial = timer->data;

    (void)loop;
    (void)revents;
    if (http_connection_possible(&trial->address))
        be_ready(trial);
}

static void await_ready(struct trial *trial)
{
    if (trial->options->ready_us == 0) {
        be_ready(trial);
        return;
    }
    trial_wait(trial, trial->options->ready_us);
    if (url_port(&trial->address) != 0)
        ev_timer_start(trial->loop, &trial->probe_timer);
}

/* ---- Events ------------------------------------------------------------- */

static void take_port(struct trial *trial, const struct log_event *log_event)
{
    if (trial->phase != TRIAL_STARTING || url_port(&trial->address) != 0)
        return;
    url_set_port(&trial->address, (uint16_t)log_event->port);
    be_ready(trial);
}

static void on_log_event(void *context, const struct log_event *log_event)
{
    struct trial *trial = context;
    bool injected = worker_stats_log_event(&trial->worker_stats, log_event);

    slots_log_event(&trial->slots, log_event);
    if (log_event->kind == LOG_EVENT_OTHER && log_event->text[0] != '{')
        snprintf(trial->last_words, sizeof(trial->last_words), "%s",
                 log_event->text);
    if (trial->recorder)
        recorder_log_event(trial->recorder, log_event, injected);
    if (trial->on_log_event)
        trial->on_log_event(trial->context, log_event, injected);
    if (log_event->kind == LOG_EVENT_LISTENING)
        take_port(trial, log_event);
}

static void on_target_end(void *context)
{
    struct trial *trial = context;

    if (trial->phase < TRIAL_ENDING && trial->client &&
        trial->options->exit_ok) {
        trial->end = TRIAL_TARGET_DIED;
        fault_injector_end(&trial->fault_injector);
    } else if (trial->phase < TRIAL_ENDING)
        trial_end_early(trial, TRIAL_TARGET_DIED);
    else if (trial->phase == TRIAL_ENDING)
        trial_enter(trial, TRIAL_ENDED);
}

static void on_progress(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct trial *trial = timer->data;

    (void)loop;
    (void)revents;
    if (trial->usage)
        usage_look(trial->usage, trial_root(trial));
    if (trial->on_progress && trial->phase >= TRIAL_BASELINE)
        trial->on_progress(trial->context);
}

static void on_signal(struct ev_loop *loop, ev_signal *watcher, int revents)
{
    (void)loop;
    (void)revents;
    trial_interrupt(watcher->data);
}

/* ---- Lifetime ----------------------------------------------------------- */

static void watch(struct trial *trial)
{
    ev_timer_init(&trial->phase_timer, trial_on_phase_over, 0, 0);
    ev_timer_init(&trial->progress_timer, on_progress, 1, 1);
    ev_timer_init(&trial->probe_timer, on_probe, 0, PROBE_EVERY_S);
    trial->phase_timer.data = trial->progress_timer.data = trial;
    trial->probe_timer.data = trial;
    ev_timer_start(trial->loop, &trial->progress_timer);
    trial_signals_watch(&trial->trial_signals, trial->loop, on_signal, trial);
}

const char *trial_check(const struct trial_options *options,
                        struct url *address, const char **key)
{
    struct client *scratch = calloc(1, sizeof(*scratch));
    const char *why = url_read(address, options->url);

    if (!scratch)
        err(1, "cannot allocate memory for the check");
    *key = "url";
    if (!why && url_port(address) == 0 && !options->argv)
        why =
            "port 0 requires a target that chaos starts and that logs its port";
    scratch->options = &options->load;
    scratch->address = *address;
    if (!why)
        why = prepare(scratch, options, key);
    free(scratch);
    return why;
}

struct trial *trial_new(const struct trial_options *options)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    const char *key, *why;

    if (!trial)
        err(1, "cannot allocate a trial");
    trial->options = options;
    why = trial_check(options, &trial->address, &key);
    if (why)
        errx(EXIT_BAD_INPUT, "%s: %s", options->url, why);
    trial->loop = ev_loop_new(EVFLAG_AUTO);
    if (!trial->loop)
        err(1, "cannot create an event loop");
    watch(trial);
    return trial;
}

int trial_raise_priority(void)
{
    int niceness = getpriority(PRIO_PROCESS, 0);

    setpriority(PRIO_PROCESS, 0, niceness - AHEAD);
    return niceness;
}

enum trial_end trial_run(struct trial *trial)
{
    const struct trial_options *options = trial->options;
    int niceness;

    trial->target.context = trial;
    trial->target.on_log_event = on_log_event;
    trial->target.on_end = on_target_end;
    trial->target.grace_s = (double)options->grace_us / 1e6;
    if (options->argv &&
        target_start(&trial->target, trial->loop, options->argv) < 0) {
        trial->error = errno;
        trial->end = TRIAL_NOT_STARTED;
        trial->phase = TRIAL_ENDED;
        return trial->end;
    }
    await_ready(trial);
    /* After the start of the target, which must not inherit the priority.  A
     * closed loop would take all CPU time, and is never late. */
    niceness = options->load.closed ? 0 : trial_raise_priority();
    ev_run(trial->loop, 0);
    if (!options->load.closed)
        setpriority(PRIO_PROCESS, 0, niceness);
    return trial->end;
}

void trial_free(struct trial *trial)
{
    if (!trial)
        return;
    fault_injector_free(&trial->fault_injector);
    client_free(trial->client);
    target_kill(&trial->target);
    ev_timer_stop(trial->loop, &trial->phase_timer);
    ev_timer_stop(trial->loop, &trial->progress_timer);
    ev_timer_stop(trial->loop, &trial->probe_timer);
    trial_signals_restore(&trial->trial_signals);
    ev_loop_destroy(trial->loop);
    free(trial);
}
