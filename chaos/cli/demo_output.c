/* SPDX-License-Identifier: MIT */
/* demo_output.c - see demo_output.h. */
#include "chaos/cli/demo_output.h"
#include "chaos/cli/commands.h"
#include "chaos/measure/format.h"
#include "chaos/report/terminal.h"
#include <stdio.h>
#include <string.h>

#define TITLES_EVERY   12 /* progress lines */
#define PROGRESS_WIDTH 60
#define CONTINUED      " \\"       /* the command continues on the next line */
#define BUSY_US        (20 * 1000) /* a larger lateness is reported */

bool demo_held(const struct demo_part *part)
{
    const struct request_outcomes *ledger = &part->phase_stats.ledger;

    return ledger_balanced(ledger) && ledger_ended(ledger) > 0 &&
           ledger->ended[OUTCOME_OK] == ledger_ended(ledger) &&
           ledger->unproven == 0 && part->worker_stats.totals.were_logged &&
           part->worker_stats.totals.balanced;
}

/* ---- Before ------------------------------------------------------------- */

void demo_opening(uint64_t seed, unsigned workers, unsigned rate,
                  unsigned making_ms, uint64_t kill_every_us)
{
    char text[640];

    snprintf(text, sizeof(text),
             "%u workers; each answers one request, then exits with code 1 as "
             "if it had crashed.  A client sends %u requests a second, however "
             "slow the responses are, half of them on persistent connections "
             "and half on new ones.  Each response takes %u ms to make.  The "
             "client never retries, and identifies each response by a token.  "
             "Chaos kills a random worker (SIGKILL) every %u ms; seed %llu.",
             workers, rate, making_ms, (unsigned)(kill_every_us / 1000),
             (unsigned long long)seed);
    terminal_wrap(stdout,
                  "Workers are killed while a client checks every response.",
                  "", "");
    putchar('\n');
    terminal_wrap(stdout, text, "  ", "  ");
}

void demo_heading(const char *text, uint64_t duration_us)
{
    char heading[128];

    snprintf(heading, sizeof(heading), "%s (%llu s) ==", text,
             (unsigned long long)(duration_us / 1000000));
    putchar('\n');
    terminal_wrap(stdout, heading, "== ", "   ");
    putchar('\n');
}

void demo_command(const char *const argv[])
{
    const char *slash = strrchr(argv[0], '/');
    size_t column = (size_t)printf("$ %s", slash ? slash + 1 : argv[0]);

    for (int i = 1; argv[i]; i++) {
        size_t width = strlen(argv[i]) + 1;

        /* The value of an option stays on its line. */
        if (argv[i + 1] && argv[i + 1][0] != '-')
            width += strlen(argv[i + 1]) + 1;
        if (argv[i][0] == '-' && column + width + strlen(CONTINUED) >
                                     (size_t)terminal_columns(stdout)) {
            printf(CONTINUED "\n");
            column = (size_t)printf("   ");
        }
        column += (size_t)printf(" %s", argv[i]);
    }
    putchar('\n');
}

void demo_listening(const struct log_event *log_event)
{
    char text[128];

    snprintf(text, sizeof(text),
             "listening on 127.0.0.1:%d (try it: curl "
             "http://127.0.0.1:%d/)",
             (int)log_event->port, (int)log_event->port);
    terminal_wrap(stdout, text, "", "  ");
    putchar('\n');
}

/* ---- While it runs ------------------------------------------------------ */

static bool is_narrower(int width)
{
    return terminal_columns(stdout) < width;
}

void demo_titles(void)
{
    printf(is_narrower(PROGRESS_WIDTH)
               ? "  time   requests    lost   kills\n"
               : "  time   requests  answered    lost   kills   exits  "
                 "workers\n");
}

void demo_progress(unsigned second, const struct request_outcomes *ledger,
                   const struct worker_stats *worker_stats)
{
    uint64_t lost = ledger_lost(ledger);
    bool narrow = is_narrower(PROGRESS_WIDTH);

    if (second % TITLES_EVERY == 0)
        demo_titles();
    printf("%4u s   %8llu  ", second, (unsigned long long)ledger->begun);
    if (!narrow)
        printf("%8llu  ", (unsigned long long)ledger->ended[OUTCOME_OK]);
    terminal_colour(stdout, lost ? COLOUR_BAD : COLOUR_GOOD);
    printf("%6llu", (unsigned long long)lost);
    terminal_colour(stdout, COLOUR_PLAIN);
    printf("  %6llu", (unsigned long long)worker_stats->kills);
    if (!narrow)
        printf("  %6llu   %6llu", (unsigned long long)worker_stats->exits,
               (unsigned long long)worker_stats_live(worker_stats));
    putchar('\n');
}

