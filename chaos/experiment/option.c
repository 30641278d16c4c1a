/* SPDX-License-Identifier: MIT */
/* option.c - see option.h. */
#include "chaos/experiment/option.h"
#include "supervisor/policy/signal_name.h"
#include "worker/units.h"
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool complain(char why[OPTION_VALUE_WHY], const char *text,
                     const char *allowed)
{
    snprintf(why, OPTION_VALUE_WHY, "\"%.40s\" is not %s", text, allowed);
    return false;
}

/* ---- One reader for each kind ------------------------------------------- */

static bool read_flag(const char *text, bool *field, char why[OPTION_VALUE_WHY])
{
    bool yes = strcmp(text, "yes") == 0;

    if (!yes && strcmp(text, "no") != 0)
        return complain(why, text, "yes or no");
    *field = yes;
    return true;
}

/* `kind` names the kind of number. */
static bool complain_of_range(const struct option *option, const char *text,
                              const char *kind, char why[OPTION_VALUE_WHY])
{
    char allowed[96];

    if (option->min == 0 && option->max == 0)
        snprintf(allowed, sizeof(allowed), "%s", kind);
    else
        snprintf(allowed, sizeof(allowed), "%s from %.10g to %.10g", kind,
                 option->min, option->max);
    return complain(why, text, allowed);
}

static bool complain_of_time_range(const struct option *option,
                                   const char *text, uint64_t value,
                                   char why[OPTION_VALUE_WHY])
{
    char allowed[96], min[24], max[24];

    if (value == 0 && option->min <= 1)
        return complain(why, text, "more than 0");
    units_write_time(min, sizeof(min), (uint64_t)option->min);
    units_write_time(max, sizeof(max), (uint64_t)option->max);
    snprintf(allowed, sizeof(allowed), "a time from %s to %s", min, max);
    return complain(why, text, allowed);
}

static bool in_range(const struct option *option, double value)
{
    return (option->min == 0 && option->max == 0) ||
           (value >= option->min && value <= option->max);
}

static bool read_whole(const struct option *option, const char *text,
                       uint64_t *field, char why[OPTION_VALUE_WHY])
{
    bool (*parse)(const char *, size_t, uint64_t *) = units_count;
    const char *kind = "a whole number";
    uint64_t value;

    if (option->kind == OPTION_VALUE_TIME) {
        parse = units_time;
        kind = "a time such as 500us, 20ms, 1.5s or 2m";
    } else if (option->kind == OPTION_VALUE_SIZE) {
        parse = units_size;
        kind = "a size such as 512, 64k or 2m";
    }
    if (!parse(text, strlen(text), &value))
        return complain(why, text, kind);
    if (!in_range(option, (double)value)) {
        if (option->kind != OPTION_VALUE_TIME)
            return complain_of_range(option, text, kind, why);
        return complain_of_time_range(option, text, value, why);
    }
    *field = value;
    return true;
}

static bool read_real(const struct option *option, const char *text,
                      double *field, char why[OPTION_VALUE_WHY])
{
    bool share = option->kind == OPTION_VALUE_SHARE;
    char *end;
    double value = strtod(text, &end);

    if (end > text && share && strcmp(end, "%") == 0) {
        value /= 100;
        end++;
    }
    if (end == text || *end != '\0' || !isfinite(value))
        return complain(why, text,
                        share ? "a share such as 0.25 or 25%" : "a number");
    if (share && (value < 0 || value > 1))
        return complain(why, text, "a share from 0 to 1 (or 0% to 100%)");
    if (!share && !in_range(option, value))
        return complain_of_range(option, text, "a number", why);
    *field = value;
    return true;
}

static bool read_choice(const struct option *option, const char *text,
                        int *field, char why[OPTION_VALUE_WHY])
{
    char allowed[128] = "one of";

    for (int i = 0; option->choices[i]; i++) {
        size_t length = strlen(allowed);

        if (strcmp(option->choices[i], text) == 0) {
            *field = i;
            return true;
        }
        snprintf(allowed + length, sizeof(allowed) - length, "%s %s",
                 i ? "," : "", option->choices[i]);
    }
    return complain(why, text, allowed);
}

