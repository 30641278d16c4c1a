/* SPDX-License-Identifier: MIT */
/* run.c - see run.h. */
#include "chaos/runner/run.h"
#include "chaos/measure/exit_status.h"
#include "chaos/report/reports.h"
#include "chaos/report/run_json.h"
#include "chaos/report/terminal.h"
#include "chaos/runner/progress.h"
#include "chaos/trial/judge.h"
#include "chaos/trial/recorder.h"
#include "chaos/trial/trial.h"
#include "supervisor/system/clock.h"
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bytes of a target's log that are kept. */
#define LOG_MAX (16 * 1024 * 1024)

/* The state that the callbacks of one run share. */
struct run_state {
    struct run *run;
    const struct experiment *experiment;
    struct trial *trial;
    struct recorder recorder;
    struct judgement judgement;
    uint32_t buckets_judged; /* for [abort] */
    struct progress progress;
    FILE *log; /* the target's log; writes to run->log */
};

/* ---- While it runs ------------------------------------------------------ */

static void show_progress(void *context)
{
    const struct run_state *running = context;

    progress_show(&running->progress, running->trial);
}

/* Judges a phase that has not ended.  Its ledger need not balance, because
 * requests may be in progress. */
static struct verdict judge_so_far(const struct run_state *running,
                                   enum trial_phase phase)
{
    struct figures figures =
        phase_stats_figures(trial_phase_stats(running->trial, phase));

    figures.balanced = true;
    return verdict_reach(&running->experiment->hypothesis, &figures);
}

/* Without a steady state, faults prove nothing. */
static bool is_steady(const struct run_state *running)
{
    enum verdict_outcome outcome =
        judge_so_far(running, TRIAL_BASELINE).outcome;

    return outcome == VERDICT_PASS ||
           (outcome == VERDICT_INCONCLUSIVE && running->run->inconclusive_ok);
}

static void on_phase(void *context, enum trial_phase phase)
{
    struct run_state *running = context;

    if (phase == TRIAL_FAULT && running->experiment->baseline_us > 0 &&
        !is_steady(running))
        trial_give_up(running->trial);
}

/* The availability was too low in every step of the last abort_for_us. */
static bool is_unavailable_for_long(const struct run_state *running)
{
    const struct recorder *recorder = &running->recorder;
    uint64_t steps = running->experiment->abort_for_us / RECORDER_STEP_US;
    uint32_t end = recorder->bucket_count - 1; /* the last step is incomplete */

    if (running->experiment->abort_availability <= 0 || end < steps)
        return false;
    for (uint32_t i = end - (uint32_t)steps; i < end; i++) {
        const struct time_bucket *bucket = &recorder->buckets[i];
        double all = bucket->ok + bucket->lost + bucket->errors;

        if (all > 0 &&
            bucket->ok / all >= running->experiment->abort_availability)
            return false;
    }
    return true;
}

static void abort_beyond_limits(struct run_state *running)
{
    const struct request_outcomes *ledger =
        &running->trial->client->phase_stats->ledger;

    if (running->trial->phase != TRIAL_FAULT ||
        running->recorder.bucket_count == running->buckets_judged)
        return;
    running->buckets_judged = running->recorder.bucket_count;
    if (ledger_lost(ledger) > running->experiment->abort_lost ||
        is_unavailable_for_long(running)) {
        running->judgement.aborted = true;
        trial_calm(running->trial);
    }
}

static void on_begun(void *context, const struct load_request *request,
                     uint64_t now_us)
{
    struct run_state *running = context;

    if (request->phase_stats != &running->trial->fault_requests)
        recorder_begun(&running->recorder, request, now_us);
}

static void on_ended(void *context, const struct load_request *request,
                     enum outcome outcome, uint64_t now_us)
{
    struct run_state *running = context;

    if (request->phase_stats == &running->trial->fault_requests)
        return;
    recorder_outcome(&running->recorder, request, outcome, now_us);
    abort_beyond_limits(running);
}

static void on_injection(void *context, const struct injection *injected)
{
    recorder_injection(&((struct run_state *)context)->recorder, injected);
}

static void on_log_event(void *context, const struct log_event *log_event,
                         bool injected)
{
    struct run_state *running = context;

    recorder_log_event(&running->recorder, log_event, injected);
    if (ftello(running->log) < LOG_MAX)
        fprintf(running->log, "%s\n", log_event->text);
}

/* ---- Results ------------------------------------------------------------ */

