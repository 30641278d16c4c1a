/* SPDX-License-Identifier: MIT */
/* ascii_plot.c - plots for a terminal; see lesson_output.h. */
#include "chaos/course/json_read.h"
#include "chaos/course/lesson_output.h"
#include "chaos/report/terminal.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Bars --------------------------------------------------------------- */

#define BAR_WIDTH   40
#define LABEL_WIDTH 28

static double max_of(const cJSON *bars)
{
    const cJSON *bar;
    double max = 0;

    cJSON_ArrayForEach(bar, bars)
    {
        max = fmax(max, fmax(field_number(bar, "value"),
                             field_number(bar, "predicted")));
    }
    return max > 0 ? max : 1;
}

static bool have_several_names(const cJSON *bars)
{
    const cJSON *bar;

    cJSON_ArrayForEach(bar, bars)
    {
        if (strcmp(field_text(bar, "name"), field_text(bars->child, "name")))
            return true;
    }
    return false;
}

static void draw_bar(FILE *out, const cJSON *bar, double max, bool named)
{
    bool predicted = field(bar, "predicted") != NULL;
    int length = (int)lround(field_number(bar, "value") / max * BAR_WIDTH);
    int mark =
        (int)lround(field_number(bar, "predicted") / max * (BAR_WIDTH - 1));
    char label[128];

    snprintf(label, sizeof(label), "%.60s%s%.60s", field_text(bar, "label"),
             named ? ", " : "", named ? field_text(bar, "name") : "");
    fprintf(out, "  %-*.*s |", LABEL_WIDTH, LABEL_WIDTH, label);
    for (int i = 0; i < BAR_WIDTH; i++) {
        if (predicted && i == mark)
            fputs("┃", out);
        else
            fputs(i < length ? "▒" : " ", out);
    }
    fprintf(out, " %s%s%s%s\n", field_text(bar, "text"), predicted ? " (" : "",
            field_text(bar, "predicted_text"), predicted ? ")" : "");
}

static void draw_bars(FILE *out, const cJSON *bars)
{
    double max = max_of(bars);
    bool named = bars->child && have_several_names(bars);
    bool predicted = false;
    const cJSON *bar;

    cJSON_ArrayForEach(bar, bars)
    {
        draw_bar(out, bar, max, named);
        predicted = predicted || field(bar, "predicted");
    }
    if (predicted)
        fprintf(out, "  %*s  ┃ and in brackets: predicted\n", LABEL_WIDTH, "");
}

/* ---- Lines -------------------------------------------------------------- */

#define WIDTH     64
#define HEIGHT    15
#define PREDICTED '.'

static const char marks[] = "ox+*#@%&";

struct axis {
    double min, max;
    bool log;
};

struct canvas {
    struct axis x, y;
    char cells[HEIGHT][WIDTH];
};

static double at_axis(const struct axis *axis, double value)
{
    double min = axis->log ? log(axis->min) : axis->min;
    double max = axis->log ? log(axis->max) : axis->max;
    double at = axis->log ? log(fmax(value, axis->min)) : value;

    return max > min ? (at - min) / (max - min) : 0.5;
}

static void put(struct canvas *canvas, double x, double y, char mark)
{
    int column = (int)lround(at_axis(&canvas->x, x) * (WIDTH - 1));
    int row = HEIGHT - 1 - (int)lround(at_axis(&canvas->y, y) * (HEIGHT - 1));

    if (column < 0 || column >= WIDTH || row < 0 || row >= HEIGHT)
        return;
    if (mark != PREDICTED || canvas->cells[row][column] == ' ')
        canvas->cells[row][column] = mark;
}

static double part(const cJSON *point, int i)
{
    return cJSON_GetArrayItem(point, i)->valuedouble;
}

static void widen(struct axis *axis, double value)
{
    if (axis->log && value <= 0)
        return;
    axis->min = fmin(axis->min, value);
    axis->max = fmax(axis->max, value);
}

