/* SPDX-License-Identifier: MIT */
/* comparison.c - see comparison.h. */
#include "chaos/report/comparison.h"
#include "chaos/measure/format.h"
#include "chaos/measure/outcomes.h"
#include "chaos/report/reasons.h"
#include "chaos/report/run_record.h"
#include "chaos/report/template.h"
#include "chaos/report/terminal.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 8

/* ---- One run's figures -------------------------------------------------- */

static const cJSON *fault_phase_of(const cJSON *run)
{
    return run_phase(run, "fault");
}

static uint64_t hits_of(const cJSON *run)
{
    const cJSON *injection;
    uint64_t hits = 0;

    cJSON_ArrayForEach(injection, run_get(run, "injections"))
    {
        hits += strcmp(run_text(injection, "result"), "hit") == 0;
    }
    return hits;
}

static uint64_t per_1000_hits(const cJSON *run, uint64_t count)
{
    uint64_t hits = hits_of(run);

    return hits ? (count * 1000 + hits / 2) / hits : 0;
}

/* The longest recovery: the time from a step with a failure to the next step
 * with OK responses and no failure.  A step without responses does not begin a
 * recovery, because at a low rate some steps have no requests. */
static uint64_t recovery_us(const cJSON *run)
{
    const cJSON *series = run_get(run, "series"), *ok, *lost, *errors;
    uint64_t steps = 0, max = 0;
    int count = cJSON_GetArraySize(run_get(series, "ok"));

    ok = run_get(series, "ok")->child;
    lost = run_get(series, "lost")->child;
    errors = run_get(series, "errors")->child;
    /* The last step is incomplete. */
    for (int i = 0; i + 1 < count && ok && lost && errors; i++) {
        bool failed = lost->valuedouble > 0 || errors->valuedouble > 0;
        bool bad = failed || (steps > 0 && ok->valuedouble == 0);

        steps = bad ? steps + 1 : 0;
        max = steps > max ? steps : max;
        ok = ok->next;
        lost = lost->next;
        errors = errors->next;
    }
    return max * run_count(series, "step_us");
}

static const char *const heads[COLUMNS] = {
    "verdict", "requests",           "lost",        "availability",
    "hits",    "lost per 1000 hits", "longest gap", "recovery",
};

static void fill_row(const cJSON *run, char cells[COLUMNS][FORMAT_SIZE])
{
    const cJSON *fault_phase = fault_phase_of(run);
    uint64_t lost;

    for (int i = 0; i < COLUMNS; i++)
        strcpy(cells[i], "-");
    snprintf(cells[0], FORMAT_SIZE, "%s",
             run_text(run_get(run, "verdict"), "outcome"));
    if (!fault_phase)
        return;
    lost = run_count(fault_phase, "lost");
    format_count(cells[1], run_count(fault_phase, "requests"));
    format_count(cells[2], lost);
    format_share(cells[3], run_number(fault_phase, "availability"));
    format_count(cells[4], hits_of(run));
    format_count(cells[5], per_1000_hits(run, lost));
    if (hits_of(run) == 0)
        strcpy(cells[5], "-");
    format_time(cells[6], run_count(fault_phase, "longest_gap_us"));
    format_any_time(cells[7], recovery_us(run), recovery_us(run) > 0);
}

/* ---- Failures by class -------------------------------------------------- */

static uint64_t class_count(const cJSON *run, enum outcome class)
{
    const cJSON *phase = fault_phase_of(run);

    return phase ? run_count(run_get(phase, "classes"), outcome_key(class)) : 0;
}

static bool occurred(cJSON *const *runs, size_t count, enum outcome class)
{
    for (size_t i = 0; i < count; i++)
        if (class_count(runs[i], class) > 0)
            return true;
    return false;
}

static bool any_occurred(cJSON *const *runs, size_t count)
{
    for (int class = OUTCOME_OK + 1; class < OUTCOMES; class ++)
        if (occurred(runs, count, (enum outcome) class))
            return true;
    return false;
}

/* ---- Reasons of verdicts ------------------------------------------------ */

static void each_reason(FILE *out, cJSON *const *runs, size_t count,
                        void (*print)(FILE *out, const cJSON *run,
                                      const char *why))
{
    for (size_t i = 0; i < count; i++) {
        char *why = reasons_of(runs[i]);

        if (why && *why)
            print(out, runs[i], why);
        free(why);
    }
}

static const char *outcome_words(const cJSON *run)
{
    const char *outcome = run_text(run_get(run, "verdict"), "outcome");

    return strcmp(outcome, "fail") == 0 ? "did not hold" : "was inconclusive";
}

static void print_reason(FILE *out, const cJSON *run, const char *why)
{
    fprintf(out, "\n%s %s: %s\n", run_text(run, "title"), outcome_words(run),
            why);
}

static void put_reason(FILE *out, const cJSON *run, const char *why)
{
    fputs("<p><b>", out);
    page_text(out, run_text(run, "title"));
    fprintf(out, "</b> %s: ", outcome_words(run));
    page_text(out, why);
    fputs("</p>\n", out);
}

/* ---- For a terminal ----------------------------------------------------- */

static void print_classes(FILE *out, cJSON *const *runs, size_t count)
{
    char value[FORMAT_SIZE];

    for (int class = OUTCOME_OK + 1; class < OUTCOMES; class ++) {
        if (!occurred(runs, count, (enum outcome) class))
            continue;
        fprintf(out, "  %s:", outcome_name((enum outcome) class));
        for (size_t i = 0; i < count; i++) {
            uint64_t ended = class_count(runs[i], (enum outcome) class);

            if (ended > 0)
                fprintf(out, " %s %s;", run_text(runs[i], "title"),
                        format_count(value, per_1000_hits(runs[i], ended)));
        }
        fputc('\n', out);
    }
}

