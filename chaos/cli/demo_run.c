/* SPDX-License-Identifier: MIT */
/* demo_run.c - see demo_run.h. */
#include "chaos/cli/demo_run.h"
#include "chaos/cli/commands.h"
#include "chaos/cli/demo_output.h"
#include "chaos/experiment/experiment.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* The request rate is a fraction of the current fork rate of this machine,
 * because each response costs a fork. */
#define FORKS_A_REQUEST 5
#define RATE_MAX        100
#define REQUESTS_A_KILL 10
/* Long enough that a busy machine does not turn slow requests into losses. */
#define TIMEOUT_US    (30 * 1000 * 1000)
#define QUEUE_TIMEOUT "60s"
#define READY_US      (10 * 1000 * 1000)
#define GRACE_US      (35 * 1000 * 1000)
#define CONNECTIONS   32
/* The mean number of requests in progress, so that kills hit some of them. */
#define REQUESTS_AT_A_TIME 2
#define ARGUMENTS_MAX      24

/* Limits the exits that are shown to one of each kind a second. */
struct sampler {
    struct trial *trial;
    unsigned second;
    bool shown_own, shown_kill;
};

/* ---- What is shown while it runs ---------------------------------------- */

static void on_progress(void *context)
{
    struct sampler *sampler = context;
    struct trial *trial = sampler->trial;

    sampler->second++;
    sampler->shown_own = sampler->shown_kill = false;
    if (trial->phase == TRIAL_FAULT)
        demo_progress(sampler->second,
                      &trial_phase_stats(trial, TRIAL_FAULT)->ledger,
                      &trial->worker_stats);
}

static void on_phase(void *context, enum trial_phase phase)
{
    (void)context;
    if (phase == TRIAL_FAULT)
        demo_titles();
}

static void on_log_event(void *context, const struct log_event *log_event,
                         bool injected)
{
    struct sampler *sampler = context;
    bool killed = injected && log_event->signal[0];
    bool *shown = killed ? &sampler->shown_kill : &sampler->shown_own;

    if (log_event->kind == LOG_EVENT_LISTENING)
        demo_listening(log_event);
    if (log_event->kind != LOG_EVENT_EXIT || *shown ||
        sampler->trial->phase != TRIAL_FAULT)
        return;
    /* After the first second, only kills that hit a request are shown. */
    if (killed && log_event->unfinished == 0 && sampler->second > 0)
        return;
    *shown = true;
    demo_exit(log_event);
}

/* ---- One part ----------------------------------------------------------- */

static uint64_t kill_every_us(const struct demo *demo)
{
    return UINT64_C(1000000) * REQUESTS_A_KILL / demo->rate;
}

static unsigned making_ms(const struct demo *demo)
{
    return 1000 * REQUESTS_AT_A_TIME / demo->rate;
}

static void describe(const struct demo *demo, uint64_t fault_us,
                     struct trial_options *options)
{
    *options = (struct trial_options){
        .ready_us = READY_US,
        .grace_us = GRACE_US,
        .load = { .rate = demo->rate,
                  .connections = CONNECTIONS,
                  .new_share = 0.5,
                  .timeout_us = TIMEOUT_US,
                  .methods = "GET",
                  .token = TOKEN_IN_QUERY,
                  .expect = "Hello Cluster!" },
        .faults = { .list = { { .name = "kill",
                                .kind = FAULT_SIGNAL,
                                .signal = SIGKILL,
                                .victim = CHOOSE_RANDOM,
                                .timing = TIMING_EVERY,
                                .interval_us = kill_every_us(demo),
                                .end_us = fault_us } },
                    .count = 1 },
        .seed = demo->seed,
        .fault_us = fault_us,
    };
}

/* Writes the supervisor's command line to `argv`, NULL-terminated; some of its
 * words are in `listen` and `workers`. */
static void command(const struct demo *demo, bool keep, char listen[32],
                    char workers[16], const char *argv[ARGUMENTS_MAX])
{
    const char *const words[] = { demo->supervisor,
                                  "-l",
                                  listen,
                                  "-w",
                                  workers,
                                  "--exit-after",
                                  "1",
                                  "--exit-code",
                                  "1",
                                  "--queue-timeout",
                                  QUEUE_TIMEOUT,
                                  "--log-format",
                                  "json",
                                  keep ? NULL : "--no-retain",
                                  NULL };

    snprintf(listen, 32, "127.0.0.1:%u", demo->port);
    snprintf(workers, 16, "%u", demo->workers);
    memcpy(argv, words, sizeof(words));
}

static void keep_result(struct demo_part *part, struct trial *trial)
{
    part->end = trial->end;
    part->error = trial->error;
    part->phase_stats = *trial_phase_stats(trial, TRIAL_FAULT);
    part->worker_stats = trial->worker_stats;
    if (trial->fault_injector.monkey)
        memcpy(part->injected, trial->fault_injector.monkey->counts,
               sizeof(part->injected));
    snprintf(part->last_words, sizeof(part->last_words), "%s",
             trial->last_words);
}

static void run_part(const struct demo *demo, bool keep, uint64_t fault_us,
                     struct demo_part *part)
{
    const char *argv[ARGUMENTS_MAX];
    char url[64], listen[32], workers[16];
    struct trial_options options;
    struct sampler sampler = { 0 };

    command(demo, keep, listen, workers, argv);
    describe(demo, fault_us, &options);
    part->making_ms = making_ms(demo);
    snprintf(url, sizeof(url), "http://127.0.0.1:0/?sleep=%ums",
             part->making_ms);
    options.url = url;
    options.argv = argv;
    demo_command(argv);
    sampler.trial = trial_new(&options);
    sampler.trial->context = &sampler;
    sampler.trial->on_phase = on_phase;
    sampler.trial->on_progress = on_progress;
    sampler.trial->on_log_event = on_log_event;
    trial_run(sampler.trial);
    keep_result(part, sampler.trial);
    trial_free(sampler.trial);
}

/* ---- Both parts --------------------------------------------------------- */

unsigned demo_rate(void)
{
    return (unsigned)fork_rate_limit(RATE_MAX, 1.0 / FORKS_A_REQUEST);
}

int demo_run(const struct demo *demo)
{
    static struct demo_part kept, control; /* large: histograms */
    bool convincing;

    demo_opening(demo->seed, demo->workers, demo->rate, making_ms(demo),
                 kill_every_us(demo));
    demo_heading("Part 1 of 2: the supervisor keeps every connection",
                 demo->first_us);
    run_part(demo, true, demo->first_us, &kept);
    if (kept.end != TRIAL_COMPLETE)
        return demo_failure(&kept, demo->supervisor);
    demo_verdict(&kept);

    demo_heading("Part 2 of 2: the negative control, --no-retain",
                 demo->second_us);
    run_part(demo, false, demo->second_us, &control);
    if (control.end != TRIAL_COMPLETE)
        return demo_failure(&control, demo->supervisor);
    convincing =
        demo_held(&kept) && ledger_lost(&control.phase_stats.ledger) > 0;
    demo_comparison(&kept, &control);
    demo_lesson(&kept, &control, convincing);
    return convincing ? EXIT_HELD : EXIT_DID_NOT_HOLD;
}
