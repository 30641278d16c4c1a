/* summary.c - report_terminal: figures, a timeline, the verdict. */
#include "chaos/ledger.h"
#include "chaos/monkey.h"
#include "chaos/report/fields.h"
#include "chaos/report/json.h"
#include "chaos/report/reports.h"
#include "chaos/report/terminal.h"
#include "chaos/report/timeline.h"
#include "chaos/words.h"
#include <stdlib.h>
#include <string.h>

/* ---- The figures -------------------------------------------------------- */

static const char *const phases[] = { "steady", "storm", "after" };

#define PHASES ((int)(sizeof(phases) / sizeof(phases[0])))
#define NAME   36 /* columns of a row's name */
#define CELL   14 /* and of each of its values */

/* Where there is no room beside the name the values stand below it. */
static void print_row(FILE *out, const char *name,
                      char values[PHASES][WORDS_SIZE])
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
        if (cJSON_IsNull(field(object, key)))
            strcpy(values[i], "none");
        else if (phase)
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
    char heads[PHASES][WORDS_SIZE] = { "before", "with faults", "after" };

    print_row(out, "", heads);
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

static uint64_t strikes_that(const cJSON *run, enum struck_result result)
{
    const cJSON *strike;
    uint64_t count = 0;

    cJSON_ArrayForEach(strike, field(run, "strikes"))
    {
        count += strcmp(field_text(strike, "result"),
                        struck_result_name(result)) == 0;
    }
    return count;
}

/* "12 strikes hit, 3 met nobody, ..." */
static void write_strikes(FILE *out, const cJSON *run)
{
    const cJSON *census = field(run, "census");

    fprintf(out, "%llu strikes hit",
            (unsigned long long)strikes_that(run, STRUCK_HIT));
    for (int i = STRUCK_HIT + 1; i < STRUCK_RESULTS; i++) {
        uint64_t count = strikes_that(run, (enum struck_result)i);

        if (count > 0)
            fprintf(out, ", %llu %s", (unsigned long long)count,
                    struck_result_name((enum struck_result)i));
    }
    if (field_count(census, "forks") > 0)
        fprintf(out,
                ", %llu workers killed, %llu of them with a request in hand",
                (unsigned long long)field_count(census, "kills"),
                (unsigned long long)field_count(census, "kills_busy"));
}

static void print_strikes(FILE *out, const cJSON *run)
{
    const cJSON *strike;
    uint64_t blamed = 0;
    char *text = NULL, words[96];
    size_t size;
    FILE *memory = open_memstream(&text, &size);

    if (!memory)
        return;
    write_strikes(memory, run);
    fclose(memory);
    fputc('\n', out);
    terminal_line(out, text, "  ", "    ");
    free(text);
    cJSON_ArrayForEach(strike, field(run, "strikes"))
    {
        blamed += field_count(strike, "losses");
    }
    snprintf(words, sizeof(words),
             "failures put down to a strike: %llu, to none: %llu",
             (unsigned long long)blamed,
             (unsigned long long)field_count(run, "losses_without_strike"));
    terminal_line(out, words, "  ", "    ");
}

static bool was_asked_for(const cJSON *exit)
{
    return strcmp(field_text(exit, "cause"), "supervisor") == 0;
}

/* "8 own exit, code 76" */
static void write_deaths(FILE *out, const cJSON *exit)
{
    uint64_t struck = field_count(exit, "struck");
    char count[WORDS_SIZE];

    fprintf(out, "%s %s", words_count(count, field_count(exit, "count")),
            field_text(exit, "cause"));
    if (field(exit, "code"))
        fprintf(out, ", code %llu",
                (unsigned long long)field_count(exit, "code"));
    if (*field_text(exit, "signal"))
        fprintf(out, ", %s", field_text(exit, "signal"));
    if (struck > 0)
        fprintf(out, " (%s struck)", words_count(count, struck));
}

/* Of what workers died over the whole run, struck or not: of a limit, say, that
 * a strike laid on them. */
static void print_deaths(FILE *out, const cJSON *run)
{
    const cJSON *exit;
    char *text = NULL;
    bool any = false;
    size_t size;
    FILE *words = open_memstream(&text, &size);

    if (!words)
        return;
    cJSON_ArrayForEach(exit, field(run, "exits"))
    {
        if (was_asked_for(exit))
            continue;
        fputs(any ? "; " : "", words);
        write_deaths(words, exit);
        any = true;
    }
    fclose(words);
    if (any)
        terminal_line(out, text, "  workers that ended unasked: ", "    ");
    free(text);
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
    char head[48], text[160];

    for (int i = 0; i < PHASES; i++) {
        const cJSON *phase = field(field(run, "phases"), phases[i]);
        const cJSON *verdict = field(phase, "verdict");

        cJSON_ArrayForEach(finding, field(verdict, "findings"))
        {
            if (field_true(finding, "held"))
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
    const cJSON *verdict = field(run, "verdict");
    const char *colour = field_text(verdict, "colour");
    const char *because = field_text(verdict, "because");
    bool green = strcmp(colour, "green") == 0;
    char text[512];

    timeline_draw(out, run);
    print_figures(out, run);
    print_strikes(out, run);
    print_deaths(out, run);
    print_provoked(out, run);
    print_findings(out, run);
    terminal_colour(out, green ? COLOUR_GOOD : COLOUR_BAD);
    snprintf(text, sizeof(text), "%.200s: the hypothesis %s%s%s",
             field_text(run, "title"),
             green                        ? "held"
             : strcmp(colour, "red") == 0 ? "did not hold"
                                          : "was not tested (void)",
             *because ? "; " : "", because);
    terminal_line(out, text, "Verdict: ", "  ");
    terminal_colour(out, COLOUR_PLAIN);
    fprintf(out, "Again: %s\n", field_text(run, "command"));
}
