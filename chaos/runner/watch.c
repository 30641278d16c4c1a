/* SPDX-License-Identifier: MIT */
/* watch.c - see watch.h. */
#include "chaos/runner/watch.h"
#include "chaos/report/terminal.h"
#include "worker/clock.h"
#include <inttypes.h>
#include <stdio.h>

#define TITLES_EVERY 12 /* lines */
#define FULL_WIDTH   68 /* of a line with all columns */

static bool is_narrow(void)
{
    return terminal_columns(stdout) < FULL_WIDTH;
}

void run_watch_begin(const struct experiment *experiment)
{
    char text[512];

    putchar('\n');
    terminal_wrap(stdout, experiment->title, "== ", "   ");
    putchar('\n');
    if (experiment->start)
        terminal_wrap(stdout, experiment->start, "$ ", "    ");
    snprintf(text, sizeof(text),
             "The client sends %.0f requests a second, checks every response, "
             "and retries %s; seed %" PRIu64 ".",
             experiment->trial.load.rate,
             experiment->trial.load.retries > 0 ? "what fails" : "nothing",
             experiment->trial.seed);
    terminal_wrap(stdout, text, "", "");
}

static bool is_measured(enum trial_phase phase)
{
    return phase >= TRIAL_BASELINE && phase <= TRIAL_RECOVERY;
}

static void print_titles(void)
{
    printf(is_narrow() ? "  time   requests    lost   kills\n"
                       : "  time   requests  answered    lost   kills   exits  "
                         " forks  workers\n");
}

static void follow_phase(struct run_watch *watch)
{
    enum trial_phase phase = watch->trial->phase;

    if (phase == watch->phase)
        return;
    watch->phase = phase;
    watch->lines = 0;
    if (!is_measured(phase))
        return;
    printf("\n%s:\n", trial_phase_name(phase));
    print_titles();
    fflush(stdout);
}

static void print_worker_stats(const struct worker_stats *stats)
{
    if (stats->forks == 0) /* the target's log does not name workers */
        printf("  %6s  %6s   %6s", "-", "-", "-");
    else
        printf("  %6" PRIu64 "  %6" PRIu64 "   %6" PRIu64, stats->exits,
               stats->forks, worker_stats_live(stats));
}

void run_watch_second(struct run_watch *watch)
{
    const struct trial *trial = watch->trial;
    const struct request_outcomes *ledger;
    uint64_t lost, hits;

    follow_phase(watch);
    watch->own_exit_shown = watch->kill_shown = false;
    if (!is_measured(trial->phase))
        return;
    ledger = &trial->client->phase_stats->ledger;
    lost = ledger_lost(ledger);
    hits =
        trial->fault_injector.monkey ? trial->fault_injector.monkey->hits : 0;
    if (watch->lines++ % TITLES_EVERY == TITLES_EVERY - 1)
        print_titles();
    printf("%4.0f s   %8" PRIu64 "  ",
           (double)(clock_monotonic_us() - watch->start_us) / 1e6,
           ledger->begun);
    if (!is_narrow())
        printf("%8" PRIu64 "  ", ledger->ended[OUTCOME_OK]);
    terminal_colour(stdout, lost ? COLOUR_BAD : COLOUR_GOOD);
    printf("%6" PRIu64, lost);
    terminal_colour(stdout, COLOUR_PLAIN);
    printf("  %6" PRIu64,
           trial->worker_stats.forks ? trial->worker_stats.kills : hits);
    if (!is_narrow())
        print_worker_stats(&trial->worker_stats);
    putchar('\n');
    fflush(stdout);
}

static void print_faintly(const char *text)
{
    terminal_colour(stdout, COLOUR_FAINT);
    terminal_wrap(stdout, text, "  ", "    ");
    terminal_colour(stdout, COLOUR_PLAIN);
}

void run_watch_log_event(struct run_watch *watch,
                         const struct log_event *log_event, bool injected)
{
    bool killed = injected && log_event->signal[0];
    bool *shown = killed ? &watch->kill_shown : &watch->own_exit_shown;
    char text[LOG_EVENT_TEXT_SIZE];

    follow_phase(watch);
    if (log_event->kind == LOG_EVENT_LISTENING) {
        snprintf(text, sizeof(text),
                 "listening on port %d (try it: curl http://127.0.0.1:%d/)",
                 (int)log_event->port, (int)log_event->port);
        print_faintly(text);
    }
    if (log_event->kind != LOG_EVENT_EXIT || *shown ||
        !is_measured(watch->trial->phase))
        return;
    /* After the first second, only kills that hit a request are shown. */
    if (killed && log_event->unfinished == 0 && watch->lines > 0)
        return;
    *shown = true;
    print_faintly(log_event_exit_words(text, log_event));
}

void run_watch_end(const struct run_watch *watch)
{
    const struct worker_stats *stats = &watch->trial->worker_stats;
    char text[256];

    if (stats->forks == 0)
        return;
    putchar('\n');
    snprintf(text, sizeof(text),
             "%" PRIu64 " workers exited by themselves and %" PRIu64
             " were killed, %" PRIu64 " of these with a request in progress.",
             stats->own_exits, stats->kills, stats->kills_busy);
    terminal_wrap(stdout, text, "  ", "  ");
    if (!stats->totals.were_logged)
        return;
    snprintf(text, sizeof(text),
             "Requests that another worker answered after a death: %" PRIu64
             ".",
             stats->totals.answered_after_retry);
    terminal_wrap(stdout, text, "  ", "  ");
}
