/* SPDX-License-Identifier: MIT */
/* demo_comparison.c - compares the two parts of the demo; see demo_output.h. */
#include "chaos/cli/demo_output.h"
#include "chaos/measure/format.h"
#include "chaos/report/terminal.h"
#include <stdio.h>

#define NAME 38 /* width of a row's name, in columns */
#define CELL 14 /* width of each value */

static void row(const char *name, const char *kept, const char *control)
{
    bool narrow = terminal_columns(stdout) < NAME + 2 * CELL;

    if (narrow && *name)
        printf("  %s\n", name);
    printf("  %-*s%*s%*s\n", narrow ? 0 : NAME - 2, narrow ? "" : name, CELL,
           kept, CELL, control);
}

static void count_row(const char *name, uint64_t kept, uint64_t control)
{
    char left[FORMAT_SIZE], right[FORMAT_SIZE];

    row(name, format_count(left, kept), format_count(right, control));
}

static void latency_row(const char *name, const struct figures *kept,
                        uint64_t kept_us, const struct figures *control,
                        uint64_t control_us)
{
    char left[FORMAT_SIZE], right[FORMAT_SIZE];

    row(name, format_any_time(left, kept_us, kept->ok > 0),
        format_any_time(right, control_us, control->ok > 0));
}

void demo_comparison(const struct demo_part *kept,
                     const struct demo_part *control)
{
    const struct request_outcomes *a = &kept->phase_stats.ledger,
                                  *b = &control->phase_stats.ledger;
    struct figures left = phase_stats_figures(&kept->phase_stats);
    struct figures right = phase_stats_figures(&control->phase_stats);
    char one[FORMAT_SIZE], other[FORMAT_SIZE];

    printf("\n== Side by side ==\n\n");
    row("", "kept", "--no-retain");
    count_row("requests", left.requests, right.requests);
    count_row("answered correctly", left.ok, right.ok);
    count_row("lost", left.lost, right.lost);
    for (int i = 1; i < OUTCOMES; i++) {
        char name[64];

        snprintf(name, sizeof(name), "  %s", outcome_name((enum outcome)i));
        if (a->ended[i] + b->ended[i] > 0)
            count_row(name, a->ended[i], b->ended[i]);
    }
    row("availability", format_share(one, ledger_availability(a)),
        format_share(other, ledger_availability(b)));
    count_row("deliberate exits", kept->worker_stats.own_exits,
              control->worker_stats.own_exits);
    count_row("workers killed", kept->worker_stats.kills,
              control->worker_stats.kills);
    /* Without retention the supervisor does not know of requests. */
    row("  with a request in progress",
        format_count(one, kept->worker_stats.kills_busy), "unknown");
    row("longest gap without an answer", format_time(one, left.gap_us),
        format_time(other, right.gap_us));
    latency_row("latency p50", &left, left.p50_us, &right, right.p50_us);
    latency_row("latency p99", &left, left.p99_us, &right, right.p99_us);
}

void demo_lesson(const struct demo_part *kept, const struct demo_part *control,
                 bool convincing)
{
    const struct request_outcomes *a = &kept->phase_stats.ledger,
                                  *b = &control->phase_stats.ledger;
    char text[1024];

    printf("\n");
    if (!convincing) {
        terminal_colour(stdout, COLOUR_BAD);
        if (!demo_held(kept))
            terminal_wrap(stdout,
                          "The first part should have lost nothing, but did "
                          "not hold.",
                          "", "");
        if (ledger_lost(b) == 0)
            terminal_wrap(stdout,
                          "The control should have lost requests, but lost "
                          "none: nothing is proved.",
                          "", "");
        terminal_colour(stdout, COLOUR_PLAIN);
        return;
    }
    snprintf(text, sizeof(text),
             "What this shows.  %llu workers died in the first part, and none "
             "of %llu requests was affected: the supervisor held a duplicate "
             "of every connection, and another worker resumed each one where "
             "the dead worker had stopped.  Without that, the same restarts "
             "lost %llu of %llu requests: a restart alone replaces the worker, "
             "not the requests that it held.  In both parts the restarts hid "
             "that every worker \"crashed\" after each response, and fixed "
             "nothing: such a fault shows in the log above, and is fixed in "
             "the program.",
             (unsigned long long)kept->worker_stats.exits,
             (unsigned long long)ledger_ended(a),
             (unsigned long long)ledger_lost(b),
             (unsigned long long)ledger_ended(b));
    terminal_wrap(stdout, text, "", "");
}