static void fit_axes(struct canvas *canvas, const cJSON *plot)
{
    const char *logs = field_text(plot, "log");
    const cJSON *line, *point;

    canvas->x = (struct axis){ INFINITY, -INFINITY, strchr(logs, 'x') };
    canvas->y = (struct axis){ INFINITY, -INFINITY, strchr(logs, 'y') };
    cJSON_ArrayForEach(line, field(plot, "lines"))
    {
        cJSON_ArrayForEach(point, field(line, "points"))
        {
            widen(&canvas->x, part(point, 0));
            widen(&canvas->y, part(point, 1));
        }
    }
    if (!canvas->y.log)
        widen(&canvas->y, 0);
    if (!isfinite(canvas->x.min))
        canvas->x.min = canvas->x.max = 1;
    if (!isfinite(canvas->y.min))
        canvas->y.min = canvas->y.max = 1;
}

static void draw_through(struct canvas *canvas, const cJSON *points, char mark)
{
    const cJSON *point;

    cJSON_ArrayForEach(point, points)
    {
        for (int i = 0; point->next && i < WIDTH; i++) {
            double share = (double)i / WIDTH;

            put(canvas,
                part(point, 0) * (1 - share) + part(point->next, 0) * share,
                part(point, 1) * (1 - share) + part(point->next, 1) * share,
                mark);
        }
        put(canvas, part(point, 0), part(point, 1), mark);
    }
}

static void draw_points(struct canvas *canvas, const cJSON *points, char mark)
{
    const cJSON *point;

    cJSON_ArrayForEach(point, points)
    {
        put(canvas, part(point, 0), part(point, 1), mark);
    }
}

static double middle(const struct axis *axis, double share)
{
    if (axis->log)
        return exp(log(axis->min) * (1 - share) + log(axis->max) * share);
    return axis->min * (1 - share) + axis->max * share;
}

static void print_canvas(FILE *out, const struct canvas *canvas,
                         const cJSON *plot)
{
    char min[32], max[32];

    fprintf(out, "  %10s  %s\n", "", field_text(plot, "y_label"));
    for (int row = 0; row < HEIGHT; row++) {
        if (row % 7 == 0)
            fprintf(out, "  %10.4g |",
                    middle(&canvas->y, 1 - (double)row / (HEIGHT - 1)));
        else
            fprintf(out, "  %10s |", "");
        fprintf(out, "%.*s\n", WIDTH, canvas->cells[row]);
    }
    snprintf(min, sizeof(min), "%.4g", canvas->x.min);
    snprintf(max, sizeof(max), "%.4g", canvas->x.max);
    fprintf(out, "  %10s +", "");
    for (int i = 0; i < WIDTH; i++)
        putc('-', out);
    fprintf(out, "\n  %10s  %-*s%s   %s\n", "", WIDTH - (int)strlen(max), min,
            max, field_text(plot, "x_label"));
}

static void draw_lines(FILE *out, const cJSON *plot)
{
    bool series = strcmp(field_text(plot, "kind"), "series") == 0;
    bool predicted = false;
    const cJSON *line;
    struct canvas canvas;
    int measured = 0;

    memset(canvas.cells, ' ', sizeof(canvas.cells));
    fit_axes(&canvas, plot);
    cJSON_ArrayForEach(line, field(plot, "lines"))
    {
        if (field_true(line, "predicted"))
            draw_through(&canvas, field(line, "points"), PREDICTED);
        else if (series)
            draw_through(&canvas, field(line, "points"),
                         marks[measured++ % (int)strlen(marks)]);
        else
            draw_points(&canvas, field(line, "points"),
                        marks[measured++ % (int)strlen(marks)]);
        predicted = predicted || field_true(line, "predicted");
    }
    print_canvas(out, &canvas, plot);
    measured = 0;
    fprintf(out, "  %10s ", "");
    cJSON_ArrayForEach(line, field(plot, "lines"))
    {
        if (!field_true(line, "predicted"))
            fprintf(out, " %c %s  ", marks[measured++ % (int)strlen(marks)],
                    field_text(line, "name"));
    }
    fprintf(out, "%s\n", predicted ? " ..... predicted" : "");
}

void lesson_plot(FILE *out, const cJSON *plot)
{
    if (field(plot, "bars"))
        draw_bars(out, field(plot, "bars"));
    else
        draw_lines(out, plot);
}
