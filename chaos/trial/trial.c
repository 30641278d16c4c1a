/* SPDX-License-Identifier: MIT */
/* trial.c - lifetime and events of a trial; see trial.h. */
#include "chaos/trial/internal.h"
#include "chaos/trial/priority.h"
#include "supervisor/system/clock.h"
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBE_EVERY_S 0.05 /* until the target accepts a connection */

/* ---- Getting ready ------------------------------------------------------ */

static const char *prepare_templates(struct trial *trial, struct client *client,
                                     const char **key)
{
    const struct trial_options *options = trial->options;
    const struct client_requests templates = {
        .methods = options->methods,
        .paths = options->paths,
        .mixture = options->mixture,
        .token = options->token,
        .expect = options->expect,
        .body_bytes = options->body_bytes,
        .post_bytes = options->post_bytes,
        .fault_request_query = options->fault_request_query,
        .run = (uint32_t)(options->seed ^ (options->seed >> 32)) ^
               (uint32_t)clock_wall_us(),
    };

    return client_prepare(client, &trial->address, &templates, key);
}

static void on_begun(void *context, const struct load_request *request,
                     uint64_t now_us)
{
    struct trial *trial = context;

    if (trial->on_begun)
        trial->on_begun(trial->context, request, now_us);
}

static void on_ended(void *context, const struct load_request *request,
                     enum outcome outcome, uint64_t now_us)
{
    struct trial *trial = context;

    if (trial->on_ended)
        trial->on_ended(trial->context, request, outcome, now_us);
}

static void be_ready(struct trial *trial)
{
    const char *key;

    ev_timer_stop(trial->loop, &trial->probe_timer);
    trial->client =
        client_new(trial->loop, &trial->address, &trial->options->load);
    prepare_templates(trial, trial->client, &key);
    trial->client->on_begun = on_begun;
    trial->client->on_ended = on_ended;
    trial_next_phase(trial);
}

static void on_probe(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct trial *trial = timer->data;

    (void)loop;
    (void)revents;
    if (http_connection_possible(
            (const struct sockaddr *)&trial->address.sockaddr,
            trial->address.sockaddr_length))
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

static void on_interrupt(void *context)
{
    trial_interrupt(context);
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
    trial_signals_watch(&trial->trial_signals, trial->loop, on_interrupt,
                        trial);
}

static const char *check(struct trial *trial, const char **key)
{
    struct client *scratch = calloc(1, sizeof(*scratch));
    const char *why = url_read(&trial->address, trial->options->url);

    if (!scratch)
        err(1, "cannot allocate memory for the check");
    *key = "url";
    if (!why && url_port(&trial->address) == 0 && !trial->options->start)
        why =
            "port 0 requires a target that chaos starts and that logs its port";
    if (!why)
        why = prepare_templates(trial, scratch, key);
    free(scratch);
    return why;
}

const char *trial_check(const struct trial_options *options, const char **key)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    const char *why;

    if (!trial)
        err(1, "cannot allocate memory for the check");
    trial->options = options;
    why = check(trial, key);
    free(trial);
    return why;
}

struct trial *trial_new(const struct trial_options *options, const char **why)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    const char *key;

    if (!trial)
        err(1, "cannot allocate a trial");
    trial->options = options;
    *why = check(trial, &key);
    if (*why) {
        free(trial);
        return NULL;
    }
    trial->loop = ev_loop_new(EVFLAG_AUTO);
    if (!trial->loop)
        err(1, "cannot create an event loop");
    watch(trial);
    return trial;
}

enum trial_end trial_run(struct trial *trial)
{
    const struct trial_options *options = trial->options;
    int niceness;

    trial->target.context = trial;
    trial->target.on_log_event = on_log_event;
    trial->target.on_end = on_target_end;
    trial->target.grace_s = options->grace_s;
    if (options->start &&
        target_start(&trial->target, trial->loop, options->start) < 0) {
        trial->error = errno;
        trial->end = TRIAL_NOT_STARTED;
        trial->phase = TRIAL_ENDED;
        return trial->end;
    }
    await_ready(trial);
    /* After the start of the target, which must not inherit the priority.  A
     * closed loop would take all CPU time, and is never late. */
    niceness = options->load.closed ? 0 : priority_raise();
    ev_run(trial->loop, 0);
    if (!options->load.closed)
        priority_restore(niceness);
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
