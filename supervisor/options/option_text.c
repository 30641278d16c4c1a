/* SPDX-License-Identifier: MIT */
/* option_text.c - what help and error messages say about a row; see
 * option.h. */
#include "supervisor/options/option.h"
#include "worker/http/printable.h"
#include "worker/units.h"
#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 80 /* bytes of an invalid value that are shown */

const char *option_printable(const char *text, char *buffer, size_t size)
{
    snprintf(buffer, size, "%s", text);
    printable_line(buffer, strlen(buffer));
    return buffer;
}

/* Appends the choices with `separator` between them. */
static void add_choices(const struct option_row *row, const char *separator,
                        char *buffer, size_t size)
{
    size_t length = strlen(buffer);

    for (int i = 0; row->choices[i] && length < size; i++)
        length += (size_t)snprintf(buffer + length, size - length, "%s%s",
                                   i ? separator : "", row->choices[i]);
}

/* The limits that the type of the field sets if the row has no maximum. */
static double type_max(enum option_kind kind)
{
    if (kind == VALUE_TIME)
        return (double)UNITS_TIME_LIMIT_US;
    return kind == VALUE_NUMBER ? (double)UINT32_MAX : (double)UINT64_MAX;
}

#define LIMIT_SIZE 24

static const char *write_limit(const struct option_row *row, double limit,
                               char text[LIMIT_SIZE])
{
    if (row->kind == VALUE_TIME)
        return units_write_time(text, LIMIT_SIZE, (uint64_t)limit);
    if (limit >= (double)UINT64_MAX) /* a double cannot express it exactly */
        snprintf(text, LIMIT_SIZE, "%llu", (unsigned long long)UINT64_MAX);
    else
        snprintf(text, LIMIT_SIZE, "%.15g", limit);
    return text;
}

/* The name of the value in help, and which values are allowed; the first %s is
 * the minimum, the second one the maximum. */
static const struct {
    const char *value, *allowed;
} kinds[] = {
    [VALUE_FLAG] = { "", "yes or no" },
    [VALUE_NUMBER] = { "N", "a whole number from %s to %s" },
    [VALUE_COUNT] = { "N", "a whole number from %s to %s" },
    [VALUE_TIME] = { "TIME", "a time from %s to %s with us, ms, s or m" },
    [VALUE_SIZE] = { "BYTES", "%s to %s bytes; k and m are KiB and MiB" },
    [VALUE_REAL] = { "N", "a number from %s to %s" },
    [VALUE_SHARE] = { "SHARE", "a share from 0 to 1, or from 0%% to 100%%" },
    [VALUE_CHOICE] = { "", "one of " },
    [VALUE_SIGNAL] = { "SIGNAL", "a signal such as KILL, SIGTERM or 9" },
    [VALUE_TEXT] = { "TEXT", "a text" },
    [VALUE_PATH] = { "FILE", "a file name" },
    [VALUE_LIST] = { "TEXT", "a text, at most 64 times" },
    [VALUE_CUSTOM] = { "", "" },
};
_Static_assert(OPTION_LIST_MAX == 64, "the text above says 64");

const char *option_allowed(const struct option_row *row, char *buffer,
                           size_t size)
{
    char min[LIMIT_SIZE], max[LIMIT_SIZE];

    if (row->allowed) {
        snprintf(buffer, size, "%s", row->allowed);
        return buffer;
    }
    snprintf(
        buffer, size, kinds[row->kind].allowed, write_limit(row, row->min, min),
        write_limit(row, row->max > 0 ? row->max : type_max(row->kind), max));
    if (row->kind == VALUE_CHOICE)
        add_choices(row, "|", buffer, size);
    return buffer;
}

const char *option_complaint(const struct option_row *row, const char *text,
                             char *buffer, size_t size)
{
    char shown[SHOWN_MAX + 1], allowed[OPTION_COMPLAINT_SIZE - SHOWN_MAX];

    option_allowed(row, allowed, sizeof(allowed));
    if (text)
        snprintf(buffer, size, "invalid value '%s' (allowed: %s)",
                 option_printable(text, shown, sizeof(shown)), allowed);
    else
        snprintf(buffer, size, "missing value (allowed: %s)", allowed);
    return buffer;
}

const char *option_value_name(const struct option_row *row, char *buffer,
                              size_t size)
{
    snprintf(buffer, size, "%s",
             row->value ? row->value : kinds[row->kind].value);
    if (row->choices && !row->value)
        add_choices(row, "|", buffer, size);
    return buffer;
}

const char *option_describe(const struct option_row *row, char *buffer,
                            size_t size)
{
    const char *fallback = row->fallback ? row->fallback : row->fallback_help;
    size_t length;

    snprintf(buffer, size, "%s", row->help);
    if (row->choices && row->value) {
        snprintf(buffer, size, "%s: ", row->help);
        add_choices(row, ", ", buffer, size);
    }
    length = strlen(buffer);
    if (row->kind == VALUE_NUMBER)
        snprintf(buffer + length, size - length, " (%.0f to %.0f; default %s)",
                 row->min, row->max, fallback);
    else if (fallback)
        snprintf(buffer + length, size - length, " (default %s)", fallback);
    return buffer;
}
