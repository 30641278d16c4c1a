/* lesson_table.c - measured beside predicted, for a terminal; see lessons.h. */
#include "chaos/report/fields.h"
#include "chaos/report/lessons.h"
#include "chaos/report/terminal.h"
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MOST 32
#define HEAD_WIDTH   12 /* a longer title goes on in the next line */
#define HEAD_LINES   6

/* One column of the table as printed: what was measured or predicted. */
struct printed {
    const char *title, *key;
    bool predicted;
    size_t width;
    char head[HEAD_LINES][64];
    int lines; /* of the head */
};

struct layout {
    struct printed columns[COLUMNS_MOST];
    int count, lines;
    size_t first; /* width of the labels */
};

static size_t width_of(const char *text)
{
    size_t width = 0;

    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static const char *cell(const cJSON *entry, const struct printed *column)
{
    const char *text = field_text(
        field(entry, column->predicted ? "predicted_text" : "measured_text"),
        column->key);

    if (*text)
        return text;
    return column->predicted || !field(entry, "measured") ? "" : "-";
}

static bool is_predicted(const cJSON *record, const char *key)
{
    const cJSON *entry;

    cJSON_ArrayForEach(entry, field(record, "cases"))
    {
        if (*field_text(field(entry, "predicted_text"), key))
            return true;
    }
    return false;
}

/* Breaks the title between words. */
static void lay_head(struct printed *column)
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

static void add(struct layout *layout, const cJSON *record, const char *title,
                const char *key, bool predicted)
{
    struct printed *column = &layout->columns[layout->count];
    const cJSON *entry;

    if (layout->count == COLUMNS_MOST)
        return;
    *column =
        (struct printed){ .title = title, .key = key, .predicted = predicted };
    lay_head(column);
    cJSON_ArrayForEach(entry, field(record, "cases"))
    {
        size_t width = width_of(cell(entry, column));

        if (width > column->width)
            column->width = width;
    }
    if (column->lines > layout->lines)
        layout->lines = column->lines;
    layout->count++;
}

static void lay_out(struct layout *layout, const cJSON *record)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, field(record, "columns"))
    {
        const char *key = field_text(item, "key");

        add(layout, record, field_text(item, "title"), key, false);
        if (is_predicted(record, key))
            add(layout, record, "predicted", key, true);
    }
    cJSON_ArrayForEach(item, field(record, "cases"))
    {
        size_t width = width_of(field_text(item, "label"));

        if (width > layout->first)
            layout->first = width;
    }
}

/* Right-aligned. */
static void put(FILE *out, const char *text, const struct printed *column)
{
    size_t width = width_of(text);

    terminal_colour(out, column->predicted ? COLOUR_FAINT : COLOUR_PLAIN);
    fprintf(out, "  %*s%s",
            (int)(width < column->width ? column->width - width : 0), "", text);
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
            const struct printed *column = &layout->columns[i];
            int from = layout->lines - column->lines;

            put(out, line < from ? "" : column->head[line - from], column);
        }
        putc('\n', out);
    }
    cJSON_ArrayForEach(entry, field(record, "cases"))
    {
        const char *label = field_text(entry, "label");

        fprintf(out, "  %s%*s", label, (int)(layout->first - width_of(label)),
                "");
        for (int i = 0; i < layout->count; i++)
            put(out, cell(entry, &layout->columns[i]), &layout->columns[i]);
        if (!field(entry, "measured"))
            fprintf(out, "  %s", field_text(entry, "status"));
        putc('\n', out);
    }
    free(layout);
}