/* The table is 80 columns wide; a heading has two lines. */
#define TITLE_WIDTH 4

static const struct {
    int width;
    const char *heads[2];
} columns[COLUMNS] = {
    { 12, { "", "verdict" } },   { 9, { "", "requests" } },
    { 7, { "", "lost" } },       { 8, { "avail-", "ability" } },
    { 5, { "", "hits" } },       { 9, { "lost per", "1000 hits" } },
    { 9, { "longest", "gap" } }, { 9, { "", "recovery" } },
};

static void print_cell(FILE *out, int column, const char *text)
{
    fprintf(out, " %*s", columns[column].width, text);
}

/* A title that is too long for its column has a line of its own. */
static void print_title(FILE *out, const char *title)
{
    size_t width = terminal_width(title, strlen(title));

    fputs(title, out);
    if (width > TITLE_WIDTH) {
        fputc('\n', out);
        width = 0;
    }
    fprintf(out, "%*s", TITLE_WIDTH - (int)width, "");
}

void comparison_terminal(FILE *out, cJSON *const *runs, size_t count)
{
    for (int line = 0; line < 2; line++) {
        print_title(out, "");
        for (int c = 0; c < COLUMNS; c++)
            print_cell(out, c, columns[c].heads[line]);
        fputc('\n', out);
    }
    for (size_t i = 0; i < count; i++) {
        char cells[COLUMNS][FORMAT_SIZE];

        fill_row(runs[i], cells);
        print_title(out, run_text(runs[i], "title"));
        for (int c = 0; c < COLUMNS; c++)
            print_cell(out, c, cells[c]);
        fputc('\n', out);
    }
    each_reason(out, runs, count, print_reason);
    if (any_occurred(runs, count))
        fprintf(out, "\nFailures by class, per 1000 hits:\n");
    print_classes(out, runs, count);
}

/* ---- For a browser ------------------------------------------------------ */

static const char page_begins[] =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, "
    "initial-scale=1\">\n<title>What a crash costs the clients</title>\n"
    "<style>\n"
    ":root{color-scheme:light dark;--line:#d5dae0;--good:#17703b;"
    "--bad:#b3261e}\n"
    "@media(prefers-color-scheme:dark){:root{--line:#343b44;--good:#58c483;"
    "--bad:#ff8a80}}\n"
    "body{margin:0 auto;padding:1.2rem;max-width:68rem;"
    "font:16px/1.5 system-ui,\"DejaVu Sans\",sans-serif}\n"
    ".scroll{overflow-x:auto}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;"
    "font-size:.9rem}\n"
    "th,td{text-align:right;padding:.3rem .8rem;"
    "border-bottom:1px solid var(--line)}\n"
    "th:first-child{text-align:left;padding-left:0}\n"
    ".pass{color:var(--good);font-weight:600}"
    ".fail,.inconclusive{color:var(--bad);font-weight:600}\n"
    "</style></head><body>\n<h1>What a crash costs the clients</h1>\n"
    "<p>The same load and the same injections for every system.  Lost: "
    "requests that got no valid response.  Recovery: the longest time from a "
    "failure to the next interval without failures.</p>\n";

static void begin_table(FILE *out, const char *title)
{
    fprintf(out,
            "<h2>%s</h2>\n<div class=\"scroll\" tabindex=\"0\"><table>"
            "<thead><tr><th scope=\"col\">system</th>",
            title);
}

static void put_figures(FILE *out, cJSON *const *runs, size_t count)
{
    begin_table(out, "Side by side");
    for (int c = 0; c < COLUMNS; c++)
        fprintf(out, "<th scope=\"col\">%s</th>", heads[c]);
    fputs("</tr></thead><tbody>\n", out);
    for (size_t i = 0; i < count; i++) {
        char cells[COLUMNS][FORMAT_SIZE];

        fill_row(runs[i], cells);
        fputs("<tr><th scope=\"row\">", out);
        page_text(out, run_text(runs[i], "title"));
        fprintf(out, "</th><td class=\"%s\">%s</td>", cells[0], cells[0]);
        for (int c = 1; c < COLUMNS; c++)
            fprintf(out, "<td>%s</td>", cells[c]);
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div>\n", out);
}

static void put_classes(FILE *out, cJSON *const *runs, size_t count)
{
    begin_table(out, "Failures by class, per 1000 hits");
    for (int class = OUTCOME_OK + 1; class < OUTCOMES; class ++)
        if (occurred(runs, count, (enum outcome) class))
            fprintf(out, "<th scope=\"col\">%s</th>",
                    outcome_name((enum outcome) class));
    fputs("</tr></thead><tbody>\n", out);
    for (size_t i = 0; i < count; i++) {
        fputs("<tr><th scope=\"row\">", out);
        page_text(out, run_text(runs[i], "title"));
        fputs("</th>", out);
        for (int class = OUTCOME_OK + 1; class < OUTCOMES; class ++)
            if (occurred(runs, count, (enum outcome) class))
                fprintf(
                    out, "<td>%llu</td>",
                    (unsigned long long)per_1000_hits(
                        runs[i], class_count(runs[i], (enum outcome) class)));
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div>\n", out);
}

char *comparison_html(cJSON *const *runs, size_t count)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fputs(page_begins, out);
    put_figures(out, runs, count);
    each_reason(out, runs, count, put_reason);
    if (any_occurred(runs, count))
        put_classes(out, runs, count);
    fputs("<h2>Run it again</h2>\n", out);
    for (size_t i = 0; i < count; i++) {
        fputs("<p><code>", out);
        page_text(out, run_text(runs[i], "command"));
        fputs("</code></p>\n", out);
    }
    fputs("</body></html>\n", out);
    fclose(out);
    return text;
}
