/* SPDX-License-Identifier: MIT */
/* summary.c - report_terminal(): a timeline, figures and the verdict. */
#include "chaos/measure/format.h"
#include "chaos/measure/outcomes.h"
#include "chaos/report/injections_terminal.h"
#include "chaos/report/phase_stats_json.h"
#include "chaos/report/reports.h"
#include "chaos/report/run_record.h"
#include "chaos/report/terminal.h"
#include "chaos/report/timeline.h"
#include <string.h>

/* ---- The figures -------------------------------------------------------- */

static const char *const phases[] = { "baseline", "fault", "recovery" };

#define PHASES ((int)(sizeof(phases) / sizeof(phases[0])))
#define NAME   36 /* width of a row's name, in columns */
#define CELL   14 /* width of each value */

/* On a narrow terminal the values are printed below the name. */
static void print_row(FILE *out, const char *name,
                      char values[PHASES][FORMAT_SIZE])
{
    int columns = terminal_columns(out), cell = CELL;

    if (columns >= NAME + PHASES * CELL) {
        fprintf(out, "  %-*s", NAME - 2, name);
    } else {
        cell = columns / PHASES < CELL ? columns / PHASES : CELL;
        if (*name)
            fprintf(out, "  %s\n", name);
    }
    for (int i = 0; i < PHASES; i++)
        fprintf(out, "%*s", cell, values[i]);
    fputc('\n', out);
}

/* Prints member `key` of each phase, or of object `sub` in it if not NULL. */
static void row(FILE *out, const cJSON *run, const char *name, const char *sub,
                const char *key,
                const char *(*format)(char *buffer, uint64_t value))
{
    char values[PHASES][FORMAT_SIZE];

    for (int i = 0; i < PHASES; i++) {
        const cJSON *phase = run_phase(run, phases[i]);
        const cJSON *object = sub && phase ? run_get(phase, sub) : phase;

        if (!phase)
            strcpy(values[i], "-");
        else if (cJSON_IsNull(run_get(object, key)))
            strcpy(values[i], "none");
        else
            format(values[i], run_count(object, key));
    }
    print_row(out, name, values);
}

static void share_row(FILE *out, const cJSON *run, const char *name,
                      const char *key)
{
    char values[PHASES][FORMAT_SIZE];

    for (int i = 0; i < PHASES; i++) {
        const cJSON *phase = run_phase(run, phases[i]);

        strcpy(values[i], "-");
        if (phase)
            format_share(values[i], run_number(phase, key));
    }
    print_row(out, name, values);
}

/* Whether member `key` is positive in any phase. */
static bool is_in_any_phase(const cJSON *run, const char *key)
{
    for (int i = 0; i < PHASES; i++) {
        const cJSON *phase = run_phase(run, phases[i]);

        if (phase && run_count(phase, key) > 0)
            return true;
    }
    return false;
}

static void retry_rows(FILE *out, const cJSON *run)
{
    row(out, run, "  of them retries", NULL, "retries", format_count);
    if (is_in_any_phase(run, "retries_denied"))
        row(out, run, "  retries beyond the budget", NULL, "retries_denied",
            format_count);
    row(out, run, "  distinct requests", NULL, "intended", format_count);
    share_row(out, run, "  of those answered (goodput)", "goodput");
}

static bool occurred(const cJSON *run, const char *class)
{
    for (int i = 0; i < PHASES; i++) {
        const cJSON *phase = run_phase(run, phases[i]);

        if (phase && run_count(run_get(phase, "classes"), class) > 0)
            return true;
    }
    return false;
}

static void print_figures(FILE *out, const cJSON *run)
{
    char heads[PHASES][FORMAT_SIZE] = { "before", "with faults", "after" };

    print_row(out, "", heads);
    row(out, run, "requests", NULL, "requests", format_count);
    if (is_in_any_phase(run, "retries") ||
        is_in_any_phase(run, "retries_denied"))
        retry_rows(out, run);
    row(out, run, "answered correctly", NULL, "ok", format_count);
    if (is_in_any_phase(run, "unproven"))
        row(out, run, "  of unknown length", NULL, "unproven", format_count);
    row(out, run, "lost", NULL, "lost", format_count);
    for (int i = OUTCOME_OK + 1; i < OUTCOMES; i++) {
        const char *key = outcome_key((enum outcome)i);
        char name[64];

        snprintf(name, sizeof(name), "  %s", outcome_name((enum outcome)i));
        if (occurred(run, key))
            row(out, run, name, "classes", key, format_count);
    }
    share_row(out, run, "availability", "availability");
    row(out, run, "longest gap", NULL, "longest_gap_us", format_time);
    row(out, run, "latency p50", "latency_us", "p50", format_time);
    row(out, run, "latency p99", "latency_us", "p99", format_time);
    row(out, run, "latency p99.9", "latency_us", "p99.9", format_time);
}

/* ---- The verdict -------------------------------------------------------- */

static void print_findings(FILE *out, const cJSON *run)
{
    static const char *const when[] = { "before", "with faults", "after" };
    const cJSON *finding;
    char head[48], text[160];

    for (int i = 0; i < PHASES; i++) {
        const cJSON *phase = run_phase(run, phases[i]);

        if (!phase)
            continue;
        cJSON_ArrayForEach(finding,
                           run_get(run_get(phase, "verdict"), "findings"))
        {
            if (run_flag(finding, "held"))
                continue;
            terminal_colour(out, COLOUR_BAD);
            snprintf(head, sizeof(head), "  NOT HELD (%s): ", when[i]);
            terminal_line(out, json_finding_words(text, sizeof(text), finding),
                          head, "    ");
            terminal_colour(out, COLOUR_PLAIN);
        }
    }
}

void report_terminal(FILE *out, const cJSON *run)
{
    const cJSON *verdict = run_get(run, "verdict");
    const char *outcome = run_text(verdict, "outcome");
    const char *because = run_text(verdict, "because");
    bool held = strcmp(outcome, "pass") == 0;
    char text[512];

    timeline_draw(out, run);
    print_figures(out, run);
    injections_terminal(out, run);
    print_findings(out, run);
    terminal_colour(out, held ? COLOUR_GOOD : COLOUR_BAD);
    snprintf(text, sizeof(text), "%.200s: the hypothesis %s%s%s",
             run_text(run, "title"),
             held                           ? "held"
             : strcmp(outcome, "fail") == 0 ? "did not hold"
                                            : "was not tested (inconclusive)",
             *because ? "; " : "", because);
    terminal_line(out, text, "Verdict: ", "  ");
    terminal_colour(out, COLOUR_PLAIN);
    fprintf(out, "Again: %s\n", run_text(run, "command"));
}
