/* SPDX-License-Identifier: MIT */
/* lessons_html.c - the page with all lessons; see lesson_output.h. */
#include "chaos/course/json_read.h"
#include "chaos/course/lesson_html.h"
#include "chaos/course/lesson_output.h"
#include "chaos/report/embed.h"
#include "chaos/report/template.h"
#include <string.h>

EMBED(lessons_page_html, "chaos/course/lessons.html");
EMBED(lessons_page_js, "chaos/course/lessons.js");

/* Describes the machine of the latest record. */
static void put_origin(FILE *out, const cJSON *records)
{
    const cJSON *record, *last = NULL;
    const cJSON *machine;

    cJSON_ArrayForEach(record, records)
    {
        if (!last || strcmp(field_text(record, "started"),
                            field_text(last, "started")) > 0)
            last = record;
    }
    machine = field(last, "machine");
    page_text(out, field_text(machine, "system"));
    fputc(' ', out);
    page_text(out, field_text(machine, "release"));
    fprintf(out, ", %.0f processors, last run %.10s",
            field_number(machine, "processors"), field_text(last, "started"));
}

static int count_of(const cJSON *records, const char *result)
{
    const cJSON *record;
    int count = 0;

    cJSON_ArrayForEach(record, records)
    {
        count += strcmp(field_text(record, "result"), result) == 0;
    }
    return count;
}

static void put_totals(FILE *out, const cJSON *records)
{
    static const char *const results[] = { "failed", "inconclusive",
                                           "interrupted", "skipped" };

    fprintf(out, "%d of %d passed", count_of(records, "passed"),
            cJSON_GetArraySize(records));
    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
        if (count_of(records, results[i]) > 0)
            fprintf(out, ", %d %s", count_of(records, results[i]), results[i]);
}

static void put_contents(FILE *out, const cJSON *records)
{
    const cJSON *record;

    cJSON_ArrayForEach(record, records)
    {
        fputs("<li><a href=\"#", out);
        page_text(out, field_text(record, "name"));
        fprintf(out, "\"><span class=\"number\">%.0f</span><span>",
                field_number(record, "number"));
        page_text(out, field_text(record, "title"));
        fputs("</span>", out);
        lesson_html_badge(out, record);
        fputs("</a></li>\n", out);
    }
}

static void put_lessons(FILE *out, const cJSON *records)
{
    const cJSON *record;
    int plots = 0;

    cJSON_ArrayForEach(record, records)
    {
        lesson_html(out, record, &plots);
    }
}

/* The order must be that of the numbers assigned by lesson_html(). */
static void put_plots(FILE *out, const cJSON *records)
{
    cJSON *list = cJSON_CreateArray();
    const cJSON *record, *plot;

    cJSON_ArrayForEach(record, records)
    {
        cJSON_ArrayForEach(plot, field(record, "plots"))
        {
            if (lesson_html_draws_later(plot))
                cJSON_AddItemToArray(list, cJSON_Duplicate(plot, 1));
        }
    }
    page_json(out, list);
    cJSON_Delete(list);
}

static void put_script(FILE *out, const cJSON *records)
{
    (void)records;
    fputs(lessons_page_js, out);
}

char *lessons_html(const cJSON *records)
{
    static const struct page_piece pieces[] = {
        { "ORIGIN", put_origin },     { "TOTALS", put_totals },
        { "CONTENTS", put_contents }, { "LESSONS", put_lessons },
        { "PLOTS", put_plots },       { "SCRIPT", put_script },
    };

    return page_fill(lessons_page_html, pieces,
                     sizeof(pieces) / sizeof(pieces[0]), records);
}
