/* help.c - the table as a page to read. */
#include "supervisor/options/table.h"
#include <inttypes.h>
#include <string.h>

#define VERSION  "0.1"
#define LEFT     28 /* columns of names, before the text begins */
#define RIGHT    79
#define TEXT_MAX 512

static const char introduction[] =
    "Usage: supervisor [OPTION]...\n"
    "\n"
    "Answers HTTP with worker processes that may die at any instant, and lets\n"
    "no client notice.\n";

static const char endnote[] =
    "\n"
    "Times take us, ms, s or m (1.5s, 100ms); sizes take k or m, 1024-fold.\n"
    "\n"
    "Signals:\n"
    "  TERM, INT  answer what is in hand, then leave; a second INT: at once\n"
    "  HUP        lift a crash-loop hold\n"
    "  USR2       renew the workers, one after the other, without a gap\n"
    "  USR1       sum up in the log which failures there were, and how many\n"
    "\n"
    "Exit status:\n"
    "  0   as asked, and the totals add up\n"
    "  1   the system refused something, or the totals don't add up\n"
    "  2   bad option or value\n"
    "  70  gave up in a crash loop\n";

/* Writes words from column LEFT on; breaks lines between them. */
static void write_wrapped(const char *text, FILE *out)
{
    size_t column = LEFT;

    while (*text) {
        size_t word = strcspn(text, " ");

        if (column > LEFT && column + 1 + word > RIGHT) {
            fprintf(out, "\n%*s", LEFT, "");
            column = LEFT;
        }
        column += (size_t)fprintf(out, "%s%.*s", column > LEFT ? " " : "",
                                  (int)word, text);
        text += word;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

/* "(1 to 512, default 5s)", as far as there is something to say. */
static void describe_default(const struct option_row *row, char *text,
                             size_t size)
{
    const char *fallback = row->fallback ? row->fallback : row->or_else;
    bool ranged = row->kind == VALUE_NUMBER;

    if (ranged)
        snprintf(text, size, " (%" PRIu64 " to %" PRIu64 "; default %s)",
                 row->min, row->max, fallback);
    else if (fallback)
        snprintf(text, size, " (default %s)", fallback);
    else
        text[0] = '\0';
}

static void write_row(const struct option_row *row, FILE *out)
{
    char text[TEXT_MAX], tail[TEXT_MAX / 2];
    int width;

    if (row->heading)
        fprintf(out, "\n%s:\n", row->heading);
    width = row->letter ? fprintf(out, "  -%c, --%s", row->letter, row->name)
                        : fprintf(out, "      --%s", row->name);
    if (row->argument)
        width += fprintf(out, " %s", row->argument);
    if (width > LEFT - 2)
        fprintf(out, "\n%*s", LEFT, "");
    else
        fprintf(out, "%*s", LEFT - width, "");
    describe_default(row, tail, sizeof tail);
    snprintf(text, sizeof text, "%s%s", row->help, tail);
    write_wrapped(text, out);
}

void options_write_help(FILE *out)
{
    fputs(introduction, out);
    for (int id = 0; id < OPTION_COUNT; id++)
        write_row(&option_rows[id], out);
    fputs(endnote, out);
}

void options_write_version(FILE *out)
{
    fputs("supervisor " VERSION "\n", out);
}
