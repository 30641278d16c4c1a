/* summary.c - report_terminal: figures, a timeline, the verdict. */
#include "chaos/ledger.h"
#include "chaos/report/fields.h"
#include "chaos/report/reports.h"
#include "chaos/report/terminal.h"
#include "chaos/words.h"
#include <math.h>
#include <string.h>

#define COLUMNS 60 /* of the timeline */

/* ---- The timeline ------------------------------------------------------- */

/* The means of COLUMNS stretches of the series; returns the largest. */
static double stretch(const cJSON *list, double columns[COLUMNS])
{
    int count = cJSON_GetArraySize(list), i = 0, steps[COLUMNS] = { 0 };
    const cJSON *item;
    double most = 0;

    memset(columns, 0, COLUMNS * sizeof(columns[0]));
    cJSON_ArrayForEach(item, list)
    {
        int column = (int)((int64_t)i++ * COLUMNS / count);

        columns[column] += item->valuedouble;
        steps[column]++;
    }
    for (i = 0; i < COLUMNS; i++) {
        columns[i] /= steps[i] ? steps[i] : 1;
        most = columns[i] > most ? columns[i] : most;
    }
    return most;
}

/* From nothing to the most in eight steps; something is never nothing. */
static const char *bar(double value, double most)
{
    static const char *const bars[] = { " ", "▁", "▂", "▃", "▄",
                                        "▅", "▆", "▇", "█" };

    if (value <= 0 || most <= 0)
        return bars[0];
    return bars[(int)ceil(value / most * 8)];
}

static void draw(FILE *out, const char *name, const cJSON *list,
                 enum terminal_colour colour)
{
    double columns[COLUMNS];
    double most = stretch(list, columns);

    fprintf(out, "  %-9s|", name);
    terminal_colour(out, colour);
    for (int i = 0; i < COLUMNS; i++)
        fputs(bar(columns[i], most), out);
    terminal_colour(out, COLOUR_PLAIN);
    fputs("|\n", out);
}

static void draw_timeline(FILE *out, const cJSON *run)
{
    const cJSON *series = field(run, "series");
    int steps = cJSON_GetArraySize(field(series, "ok"));
    char time[WORDS_SIZE];

    if (steps == 0)
        return;
    words_time(time, (uint64_t)steps * field_count(series, "step_us"));
    fputc('\n', out);
    draw(out, "answered", field(series, "ok"), COLOUR_GOOD);
    draw(out, "lost", field(series, "lost"), COLOUR_BAD);
    draw(out, "errors", field(series, "errors"), COLOUR_BAD);
    draw(out, "strikes", field(series, "strikes"), COLOUR_PLAIN);
    fprintf(out, "%11s0%*s\n\n", "", COLUMNS, time);
}

/* ---- The figures -------------------------------------------------------- */

static const char *const phases[] = { "steady", "storm", "after" };

#define PHASES ((int)(sizeof(phases) / sizeof(phases[0])))

static void print_row(FILE *out, const char *name,
                      char values[PHASES][WORDS_SIZE])
{
    fprintf(out, "  %-34s", name);
    for (int i = 0; i < PHASES; i++)
        fprintf(out, "%14s", values[i]);
    fputc('\n', out);
}

/* One row of figures; `sub` names an object within the phase, or is NULL. */
static void row(FILE *out, const cJSON *run, const char *name, const char *sub,
                const char *key,
                const char *(*words)(char *buffer, uint64_t value))
{
    char values[PHASES][WORDS_SIZE];

    for (int i = 0; i < PHASES; i++) {
        const cJSON *phase = field(field(run, "phases"), phases[i]);
        const cJSON *object = sub ? field(phase, sub) : phase;

        strcpy(values[i], "-");
        if (phase)
            words(values[i], field_count(object, key));
    }
    print_row(out, name, values);
}

static void share_row(FILE *out, const cJSON *run, const char *name,
                      const char *key)
{
    char values[PHASES][WORDS_SIZE];

    for (int i = 0; i < PHASES; i++) {
        const cJSON *phase = field(field(run, "phases"), phases[i]);

        strcpy(values[i], "-");
        if (phase)
            words_share(values[i], field_number(phase, key));
    }
    print_row(out, name, values);
}

/* In any phase. */
static bool any(const cJSON *run, const char *key)
{
    for (int i = 0; i < PHASES; i++)
        if (field_count(field(field(run, "phases"), phases[i]), key) > 0)
            return true;
    return false;
}

/* What was wanted, when some was asked more than once. */
static void retry_rows(FILE *out, const cJSON *run)
{
    row(out, run, "  of them retries", NULL, "retries", words_count);
    if (any(run, "retries_denied"))
        row(out, run, "  retries beyond the budget", NULL, "retries_denied",
            words_count);
    row(out, run, "  distinct requests", NULL, "intended", words_count);
    share_row(out, run, "  of those answered (goodput)", "goodput");
}

