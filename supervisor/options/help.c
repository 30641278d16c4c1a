/* SPDX-License-Identifier: MIT */
/* help.c - prints --help; see command_line.h. */
#include "supervisor/options/command_line.h"
#include <ctype.h>
#include <string.h>

#define LEFT     28 /* column where the text of an option begins */
#define RIGHT    79
#define TEXT_MAX 512

/* Writes the words of `text` between the columns `left` and `right`; the
 * current column is `left`.  Line ends and the spaces after them remain. */
static void write_wrapped(const char *text, int left, int right, FILE *out)
{
    int column = left;

    while (*text) {
        int spaces = (int)strspn(text, " ");
        int length = (int)strcspn(text + spaces, " \n");

        if (column > left && length > 0 && column + spaces + length > right) {
            fprintf(out, "\n%*s", left, "");
            column = left;
            spaces = 0;
            text += strspn(text, " ");
        }
        fprintf(out, "%.*s", spaces + length, text);
        column += spaces + length;
        text += spaces + length;
        if (*text == '\n') {
            fputc(*text++, out);
            column = left;
        }
    }
    fputc('\n', out);
}

static void write_row(const struct option_row *row, int right, FILE *out)
{
    char text[TEXT_MAX], value[TEXT_MAX];
    int width;

    width = row->letter ? fprintf(out, "  -%c, --%s", row->letter, row->name)
                        : fprintf(out, "      --%s", row->name);
    option_value_name(row, value, sizeof(value));
    if (*value)
        width += fprintf(out, " %s", value);
    if (width > LEFT - 2)
        fprintf(out, "\n%*s", LEFT, "");
    else
        fprintf(out, "%*s", LEFT - width, "");
    write_wrapped(option_describe(row, text, sizeof(text)), LEFT, right, out);
}

void command_line_help(const struct command_line *line, FILE *out)
{
    int right = line->columns ? line->columns : RIGHT;
    const char *group = NULL;

    fprintf(out, "Usage: %s %s\n\n", line->name, line->usage);
    write_wrapped(line->about, 0, right, out);
    for (size_t i = 0; i < line->count; i++) {
        const char *next = line->rows[i].group;

        if (i == 0 && !next)
            next = "Options";
        if (next && (!group || strcmp(next, group) != 0))
            fprintf(out, "\n%c%s:\n", toupper(*next), (group = next) + 1);
        write_row(&line->rows[i], right, out);
    }
    fputs("\nAbout:\n", out);
    for (int i = 0; i < COMMAND_LINE_COMMON - !line->version; i++)
        write_row(&command_line_common[i], right, out);
    if (line->after) {
        fputc('\n', out);
        write_wrapped(line->after, 0, right, out);
    }
}
