/* SPDX-License-Identifier: MIT */
/* terminal.c - see terminal.h. */
#include "chaos/report/terminal.h"
#include "chaos/measure/console.h"
#include "chaos/measure/format.h"
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MARGIN       2
#define NAME_COLUMN  30
#define VALUE_COLUMN 12
#define REMARK_MIN   24 /* in less, a remark has a line of its own */

int terminal_columns(FILE *out)
{
    struct winsize size;

    if (ioctl(console_fd(out), TIOCGWINSZ, &size) < 0 || size.ws_col == 0 ||
        size.ws_col > TERMINAL_WIDTH)
        return TERMINAL_WIDTH;
    return size.ws_col < TERMINAL_WIDTH_MIN ? TERMINAL_WIDTH_MIN : size.ws_col;
}

bool terminal_is_live(FILE *out)
{
    const char *kind = getenv("TERM");

    return isatty(console_fd(out)) && kind && strcmp(kind, "dumb") != 0;
}

/* https://no-color.org: NO_COLOR counts unless it is empty. */
static bool is_coloured(FILE *out)
{
    const char *none = getenv("NO_COLOR");

    return terminal_is_live(out) && !(none && *none);
}

void terminal_colour(FILE *out, enum terminal_colour colour)
{
    static const char *const codes[] = {
        [COLOUR_PLAIN] = "\033[0m",  [COLOUR_GOOD] = "\033[1;32m",
        [COLOUR_BAD] = "\033[1;31m", [COLOUR_FAINT] = "\033[2m",
        [COLOUR_STRONG] = "\033[1m",
    };

    if (is_coloured(out))
        console_control(out, codes[colour]);
}