static bool occurred(const cJSON *run, const char *class)
{
    for (int i = 0; i < PHASES; i++) {
        const cJSON *phase = field(field(run, "phases"), phases[i]);

        if (field_count(field(phase, "classes"), class) > 0)
            return true;
    }
    return false;
}

static void print_figures(FILE *out, const cJSON *run)
{
    fprintf(out, "%36s%14s%14s%14s\n", "", "before", "with faults", "after");
    row(out, run, "requests", NULL, "requests", words_count);
    if (any(run, "retries") || any(run, "retries_denied"))
        retry_rows(out, run);
    row(out, run, "answered rightly", NULL, "ok", words_count);
    row(out, run, "lost", NULL, "lost", words_count);
    for (int i = OUTCOME_OK + 1; i < OUTCOMES; i++) {
        const char *key = outcome_key((enum outcome)i);
        char name[64];

        snprintf(name, sizeof(name), "  %s", outcome_name((enum outcome)i));
        if (occurred(run, key))
            row(out, run, name, "classes", key, words_count);
    }
    share_row(out, run, "availability", "availability");
    row(out, run, "longest gap", NULL, "longest_gap_us", words_time);
    row(out, run, "latency p50", "latency_us", "p50", words_time);
    row(out, run, "latency p99", "latency_us", "p99", words_time);
    row(out, run, "latency p99.9", "latency_us", "p99.9", words_time);
}

/* ---- Strikes and the verdict -------------------------------------------- */

static void print_strikes(FILE *out, const cJSON *run)
{
    const cJSON *strike, *census = field(run, "census");
    uint64_t hits = 0, blamed = 0;

    cJSON_ArrayForEach(strike, field(run, "strikes"))
    {
        hits += strcmp(field_text(strike, "result"), "hit") == 0;
        blamed += field_count(strike, "losses");
    }
    fprintf(out, "\n  %llu strikes hit", (unsigned long long)hits);
    if (field_count(census, "forks") > 0)
        fprintf(out,
                ", %llu workers killed, %llu of them with a request in hand",
                (unsigned long long)field_count(census, "kills"),
                (unsigned long long)field_count(census, "kills_busy"));
    fprintf(out, "\n  failures put down to a strike: %llu, to none: %llu\n",
            (unsigned long long)blamed,
            (unsigned long long)field_count(run, "losses_without_strike"));
}

/* Requests that asked for a fault are counted apart: they may fail. */
static void print_provoked(FILE *out, const cJSON *run)
{
    const cJSON *provoked = field(run, "provoked");
    const cJSON *classes = field(provoked, "classes");

    if (!provoked)
        return;
    fprintf(out, "  %llu more requests asked for a fault:",
            (unsigned long long)field_count(provoked, "requests"));
    for (int i = 0; i < OUTCOMES; i++) {
        uint64_t ended = field_count(classes, outcome_key((enum outcome)i));

        if (ended > 0)
            fprintf(out, " %llu %s;", (unsigned long long)ended,
                    outcome_name((enum outcome)i));
    }
    fputc('\n', out);
}

static void print_findings(FILE *out, const cJSON *run)
{
    static const char *const when[] = { "before", "with faults", "after" };
    const cJSON *finding;

    for (int i = 0; i < PHASES; i++) {
        const cJSON *phase = field(field(run, "phases"), phases[i]);
        const cJSON *verdict = field(phase, "verdict");

        cJSON_ArrayForEach(finding, field(verdict, "findings"))
        {
            if (field_true(finding, "held"))
                continue;
            terminal_colour(out, COLOUR_BAD);
            fprintf(out, "  NOT HELD (%s): %s: claimed %g, measured %g\n",
                    when[i], field_text(finding, "claim"),
                    field_number(finding, "limit"),
                    field_number(finding, "measured"));
            terminal_colour(out, COLOUR_PLAIN);
        }
    }
}

void report_terminal(FILE *out, const cJSON *run)
{
    const cJSON *verdict = field(run, "verdict");
    const char *colour = field_text(verdict, "colour");
    const char *because = field_text(verdict, "because");
    bool green = strcmp(colour, "green") == 0;

    draw_timeline(out, run);
    print_figures(out, run);
    print_strikes(out, run);
    print_provoked(out, run);
    print_findings(out, run);
    terminal_colour(out, green ? COLOUR_GOOD : COLOUR_BAD);
    fprintf(out, "Verdict: %s: the hypothesis %s%s%s\n",
            field_text(run, "title"),
            green                        ? "held"
            : strcmp(colour, "red") == 0 ? "did not hold"
                                         : "was not tested (void)",
            *because ? "; " : "", because);
    terminal_colour(out, COLOUR_PLAIN);
    fprintf(out, "Again: %s\n", field_text(run, "command"));
}
