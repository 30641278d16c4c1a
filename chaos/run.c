/* run.c - see run.h. */
#include "chaos/run.h"
#include "chaos/commands.h"
#include "chaos/recorder.h"
#include "chaos/report/reports.h"
#include "chaos/report/run_json.h"
#include "chaos/report/terminal.h"
#include "chaos/trial.h"
#include "supervisor/system/clock.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What the callbacks of one run share. */
struct running {
    const struct experiment *experiment;
    struct trial *trial;
    struct recorder recorder;
    struct judgement judgement;
    uint32_t moments_judged; /* for [abort] */
    bool live_line;          /* standard output is a terminal */
};

/* ---- While it runs ------------------------------------------------------ */

static void show_progress(void *context)
{
    struct running *running = context;
    struct trial *trial = running->trial;
    const struct ledger *ledger = &trial->client->tally->ledger;
    uint64_t hits = trial->onslaught.monkey ? trial->onslaught.monkey->hits : 0;

    printf("%s%-8s %6.1f s  %7llu requests  %5llu lost  %5llu strikes  %4u "
           "open%s",
           running->live_line ? "\r" : "", trial_phase_name(trial->phase),
           (double)(clock_monotonic_us() - running->recorder.start_us) / 1e6,
           (unsigned long long)ledger->begun,
           (unsigned long long)ledger_lost(ledger), (unsigned long long)hits,
           (unsigned)client_connections(trial->client),
           running->live_line ? "  " : "\n");
    fflush(stdout);
}

/* Requests may still be in hand when a phase is judged on its way. */
static struct verdict judge_so_far(const struct running *running,
                                   enum trial_phase phase)
{
    struct figures figures = tally_figures(trial_tally(running->trial, phase));

    figures.balanced = true;
    return verdict_reach(&running->experiment->hypothesis, &figures);
}

/* Where the steady state is not to be had, faults would prove nothing. */
static void on_phase(void *context, enum trial_phase phase)
{
    struct running *running = context;

    if (phase == TRIAL_STORM && running->experiment->steady_us > 0 &&
        judge_so_far(running, TRIAL_STEADY).colour != VERDICT_GREEN)
        trial_interrupt(running->trial);
}

/* The availability was too low in every step of the last abort_for. */
static bool too_bad_for_long(const struct running *running)
{
    const struct recorder *recorder = &running->recorder;
    uint64_t steps = running->experiment->abort_for_us / RECORDER_STEP_US;
    uint32_t end = recorder->moment_count - 1; /* the last is not complete */

    if (running->experiment->abort_availability <= 0 || end < steps)
        return false;
    for (uint32_t i = end - (uint32_t)steps; i < end; i++) {
        const struct moment *moment = &recorder->moments[i];
        double all = moment->ok + moment->lost + moment->errors;

        if (all > 0 &&
            moment->ok / all >= running->experiment->abort_availability)
            return false;
    }
    return true;
}

static void abort_if_told(struct running *running)
{
    const struct ledger *ledger = &running->trial->client->tally->ledger;

    if (running->trial->phase != TRIAL_STORM ||
        running->recorder.moment_count == running->moments_judged)
        return;
    running->moments_judged = running->recorder.moment_count;
    if (ledger_lost(ledger) > running->experiment->abort_lost ||
        too_bad_for_long(running)) {
        running->judgement.aborted = true;
        trial_calm(running->trial);
    }
}

static void on_begun(void *context, const struct request *request,
                     uint64_t now_us)
{
    struct running *running = context;

    if (request->tally != &running->trial->provoked)
        recorder_begun(&running->recorder, request, now_us);
}

static void on_ended(void *context, const struct request *request,
                     enum outcome outcome, uint64_t now_us)
{
    struct running *running = context;

    if (request->tally == &running->trial->provoked)
        return;
    recorder_outcome(&running->recorder, request, outcome, now_us);
    abort_if_told(running);
}

static void on_struck(void *context, const struct struck *struck)
{
    recorder_struck(&((struct running *)context)->recorder, struck);
}

static void on_news(void *context, const struct news *news, bool struck)
{
    recorder_news(&((struct running *)context)->recorder, news, struck);
}

/* ---- The judgement ------------------------------------------------------ */

static void spoil(struct judgement *judgement, enum verdict_colour colour,
                  const char *because)
{
    if (judgement->colour == VERDICT_VOID)
        return;
    if (colour != VERDICT_GREEN)
        judgement->colour = colour;
    if (because)
        judgement->because = because;
}

