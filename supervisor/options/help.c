/* SPDX-License-Identifier: MIT */
/* help.c - prints --help and --version. */
#include "supervisor/options/table.h"
#include "worker/version.h"
#include <inttypes.h>
#include <string.h>

#define LEFT     28 /* column where the text begins */
#define RIGHT    79
#define TEXT_MAX 512

static const char introduction[] =
    "Usage: supervisor [OPTION]...\n"
    "\n"
    "Serves HTTP with worker processes.  When a worker dies, another worker\n"
    "continues its requests.\n";

static const char endnote[] =
    "\n"
    "TIME is a number with us, ms, s or m (1.5s, 100ms).  BYTES is a\n"
    "number, or a number with k (KiB) or m (MiB).\n"
    "\n"
    "Signals:\n"
    "  TERM, INT  finish the current requests, then exit; a second INT kills\n"
    "             the workers\n"
    "  HUP        end a crash loop: fork workers again\n"
    "  USR2       replace the workers, one after the other, without downtime\n"
    "  USR1       log a summary of the failures\n"
    "\n"
    "Exit status:\n"
    "  0   success, and the totals add up\n"
    "  1   system error, or the totals do not add up\n"
    "  2   invalid option or value\n"
    "  70  crash loop with --on-crash-loop give-up\n";

/* Writes text from column LEFT to RIGHT. */
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

/* " (1 to 512; default 1)", " (default 5s)" or "". */
static void describe_default(const struct option_row *row, char *text,
                             size_t size)
{
    const char *fallback = row->fallback ? row->fallback : row->fallback_help;
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
    fputs("supervisor " PROGRAM_VERSION "\n", out);
}
