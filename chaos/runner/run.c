/* SPDX-License-Identifier: MIT */
/* run.c - see run.h. */
#include "chaos/runner/run.h"
#include "chaos/measure/exit_status.h"
#include "chaos/report/reports.h"
#include "chaos/report/run_json.h"
#include "chaos/report/terminal.h"
#include "chaos/runner/progress.h"
#include "chaos/runner/watch.h"
#include "chaos/trial/judge.h"
#include "chaos/trial/trial.h"
#include "worker/clock.h"
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
    struct trial *trial;
    struct recorder recorder;
    struct progress progress;
    struct run_watch watch;
    FILE *log; /* the target's log; writes to run->log */
};

/* ---- While it runs ------------------------------------------------------ */

static void show_progress(void *context)
{
    struct run_state *running = context;

    if (running->run->is_watched)
        run_watch_second(&running->watch);
    else
        progress_show(&running->progress, running->trial);
}

static void on_log_event(void *context, const struct log_event *log_event,
                         bool injected)
{
    struct run_state *running = context;

    if (running->run->is_watched)
        run_watch_log_event(&running->watch, log_event, injected);
    if (ftello(running->log) < LOG_MAX)
        fprintf(running->log, "%s\n", log_event->text);
}

/* ---- Results ------------------------------------------------------------ */

/* Writes to run->why the reason why no request was sent. */
static void explain_failed_start(struct run_state *running)
{
    const struct trial *trial = running->trial;
    struct run *run = running->run;
    const char *reason = "it accepted no connection in time";

    run->status = EXIT_INCONCLUSIVE;
    if (trial->end == TRIAL_NOT_STARTED) {
        run->status = EXIT_BAD_INPUT;
        snprintf(run->why, sizeof(run->why), "%.200s: %s",
                 run->experiment->words[0], strerror(trial->error));
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
    snprintf(run->why, sizeof(run->why), "%.200s: %s%s%s",
             run->experiment->trial.url, reason,
             trial->last_words[0] ? "; last line of its log: " : "",
             trial->last_words);
}

static void judge_and_save(struct run_state *running)
{
    struct run *run = running->run;
    struct judgement judgement = { .aborted = running->trial->aborted };
    char why[256];

    judge_trial(&judgement, &run->experiment->trial.hypothesis, running->trial);
    run->record = run_json_write(run->experiment, running->trial,
                                 &running->recorder, &judgement, run->command);
    run->status = verdict_exit_status(judgement.outcome);
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
    trial->on_progress = show_progress;
    trial->on_log_event = on_log_event;
    running->log = open_memstream(&running->run->log, &log_size);
    if (!running->log)
        err(1, "cannot allocate the log");
    recorder_begin(&running->recorder, running->run->experiment->window_us);
    running->progress.start_us = running->recorder.start_us;
    running->watch =
        (struct run_watch){ .trial = trial,
                            .start_us = running->recorder.start_us };
    if (running->run->is_watched)
        run_watch_begin(running->run->experiment);
    trial_run(trial);
    recorder_end(&running->recorder);
    fclose(running->log);
    if (running->run->is_watched)
        run_watch_end(&running->watch);
    else
        progress_end();
}

void run_carry_out(struct run *run)
{
    static struct run_state running; /* large: contains histograms */
    char problem[512];
    pid_t root;

    if (!report_possible(run->directory, problem, sizeof(problem))) {
        run->status = EXIT_BAD_INPUT;
        snprintf(run->why, sizeof(run->why),
                 "cannot save reports, so nothing is started: %s", problem);
        return;
    }
    if (!experiment_root(run->experiment, &root, run->why)) {
        run->status = EXIT_BAD_INPUT;
        return;
    }
    running = (struct run_state){ .run = run, .progress.label = run->label };
    running.trial = trial_new(&run->experiment->trial);
    running.trial->root = root;
    running.trial->recorder = &running.recorder;
    running.trial->inconclusive_ok = run->inconclusive_ok;
    if (run->past) {
        running.trial->past = run->past->list;
        running.trial->past_count = run->past->count;
    }
    conduct(&running);
    run->end = running.trial->end;
    if (running.trial->client)
        judge_and_save(&running);
    else
        explain_failed_start(&running);
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
                   const char *command, bool is_watched)
{
    struct run run = { .experiment = experiment,
                       .past = past,
                       .directory = directory,
                       .command = command,
                       .is_watched = is_watched };

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