static void judge_phases(struct running *running)
{
    struct judgement *judgement = &running->judgement;

    for (int i = 0; i < TRIAL_MEASURED; i++) {
        enum trial_phase phase = (enum trial_phase)(TRIAL_STEADY + i);
        const struct tally *tally = trial_tally(running->trial, phase);
        struct figures figures = tally_figures(tally);

        if (tally->ledger.begun == 0)
            continue;
        judgement->measured[i] = true;
        judgement->verdicts[i] =
            verdict_reach(&running->experiment->hypothesis, &figures);
        if (phase == TRIAL_STEADY &&
            judgement->verdicts[i].colour == VERDICT_RED)
            spoil(judgement, VERDICT_VOID,
                  "the steady state was never reached: without faults the "
                  "hypothesis did not hold either");
        else
            spoil(judgement, judgement->verdicts[i].colour,
                  judgement->verdicts[i].because);
    }
}

static void judge_end(struct running *running)
{
    struct judgement *judgement = &running->judgement;
    const struct totals *totals = &running->trial->census.totals;

    switch (running->trial->end) {
    case TRIAL_COMPLETE:
        break;
    case TRIAL_INTERRUPTED:
        spoil(judgement, VERDICT_VOID, "interrupted before its time");
        break;
    case TRIAL_NOT_STARTED:
        spoil(judgement, VERDICT_VOID, "the target could not be started");
        break;
    case TRIAL_NEVER_READY:
        spoil(judgement, VERDICT_VOID,
              "the target took no connections in time");
        break;
    case TRIAL_TARGET_DIED:
        spoil(judgement, VERDICT_RED, "the target itself ended");
        break;
    }
    if (judgement->aborted)
        spoil(judgement, VERDICT_RED, "aborted: it had become too bad");
    if (totals->known && !totals->balanced)
        spoil(judgement, VERDICT_RED, "the target's own totals do not add up");
}

/* ---- From beginning to end ---------------------------------------------- */

/* It never came to a request: there is nothing to report. */
static bool never_began(const struct trial *trial)
{
    return trial->client == NULL;
}

static int complain_of_start(const struct running *running)
{
    const struct trial *trial = running->trial;
    const struct experiment *experiment = running->experiment;
    const char *what = "it took no connection in time";

    if (trial->end == TRIAL_NOT_STARTED) {
        fprintf(stderr, "chaos: %s: %s\n", experiment->words[0],
                strerror(trial->error));
        return EXIT_BAD_INPUT;
    }
    if (trial->end == TRIAL_INTERRUPTED)
        what = "interrupted before it took a connection";
    if (trial->end == TRIAL_TARGET_DIED)
        what = "the target ended before it took a connection";
    fprintf(stderr, "chaos: %s: %s%s%s\n", experiment->url, what,
            trial->last_words[0] ? "; its last words: " : "",
            trial->last_words);
    return EXIT_VOID;
}

static int report(struct running *running, const char *directory,
                  const char *command)
{
    char why[512];
    cJSON *run;
    bool saved;

    if (running->live_line)
        printf("\r%72s\r", "");
    if (never_began(running->trial))
        return complain_of_start(running);
    if (running->trial->end == TRIAL_TARGET_DIED &&
        running->trial->last_words[0])
        fprintf(stderr, "chaos: the target's last words: %s\n",
                running->trial->last_words);
    run = run_json_write(running->experiment, running->trial,
                         &running->recorder, &running->judgement, command);
    report_terminal(stdout, run);
    saved = reports_save(directory, run, why, sizeof(why));
    cJSON_Delete(run);
    if (!saved) {
        fprintf(stderr, "chaos: the report is not saved: %s\n", why);
        return EXIT_VOID;
    }
    printf("Report: %s/report.html\n", directory);
    return verdict_exit_status(running->judgement.colour);
}

int run_experiment(const struct experiment *experiment, const char *directory,
                   const char *command)
{
    static struct running running; /* large: a histogram */
    struct trial_options options = experiment_trial_options(experiment);
    const char *why;
    int status;

    running = (struct running){ .experiment = experiment,
                                .live_line = isatty(STDOUT_FILENO) };
    running.trial = trial_new(&options, &why);
    if (!running.trial) {
        fprintf(stderr, "chaos: %s: %s\n", experiment->url, why);
        return EXIT_BAD_INPUT;
    }
    running.trial->context = &running;
    running.trial->on_phase = on_phase;
    running.trial->on_progress = show_progress;
    running.trial->on_begun = on_begun;
    running.trial->on_ended = on_ended;
    running.trial->on_struck = on_struck;
    running.trial->on_news = on_news;
    recorder_begin(&running.recorder, experiment->window_us);
    trial_run(running.trial);
    recorder_end(&running.recorder);
    judge_phases(&running);
    judge_end(&running);
    status = report(&running, directory, command);
    trial_free(running.trial);
    recorder_free(&running.recorder);
    return status;
}
