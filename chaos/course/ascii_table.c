/* SPDX-License-Identifier: MIT */
/* ascii_table.c - the table of measured and predicted values for a terminal;
 * see lesson_output.h. */
#include "chaos/course/json_read.h"
#include "chaos/course/lesson_output.h"
#include "chaos/report/terminal.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 32
#define HEAD_WIDTH  12 /* longer titles are broken into lines */
#define HEAD_LINES  6

/* One printed column: the measured value and, in brackets, the predicted one.
 */
struct printed_column {
    const char *title, *key;
    size_t measured, predicted; /* widths; predicted is 0 if no case has one */
    size_t width;               /* of both, or of the head if it is wider */
    char head[HEAD_LINES][64];
    int lines; /* of the head */
};

struct layout {
    struct printed_column columns[COLUMNS_MAX];
    int count, lines;
    size_t first; /* width of the labels */
    bool has_predictions;
};

static size_t width_of(const char *text)
{
    return terminal_width(text, strlen(text));
}

static const char *measured(const cJSON *entry,
                            const struct printed_column *column)
{
    const char *text = field_text(field(entry, "measured_text"), column->key);

    return *text || !field(entry, "measured") ? text : "-";
}

static const char *predicted(const cJSON *entry,
                             const struct printed_column *column)
{
    return field_text(field(entry, "predicted_text"), column->key);
}

/* Breaks the title between words. */
static void lay_head(struct printed_column *column)
{
    const char *text = column->title;

    for (column->lines = 0; *text && column->lines < HEAD_LINES;
         column->lines++) {
        char *line = column->head[column->lines];

        line[0] = '\0';
        while (*text) {
            size_t length = strcspn(text, " ");

            if (*line && width_of(line) + 1 + length > HEAD_WIDTH)
                break;
            snprintf(line + strlen(line), 63 - strlen(line), "%s%.*s",
                     *line ? " " : "", (int)length, text);
            text += length + (text[length] == ' ');
        }
        if (width_of(line) > column->width)
            column->width = width_of(line);
    }
}

static void widen(size_t *width, size_t needed)
{
    if (needed > *width)
        *width = needed;
}

static void add(struct layout *layout, const cJSON *record, const char *title,
                const char *key)
{
    struct printed_column *column = &layout->columns[layout->count];
    const cJSON *entry;

    if (layout->count == COLUMNS_MAX)
        return;
    *column = (struct printed_column){ .title = title, .key = key };
    lay_head(column);
    cJSON_ArrayForEach(entry, field(record, "cases"))
    {
        widen(&column->measured, width_of(measured(entry, column)));
        if (*predicted(entry, column))
            widen(&column->predicted, width_of(predicted(entry, column)) + 3);
    }
    widen(&column->width, column->measured + column->predicted);
    layout->has_predictions = layout->has_predictions || column->predicted > 0;
    if (column->lines > layout->lines)
        layout->lines = column->lines;
    layout->count++;
}

static void lay_out(struct layout *layout, const cJSON *record)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, field(record, "columns"))
    {
        add(layout, record, field_text(item, "title"), field_text(item, "key"));
    }
    cJSON_ArrayForEach(item, field(record, "cases"))
    {
        widen(&layout->first, width_of(field_text(item, "label")));
    }
}

static void put_right(FILE *out, const char *text, size_t width)
{
    size_t needed = width_of(text);

    fprintf(out, "%*s%s", (int)(needed < width ? width - needed : 0), "", text);
}

/* Aligns the values, and the brackets, of all rows. */
static void put_cell(FILE *out, const cJSON *entry,
                     const struct printed_column *column)
{
    const char *prediction = predicted(entry, column);
    char brackets[256] = "";

    put_right(out, measured(entry, column), column->width - column->predicted);
    if (*prediction)
        snprintf(brackets, sizeof(brackets), "(%.250s)", prediction);
    terminal_colour(out, COLOUR_FAINT);
    put_right(out, brackets, column->predicted);
    terminal_colour(out, COLOUR_PLAIN);
}

void lesson_table(FILE *out, const cJSON *record)
{
    struct layout *layout = calloc(1, sizeof(*layout));
    const cJSON *entry;

    if (!layout)
        abort();
    lay_out(layout, record);
    for (int line = 0; line < layout->lines; line++) {
        fprintf(out, "  %*s", (int)layout->first, "");
        for (int i = 0; i < layout->count; i++) {
            const struct printed_column *column = &layout->columns[i];
            int from = layout->lines - column->lines;

            fputs("  ", out);
            put_right(out, line < from ? "" : column->head[line - from],
                      column->width);
        }
        putc('\n', out);
    }
    cJSON_ArrayForEach(entry, field(record, "cases"))
    {
        const char *label = field_text(entry, "label");

        fprintf(out, "  %s%*s", label, (int)(layout->first - width_of(label)),
                "");
        for (int i = 0; i < layout->count; i++) {
            fputs("  ", out);
            put_cell(out, entry, &layout->columns[i]);
        }
        if (!field(entry, "measured"))
            fprintf(out, "  %s", field_text(entry, "status"));
        putc('\n', out);
    }
    if (layout->has_predictions)
        fprintf(out, "  %*s  (in brackets: predicted)\n", (int)layout->first,
                "");
    free(layout);
}
