/* SPDX-License-Identifier: MIT */
/* progress.c - see progress.h. */
#include "chaos/runner/progress.h"
#include "chaos/measure/console.h"
#include "chaos/report/terminal.h"
#include "worker/clock.h"
#include <stdio.h>

static void write_in_full(const struct progress *progress,
                          const struct trial *trial, char *text, size_t size)
{
    const struct request_outcomes *ledger = &trial->client->phase_stats->ledger;
    uint64_t hits =
        trial->fault_injector.monkey ? trial->fault_injector.monkey->hits : 0;
    bool narrow = terminal_columns(stdout) < TERMINAL_WIDTH;

    snprintf(text, size,
             narrow ? "%s %.1f s %llu sent %llu lost %llu hit"
                    : "%-8s %6.1f s  %7llu requests  %5llu lost  %5llu "
                      "injections  %4u open",
             trial_phase_name(trial->phase),
             (double)(clock_monotonic_us() - progress->start_us) / 1e6,
             (unsigned long long)ledger->begun,
             (unsigned long long)ledger_lost(ledger), (unsigned long long)hits,
             (unsigned)client_connections(trial->client));
}

static void write_briefly(const struct progress *progress,
                          const struct trial *trial, char *text, size_t size)
{
    const struct request_outcomes *ledger = &trial->client->phase_stats->ledger;

    snprintf(text, size, "%s%5.1f s  %7llu requests  %6llu lost",
             progress->label,
             (double)(clock_monotonic_us() - progress->start_us) / 1e6,
             (unsigned long long)ledger->begun,
             (unsigned long long)ledger_lost(ledger));
}

/* The last column stays empty, because some terminals wrap after it. */
static void overwrite_line(const char *text)
{
    int capacity = terminal_columns(stdout) - 1;

    console_control(stdout, "\r");
    printf("%-*.*s", capacity, capacity, text);
}

void progress_show(const struct progress *progress, const struct trial *trial)
{
    char text[256];

    if (progress->label)
        write_briefly(progress, trial, text, sizeof(text));
    else
        write_in_full(progress, trial, text, sizeof(text));
    if (terminal_is_live(stdout))
        overwrite_line(text);
    else if (!progress->label)
        puts(text);
    fflush(stdout);
}

void progress_end(void)
{
    if (!terminal_is_live(stdout))
        return;
    overwrite_line("");
    console_control(stdout, "\r");
}