void demo_exit(const struct log_event *log_event)
{
    char text[LOG_EVENT_TEXT_SIZE];

    terminal_colour(stdout, COLOUR_FAINT);
    terminal_wrap(stdout, log_event_exit_words(text, log_event), "  ", "    ");
    terminal_colour(stdout, COLOUR_PLAIN);
}

/* ---- After -------------------------------------------------------------- */

static void figure(const char *name, uint64_t count, const char *remark)
{
    char value[FORMAT_SIZE];

    terminal_figure(stdout, name, format_count(value, count), remark);
}

static void print_kills(const struct demo_part *part)
{
    const struct worker_stats *worker_stats = &part->worker_stats;
    uint64_t sent = part->injected[INJECTION_HIT];
    uint64_t ineffective =
        sent - worker_stats->kills + part->injected[INJECTION_GONE];
    char remark[128];

    snprintf(remark, sizeof(remark), "%llu more hit a worker already exiting",
             (unsigned long long)ineffective);
    figure("workers killed (SIGKILL)", worker_stats->kills,
           ineffective ? remark : NULL);
    figure("  with a request in progress", worker_stats->kills_busy, NULL);
    figure("  requests in progress in them", worker_stats->kills_requests,
           NULL);
    figure("  answered by another worker",
           worker_stats->totals.answered_after_retry,
           worker_stats->totals.were_logged ? NULL
                                            : "unknown: no totals in the log");
}

static void print_latency(const struct phase_stats *phase_stats,
                          unsigned making_ms)
{
    struct figures figures = phase_stats_figures(phase_stats);
    char value[FORMAT_SIZE], remark[64], late[128];
    bool any = figures.ok > 0;

    terminal_figure(stdout, "longest gap without an answer",
                    format_time(value, figures.gap_us), NULL);
    snprintf(remark, sizeof(remark), "including %u ms to make it", making_ms);
    terminal_figure(stdout, "latency p50",
                    format_any_time(value, figures.p50_us, any),
                    any ? remark : NULL);
    terminal_figure(stdout, "latency p99",
                    format_any_time(value, figures.p99_us, any), NULL);
    if (figures.lateness_p99_us <= BUSY_US)
        return;
    format_time(value, BUSY_US);
    snprintf(late, sizeof(late),
             "(this machine was busy: the client itself sent more than 1 in "
             "100 requests over %s late)",
             value);
    terminal_wrap(stdout, late, "  ", "  ");
}

void demo_verdict(const struct demo_part *part)
{
    const struct request_outcomes *ledger = &part->phase_stats.ledger;
    char value[FORMAT_SIZE];
    bool held = demo_held(part);

    terminal_colour(stdout, held ? COLOUR_GOOD : COLOUR_BAD);
    printf("\nVerdict: %s\n\n",
           held ? "no client noticed anything." : "clients noticed a failure.");
    terminal_colour(stdout, COLOUR_PLAIN);
    figure("requests", ledger_ended(ledger), NULL);
    figure("answered correctly", ledger->ended[OUTCOME_OK],
           "each with its own token");
    figure("lost", ledger_lost(ledger), NULL);
    terminal_losses(stdout, ledger);
    terminal_figure(stdout, "availability",
                    format_share(value, ledger_availability(ledger)), NULL);
    figure("deliberate exits", part->worker_stats.own_exits,
           "code 1, after a response");
    print_kills(part);
    print_latency(&part->phase_stats, part->making_ms);
    if (part->worker_stats.totals.were_logged &&
        !part->worker_stats.totals.balanced)
        printf("  The supervisor's totals do not add up.\n");
}

int demo_failure(const struct demo_part *part, const char *supervisor)
{
    switch (part->end) {
    case TRIAL_INTERRUPTED:
        fprintf(stderr,
                "\nchaos: interrupted; all started processes have ended\n");
        break;
    case TRIAL_NOT_STARTED:
        fprintf(stderr, "chaos: %s: %s\n", supervisor, strerror(part->error));
        break;
    case TRIAL_NEVER_READY:
        fprintf(stderr, "chaos: the supervisor did not listen in time: %s\n",
                part->last_words);
        break;
    case TRIAL_TARGET_DIED:
        fprintf(stderr, "chaos: the supervisor ended during the run: %s\n",
                part->last_words);
        break;
    case TRIAL_COMPLETE:
    case TRIAL_NOT_STEADY:
    case TRIAL_NO_SLOT:
        break;
    }
    return EXIT_DID_NOT_HOLD;
}
