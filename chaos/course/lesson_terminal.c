/* SPDX-License-Identifier: MIT */
/* lesson_terminal.c - shows a lesson on a terminal; see lesson_output.h. */
#include "chaos/course/json_read.h"
#include "chaos/course/lesson_output.h"
#include "chaos/course/lesson_text.h"
#include "chaos/measure/format.h"
#include "chaos/report/terminal.h"
#include <stdlib.h>
#include <string.h>

const char *lesson_result_word(const cJSON *record)
{
    const char *result = field_text(record, "result");

    if (strcmp(result, "passed") == 0)
        return "PASS";
    if (strcmp(result, "failed") == 0)
        return "FAIL";
    if (strcmp(result, "interrupted") == 0)
        return "STOPPED";
    return strcmp(result, "skipped") == 0 ? "skipped" : "INCONCLUSIVE";
}

static enum terminal_colour colour_of(const char *word)
{
    if (strcmp(word, "PASS") == 0)
        return COLOUR_GOOD;
    return strcmp(word, "skipped") == 0 ? COLOUR_FAINT : COLOUR_BAD;
}

static void put_coloured(FILE *out, const char *word)
{
    terminal_colour(out, colour_of(word));
    fprintf(out, "%-7s", word);
    terminal_colour(out, COLOUR_PLAIN);
}

static void put_verbatim(FILE *out, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");

        fprintf(out, "      %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

static void put_heading(FILE *out, const char *heading)
{
    terminal_colour(out, COLOUR_STRONG);
    fprintf(out, "\n%s\n", heading);
    terminal_colour(out, COLOUR_PLAIN);
}

static void put_section(FILE *out, const cJSON *record, const char *key,
                        const char *heading)
{
    put_heading(out, heading);
    lesson_text_terminal(out, field_text(record, key));
}

/* ---- During the runs ---- */

/* Lessons outside the course have no number. */
static void put_lesson(FILE *out, const char *lesson, const cJSON *record)
{
    fputs(lesson, out);
    if (field_number(record, "number") > 0)
        fprintf(out, " %.0f", field_number(record, "number"));
}

void lesson_terminal_begin(FILE *out, const cJSON *record)
{
    terminal_colour(out, COLOUR_STRONG);
    put_lesson(out, "== Lesson", record);
    fprintf(out, ": %s ==\n", field_text(record, "title"));
    terminal_colour(out, COLOUR_PLAIN);
    put_section(out, record, "question", "Question");
    put_section(out, record, "prediction", "Prediction");
    put_heading(out, "Runs");
}

void lesson_terminal_case(FILE *out, const cJSON *entry, int number, int of)
{
    const char *because = field_text(entry, "because");
    const cJSON *counts = field(entry, "counts");
    char requests[FORMAT_SIZE], ok[FORMAT_SIZE], injections[FORMAT_SIZE];

    fprintf(out, "  %2d/%d  %-34s", number, of, field_text(entry, "label"));
    if (counts)
        fprintf(
            out, "%s requests, %s answered%s%s",
            format_count(requests, field_count(counts, "requests")),
            format_count(ok, field_count(counts, "ok")),
            field_count(counts, "injections") ? ", injections: " : "",
            field_count(counts, "injections")
                ? format_count(injections, field_count(counts, "injections"))
                : "");
    if (strcmp(field_text(entry, "status"), "measured") != 0 || !counts)
        fprintf(out, "%s%s: %s", counts ? "; " : "",
                field_text(entry, "status"), because);
    putc('\n', out);
    fflush(out);
}

/* ---- After the last run ------------------------------------------------- */

static void put_expectations(FILE *out, const cJSON *record)
{
    const cJSON *item;

    put_heading(out, "Expected");
    cJSON_ArrayForEach(item, field(record, "expectations"))
    {
        const char *remark = field_text(item, "remark");

        fputs("  ", out);
        put_coloured(out, field_true(item, "held") ? "PASS" : "FAIL");
        fprintf(out, " %s%s%s%s\n", field_text(item, "claim"),
                *remark ? " (" : "", remark, *remark ? ")" : "");
    }
}

static void put_plots(FILE *out, const cJSON *record)
{
    const cJSON *plot;

    cJSON_ArrayForEach(plot, field(record, "plots"))
    {
        put_heading(out, field_text(plot, "title"));
        lesson_plot(out, plot);
    }
}

static void put_result(FILE *out, const cJSON *record)
{
    const char *because = field_text(record, "because");

    putc('\n', out);
    put_coloured(out, lesson_result_word(record));
    put_lesson(out, " lesson", record);
    fprintf(out, ", %s%s%s\n", field_text(record, "name"), *because ? ": " : "",
            because);
    fprintf(out, "Again:  %s\n", field_text(record, "command"));
}

void lesson_terminal_end(FILE *out, const cJSON *record)
{
    if (field(record, "expectations")) {
        put_heading(out, "Measured");
        lesson_table(out, record);
        put_plots(out, record);
        if (*field_text(record, "sample_lines")) {
            put_heading(out, "Sample lines");
            put_verbatim(out, field_text(record, "sample_lines"));
        }
        put_expectations(out, record);
        put_section(out, record, "learn", "What was learnt");
        put_section(out, record, "try", "What to try next");
    }
    put_result(out, record);
}

void lessons_terminal(FILE *out, const cJSON *records)
{
    const cJSON *record;
    int passed = 0, failed = 0, stopped = 0;

    put_heading(out, "All lessons");
    cJSON_ArrayForEach(record, records)
    {
        const char *because = field_text(record, "because");
        const char *word = lesson_result_word(record);

        fprintf(out, "  %2llu  ",
                (unsigned long long)field_count(record, "number"));
        put_coloured(out, word);
        fprintf(out, " %s%s%s\n", field_text(record, "title"),
                *because ? ": " : "", because);
        passed += strcmp(word, "PASS") == 0;
        failed +=
            strcmp(word, "FAIL") == 0 || strcmp(word, "INCONCLUSIVE") == 0;
        stopped += strcmp(word, "STOPPED") == 0;
    }
    fprintf(out, "%d passed, %d failed", passed, failed);
    if (stopped)
        fprintf(out, ", %d interrupted, later lessons not run", stopped);
    putc('\n', out);
}