size_t terminal_width(const char *text, size_t bytes)
{
    size_t width = 0;

    for (size_t i = 0; i < bytes; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}

/* Prints the words of `text` from `column` on; further lines begin with
 * `rest`. */
static void wrap_from(FILE *out, size_t column, const char *text,
                      const char *rest)
{
    size_t columns = (size_t)terminal_columns(out), spaces = 0;

    while (*(text += strspn(text, " "))) {
        size_t length = strcspn(text, " ");
        size_t width = terminal_width(text, length);

        if (spaces > 0 && column + spaces + width > columns) {
            fprintf(out, "\n%s", rest);
            column = terminal_width(rest, strlen(rest));
            spaces = 0;
        }
        fprintf(out, "%*s%.*s", (int)spaces, "", (int)length, text);
        column += spaces + width;
        text += length;
        spaces = strspn(text, " ");
    }
    putc('\n', out);
}

void terminal_wrap(FILE *out, const char *text, const char *first,
                   const char *rest)
{
    fputs(first, out);
    wrap_from(out, terminal_width(first, strlen(first)), text, rest);
}

void terminal_line(FILE *out, const char *text, const char *first,
                   const char *rest)
{
    if (isatty(console_fd(out)))
        terminal_wrap(out, text, first, rest);
    else
        fprintf(out, "%s%s\n", first, text);
}

void terminal_figure(FILE *out, const char *name, const char *value,
                     const char *remark)
{
    int columns = terminal_columns(out),
        capacity = columns - MARGIN - VALUE_COLUMN;
    int name_column = capacity < NAME_COLUMN ? capacity : NAME_COLUMN;
    int used = MARGIN + name_column + VALUE_COLUMN + 2;
    char margin[TERMINAL_WIDTH];

    fprintf(out, "%*s%-*s", MARGIN, "", name_column, name);
    if (strlen(name) > (size_t)name_column)
        fprintf(out, "\n%*s", MARGIN + name_column, "");
    fprintf(out, "%*s", VALUE_COLUMN, value);
    if (remark && used + REMARK_MIN > columns) {
        putc('\n', out);
        terminal_wrap(out, remark, "    ", "    ");
        return;
    }
    if (remark)
        fputs("  ", out);
    snprintf(margin, sizeof(margin), "%*s", used, "");
    wrap_from(out, (size_t)used, remark ? remark : "", margin);
}

void terminal_losses(FILE *out, const struct request_outcomes *ledger)
{
    char name[64], value[FORMAT_SIZE];

    for (int i = 0; i < OUTCOMES; i++) {
        if (i == OUTCOME_OK || ledger->ended[i] == 0)
            continue;
        snprintf(name, sizeof(name), "  %s", outcome_name((enum outcome)i));
        terminal_figure(out, name, format_count(value, ledger->ended[i]), NULL);
    }
}

/* A time of `histogram`, which may be empty. */
static void time_figure(FILE *out, const char *name, uint64_t us,
                        const struct histogram *histogram, const char *remark)
{
    char value[FORMAT_SIZE];

    terminal_figure(out, name, format_any_time(value, us, histogram->count > 0),
                    remark);
}

static void retry_figures(FILE *out, const struct request_outcomes *ledger)
{
    char value[FORMAT_SIZE], remark[64] = "";

    if (ledger->denied > 0)
        snprintf(remark, sizeof(remark), "%llu more exceeded the budget",
                 (unsigned long long)ledger->denied);
    terminal_figure(out, "  of them retries",
                    format_count(value, ledger->retries), remark);
    terminal_figure(out, "  distinct requests",
                    format_count(value, ledger_intended(ledger)), NULL);
    terminal_figure(out, "  of those answered correctly",
                    format_share(value, ledger_goodput(ledger)), "goodput");
}

void terminal_phase_stats(FILE *out, const struct phase_stats *phase_stats)
{
    const struct request_outcomes *ledger = &phase_stats->ledger;
    struct figures figures = phase_stats_figures(phase_stats);
    char value[FORMAT_SIZE];

    terminal_figure(out, "requests", format_count(value, figures.requests),
                    ledger->withdrawn ? "without unfinished requests" : NULL);
    if (ledger->retries + ledger->denied > 0)
        retry_figures(out, ledger);
    terminal_figure(out, "answered correctly", format_count(value, figures.ok),
                    NULL);
    if (figures.unproven > 0)
        terminal_figure(out, "  of unknown length",
                        format_count(value, figures.unproven),
                        "ended by the end of the connection");
    terminal_figure(out, "lost", format_count(value, figures.lost), NULL);
    terminal_losses(out, ledger);
    terminal_figure(out, "availability",
                    format_share(value, ledger_availability(ledger)), NULL);
    terminal_figure(out, "longest gap without an answer",
                    format_time(value, figures.gap_us), NULL);
    time_figure(out, "latency p50", figures.p50_us, &phase_stats->latency,
                "from the time a request was due");
    time_figure(out, "latency p99", figures.p99_us, &phase_stats->latency,
                NULL);
    time_figure(out, "latency p99.9", figures.p999_us, &phase_stats->latency,
                NULL);
    time_figure(out, "the client's own lateness p99", figures.lateness_p99_us,
                &phase_stats->lateness, NULL);
}

void terminal_verdict(FILE *out, const struct verdict *verdict)
{
    char text[256];

    for (uint32_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];

        terminal_colour(out, finding->held ? COLOUR_GOOD : COLOUR_BAD);
        fprintf(out, "  %-9s", finding->held ? "held" : "NOT HELD");
        terminal_colour(out, COLOUR_PLAIN);
        wrap_from(out, 2 + 9, finding_write(text, sizeof(text), finding),
                  "    ");
    }
    terminal_colour(out, verdict->outcome == VERDICT_PASS ? COLOUR_GOOD
                                                          : COLOUR_BAD);
    snprintf(text, sizeof(text), "%s%s%s", verdict_name(verdict->outcome),
             verdict->because ? ": " : "",
             verdict->because ? verdict->because : "");
    terminal_line(out, text, "Verdict: ", "  ");
    terminal_colour(out, COLOUR_PLAIN);
}