/* Writes to run->why the reason why no request was sent. */
static void explain_failed_start(struct run_state *running)
{
    const struct trial *trial = running->trial;
    const struct experiment *experiment = running->experiment;
    struct run *run = running->run;
    const char *reason = "it accepted no connection in time";

    run->status = EXIT_INCONCLUSIVE;
    if (trial->end == TRIAL_NOT_STARTED) {
        run->status = EXIT_BAD_INPUT;
        snprintf(run->why, sizeof(run->why), "%.200s: %s", experiment->words[0],
                 strerror(trial->error));
        return;
    }
    if (url_port(&trial->address) == 0)
        reason = "it accepted no connection in time: port 0 requires a log "
                 "line that names the port, such as \"listening on "
                 "127.0.0.1:8086\"";
    if (trial->end == TRIAL_INTERRUPTED)
        reason = "interrupted before it accepted a connection";
    if (trial->end == TRIAL_TARGET_DIED)
        reason = "the target ended before it accepted a connection";
    snprintf(run->why, sizeof(run->why), "%.200s: %s%s%s", experiment->url,
             reason, trial->last_words[0] ? "; last line of its log: " : "",
             trial->last_words);
}

static void save_reports(struct run_state *running)
{
    struct run *run = running->run;
    char why[256];

    run->record =
        run_json_write(running->experiment, running->trial, &running->recorder,
                       &running->judgement, run->command);
    run->status = verdict_exit_status(running->judgement.outcome);
    if (reports_save(run->directory, run->record, why, sizeof(why)) &&
        report_save(run->directory, "target.log", run->log, why, sizeof(why)))
        return;
    snprintf(run->why, sizeof(run->why), "cannot save the reports: %s", why);
    run->status = EXIT_INCONCLUSIVE;
}

/* ---- The run ------------------------------------------------------------ */

static void conduct(struct run_state *running)
{
    struct trial *trial = running->trial;
    size_t log_size;

    trial->context = running;
    trial->on_phase = on_phase;
    trial->on_progress = show_progress;
    trial->on_begun = on_begun;
    trial->on_ended = on_ended;
    trial->on_injection = on_injection;
    trial->on_log_event = on_log_event;
    running->log = open_memstream(&running->run->log, &log_size);
    if (!running->log)
        err(1, "cannot allocate the log");
    recorder_begin(&running->recorder, running->experiment->window_us);
    running->progress.start_us = running->recorder.start_us;
    trial_run(trial);
    recorder_end(&running->recorder);
    fclose(running->log);
    progress_end();
}

void run_carry_out(struct run *run)
{
    static struct run_state running; /* large: contains histograms */
    struct trial_options options = experiment_trial_options(run->experiment);
    char problem[512];
    const char *why;

    if (!report_possible(run->directory, problem, sizeof(problem))) {
        run->status = EXIT_BAD_INPUT;
        snprintf(run->why, sizeof(run->why),
                 "cannot save reports, so nothing is started: %s", problem);
        return;
    }
    if (!experiment_root(run->experiment, &options.pid, run->why)) {
        run->status = EXIT_BAD_INPUT;
        return;
    }
    if (run->past) {
        options.fault_injector.monkey.past = run->past->list;
        options.fault_injector.monkey.past_count = run->past->count;
    }
    running = (struct run_state){ .run = run,
                                  .experiment = run->experiment,
                                  .progress.label = run->label };
    running.trial = trial_new(&options, &why);
    if (!running.trial) {
        run->status = EXIT_BAD_INPUT;
        snprintf(run->why, sizeof(run->why), "%.200s: %s", run->experiment->url,
                 why);
        return;
    }
    conduct(&running);
    run->end = running.trial->end;
    if (running.trial->client) {
        judge_trial(&running.judgement, &run->experiment->hypothesis,
                    running.trial);
        save_reports(&running);
    } else {
        explain_failed_start(&running);
    }
    snprintf(run->last_words, sizeof(run->last_words), "%s",
             running.trial->last_words);
    trial_free(running.trial);
    recorder_free(&running.recorder);
}

void run_free(struct run *run)
{
    cJSON_Delete(run->record);
    free(run->log);
    run->record = NULL;
    run->log = NULL;
}

static void print_repeated(const struct replay *past, const cJSON *record)
{
    uint32_t again, of;

    replay_met_again(past, record, &again, &of);
    if (of > 0)
        printf("Replay: %u of %u injections hit the same slot as before.\n",
               again, of);
}

int run_experiment(const struct experiment *experiment,
                   const struct replay *past, const char *directory,
                   const char *command)
{
    struct run run = { .experiment = experiment,
                       .past = past,
                       .directory = directory,
                       .command = command };

    run_carry_out(&run);
    if (run.record && run.end == TRIAL_TARGET_DIED && run.last_words[0])
        fprintf(stderr, "chaos: last line of the target's log: %s\n",
                run.last_words);
    if (run.record)
        report_terminal(stdout, run.record);
    if (run.record && past)
        print_repeated(past, run.record);
    if (run.why[0])
        fprintf(stderr, "chaos: %s\n", run.why);
    else
        printf("Report: %s/report.html\n", directory);
    run_free(&run);
    return run.status;
}