static bool read_signal(const char *text, int *field,
                        char why[OPTION_VALUE_WHY])
{
    uint64_t number = (uint64_t)signal_number(text);

    if (number == 0 && !units_count(text, strlen(text), &number))
        number = 0;
    if (number >= NSIG || !signal_abbreviation((int)number))
        return complain(why, text, "a signal such as KILL, SIGTERM or 9");
    *field = (int)number;
    return true;
}

static bool read_item(const char *text, struct option_list *list,
                      char why[OPTION_VALUE_WHY])
{
    if (list->count == OPTION_VALUE_LIST_MAX)
        return complain(why, text,
                        "allowed: the list is full (at most 64 items)");
    list->items[list->count++] = text;
    return true;
}

bool option_value_set(const struct option *option, void *fields,
                      const char *text, char why[OPTION_VALUE_WHY])
{
    void *field = (char *)fields + option->offset;

    switch (option->kind) {
    case OPTION_VALUE_FLAG:
        return read_flag(text, field, why);
    case OPTION_VALUE_COUNT:
    case OPTION_VALUE_TIME:
    case OPTION_VALUE_SIZE:
        return read_whole(option, text, field, why);
    case OPTION_VALUE_REAL:
    case OPTION_VALUE_SHARE:
        return read_real(option, text, field, why);
    case OPTION_VALUE_TEXT:
        *(const char **)field = text;
        return true;
    case OPTION_VALUE_CHOICE:
        return read_choice(option, text, field, why);
    case OPTION_VALUE_SIGNAL:
        return read_signal(text, field, why);
    case OPTION_VALUE_LIST:
        return read_item(text, field, why);
    }
    return complain(why, text, "of a known kind");
}

void options_set_defaults(const struct option *option_table, size_t count,
                          void *fields)
{
    char why[OPTION_VALUE_WHY];

    for (size_t i = 0; i < count; i++)
        if (option_table[i].default_text &&
            !option_value_set(&option_table[i], fields,
                              option_table[i].default_text, why))
            abort(); /* the table contains an invalid default */
}

const struct option *options_find(const struct option *option_table,
                                  size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(option_table[i].name, name) == 0)
            return &option_table[i];
    return NULL;
}

const char *option_value_write(const struct option *option, const void *fields,
                               char *buffer, size_t size)
{
    const char *field = (const char *)fields + option->offset;
    const char *text;

    switch (option->kind) {
    case OPTION_VALUE_FLAG:
        snprintf(buffer, size, "%s", *(const bool *)field ? "yes" : "no");
        break;
    case OPTION_VALUE_TIME:
        units_write_time(buffer, size, *(const uint64_t *)(const void *)field);
        break;
    case OPTION_VALUE_COUNT:
    case OPTION_VALUE_SIZE:
        snprintf(buffer, size, "%llu",
                 *(const unsigned long long *)(const void *)field);
        break;
    case OPTION_VALUE_REAL:
    case OPTION_VALUE_SHARE:
        snprintf(buffer, size, "%.17g", *(const double *)(const void *)field);
        break;
    case OPTION_VALUE_TEXT:
        text = *(const char *const *)(const void *)field;
        snprintf(buffer, size, "%s", text ? text : "");
        break;
    case OPTION_VALUE_CHOICE:
        snprintf(buffer, size, "%s",
                 option->choices[*(const int *)(const void *)field]);
        break;
    case OPTION_VALUE_SIGNAL:
        text = signal_abbreviation(*(const int *)(const void *)field);
        snprintf(buffer, size, "%s", text ? text : "");
        break;
    case OPTION_VALUE_LIST:
        snprintf(buffer, size, "%u texts",
                 ((const struct option_list *)(const void *)field)->count);
        break;
    }
    return buffer;
}

const char *option_describe(const struct option *option, char *buffer,
                            size_t size)
{
    size_t length = (size_t)snprintf(buffer, size, "%s", option->help);

    for (int c = 0; option->choices && option->choices[c]; c++)
        length += (size_t)snprintf(buffer + length, size - length, "%s %s",
                                   c ? "," : ":", option->choices[c]);
    if (option->default_text)
        snprintf(buffer + length, size - length, " (%s)", option->default_text);
    return buffer;
}
