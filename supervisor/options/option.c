/* SPDX-License-Identifier: MIT */
/* option.c - parses and writes single values; see option.h. */
#include "supervisor/options/option.h"
#include "supervisor/policy/signal_name.h"
#include "worker/units.h"
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(enum option_kind) == sizeof(int),
               "an enum is stored as an int");

/* ---- Parsing ------------------------------------------------------------ */

static bool is_in_range(const struct option_row *row, double value)
{
    return value >= row->min && (row->max == 0 || value <= row->max);
}

static bool read_flag(const char *text, bool *field)
{
    bool yes = strcmp(text, "yes") == 0;

    if (!yes && strcmp(text, "no") != 0)
        return false;
    *field = yes;
    return true;
}

static bool read_whole(const struct option_row *row, const char *text,
                       uint64_t *field)
{
    bool (*parse)(const char *, size_t, uint64_t *) =
        row->kind == VALUE_TIME   ? units_time
        : row->kind == VALUE_SIZE ? units_size
                                  : units_count;
    uint64_t value;

    if (!parse(text, strlen(text), &value) || !is_in_range(row, (double)value))
        return false;
    *field = value;
    return true;
}

static bool read_number(const struct option_row *row, const char *text,
                        uint32_t *field)
{
    uint64_t value;

    if (!read_whole(row, text, &value) || value > UINT32_MAX)
        return false;
    *field = (uint32_t)value;
    return true;
}

static bool read_real(const struct option_row *row, const char *text,
                      double *field)
{
    bool is_share = row->kind == VALUE_SHARE;
    char *end;
    double value = strtod(text, &end);

    if (end > text && is_share && strcmp(end, "%") == 0) {
        value /= 100;
        end++;
    }
    if (end == text || *end != '\0' || !isfinite(value) ||
        !is_in_range(row, value) || (is_share && value > 1))
        return false;
    *field = value;
    return true;
}

static bool read_choice(const struct option_row *row, const char *text,
                        int *field)
{
    for (int i = 0; row->choices[i]; i++)
        if (strcmp(row->choices[i], text) == 0) {
            *field = i;
            return true;
        }
    return false;
}

static bool read_signal(const char *text, int *field)
{
    uint64_t number = (uint64_t)signal_number(text);

    if (number == 0 && !units_count(text, strlen(text), &number))
        return false;
    if (number >= NSIG || !signal_abbreviation((int)number))
        return false;
    *field = (int)number;
    return true;
}

static bool read_item(const char *text, struct option_list *list)
{
    if (list->count == OPTION_LIST_MAX)
        return false;
    list->items[list->count++] = text;
    return true;
}

bool option_set(const struct option_row *row, void *fields, const char *text)
{
    void *field = (char *)fields + row->field;

    switch (row->kind) {
    case VALUE_FLAG:
        return read_flag(text, field);
    case VALUE_NUMBER:
        return read_number(row, text, field);
    case VALUE_COUNT:
    case VALUE_TIME:
    case VALUE_SIZE:
        return read_whole(row, text, field);
    case VALUE_REAL:
    case VALUE_SHARE:
        return read_real(row, text, field);
    case VALUE_CHOICE:
        return read_choice(row, text, field);
    case VALUE_SIGNAL:
        return read_signal(text, field);
    case VALUE_PATH:
    case VALUE_TEXT:
        if (row->kind == VALUE_PATH && *text == '\0')
            return false;
        *(const char **)field = text;
        return true;
    case VALUE_LIST:
        return read_item(text, field);
    case VALUE_CUSTOM:
        return row->set(row, fields, text);
    }
    return false;
}

void options_set_defaults(const struct option_row *rows, size_t count,
                          void *fields)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].fallback && !option_set(&rows[i], fields, rows[i].fallback))
            abort(); /* the table contains an invalid default */
}

const struct option_row *options_find(const struct option_row *rows,
                                      size_t count, const char *name,
                                      size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(rows[i].name, name, length) == 0 &&
            rows[i].name[length] == '\0')
            return &rows[i];
    return NULL;
}

/* ---- Writing ------------------------------------------------------------ */

const char *option_write(const struct option_row *row, const void *fields,
                         char *buffer, size_t size)
{
    const void *field = (const char *)fields + row->field;
    const char *text = "";

    switch (row->kind) {
    case VALUE_FLAG:
        text = *(const bool *)field ? "yes" : "no";
        break;
    case VALUE_TIME:
        return units_write_time(buffer, size, *(const uint64_t *)field);
    case VALUE_NUMBER:
        snprintf(buffer, size, "%" PRIu32, *(const uint32_t *)field);
        return buffer;
    case VALUE_COUNT:
    case VALUE_SIZE:
        snprintf(buffer, size, "%" PRIu64, *(const uint64_t *)field);
        return buffer;
    case VALUE_REAL:
    case VALUE_SHARE:
        snprintf(buffer, size, "%.17g", *(const double *)field);
        return buffer;
    case VALUE_CHOICE:
        text = row->choices[*(const int *)field];
        break;
    case VALUE_SIGNAL:
        text = signal_abbreviation(*(const int *)field);
        break;
    case VALUE_TEXT:
    case VALUE_PATH:
        text = *(const char *const *)field;
        break;
    case VALUE_LIST:
    case VALUE_CUSTOM:
        break;
    }
    snprintf(buffer, size, "%s", text ? text : "");
    return buffer;
}
