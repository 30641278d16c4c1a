/* SPDX-License-Identifier: MIT */
/* timeline.c - see timeline.h. */
#include "chaos/report/timeline.h"
#include "chaos/measure/format.h"
#include "chaos/report/run_record.h"
#include "chaos/report/terminal.h"
#include <math.h>
#include <string.h>

#define COLUMNS_MAX 60
#define MARGINS     15 /* columns to the left and right of the bars */

/* Divides the series into `width` parts and writes the mean of each to
 * `columns`. Returns the largest mean. */
static double means_of_parts(const cJSON *list, double columns[COLUMNS_MAX],
                             int width)
{
    int count = cJSON_GetArraySize(list), i = 0, steps[COLUMNS_MAX] = { 0 };
    const cJSON *item;
    double max = 0;

    memset(columns, 0, COLUMNS_MAX * sizeof(columns[0]));
    cJSON_ArrayForEach(item, list)
    {
        int column = (int)((int64_t)i++ * width / count);

        columns[column] += item->valuedouble;
        steps[column]++;
    }
    for (i = 0; i < width; i++) {
        columns[i] /= steps[i] ? steps[i] : 1;
        max = columns[i] > max ? columns[i] : max;
    }
    return max;
}

/* A bar in eight steps; only 0 has no bar. */
static const char *bar(double value, double max)
{
    static const char *const bars[] = { " ", "▁", "▂", "▃", "▄",
                                        "▅", "▆", "▇", "█" };

    if (value <= 0 || max <= 0)
        return bars[0];
    return bars[(int)ceil(value / max * 8)];
}

static void draw(FILE *out, int width, const char *name, const cJSON *list,
                 enum terminal_colour colour)
{
    double columns[COLUMNS_MAX];
    double max = means_of_parts(list, columns, width);

    fprintf(out, "  %-10s|", name);
    terminal_colour(out, colour);
    for (int i = 0; i < width; i++)
        fputs(bar(columns[i], max), out);
    terminal_colour(out, COLOUR_PLAIN);
    fputs("|\n", out);
}

void timeline_draw(FILE *out, const cJSON *run)
{
    const cJSON *series = run_get(run, "series");
    int steps = cJSON_GetArraySize(run_get(series, "ok"));
    int width = terminal_columns(out) - MARGINS;
    char time[FORMAT_SIZE];

    if (width > COLUMNS_MAX)
        width = COLUMNS_MAX;
    if (steps == 0)
        return;
    format_time(time, (uint64_t)steps * run_count(series, "step_us"));
    fputc('\n', out);
    draw(out, width, "answered", run_get(series, "ok"), COLOUR_GOOD);
    draw(out, width, "lost", run_get(series, "lost"), COLOUR_BAD);
    draw(out, width, "errors", run_get(series, "errors"), COLOUR_BAD);
    draw(out, width, "injections", run_get(series, "injections"), COLOUR_PLAIN);
    fprintf(out, "%12s0%*s\n\n", "", width, time);
}
