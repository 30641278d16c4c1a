/* origin.c - where keys got their values, and complaints of them;
 * see experiment.h. */
#include "chaos/experiment/internal.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* One key of one section, or the section itself. */
static bool is_same(const struct experiment_origin *one,
                    const struct experiment_origin *other)
{
    return one->section == other->section && one->fault == other->fault &&
           (one->key && other->key ? strcmp(one->key, other->key) == 0
                                   : one->key == other->key);
}

/* Its place among the origins; origin_count when it is not there. */
static uint32_t find(const struct experiment *experiment,
                     const struct experiment_origin *wanted)
{
    uint32_t i = 0;

    while (i < experiment->origin_count &&
           !is_same(&experiment->origins[i], wanted))
        i++;
    return i;
}

void experiment_was_set(struct experiment *experiment,
                        const struct experiment_origin *origin)
{
    uint32_t at = find(experiment, origin);

    if (at == EXPERIMENT_ORIGINS_MAX)
        abort(); /* there are not so many keys */
    if (at == experiment->origin_count)
        experiment->origin_count++;
    experiment->origins[at] = *origin;
}

const struct experiment_origin *
experiment_origin(const struct experiment *experiment, const char *section,
                  const struct experiment_fault *fault, const char *key)
{
    const struct experiment_origin wanted = {
        .section = experiment_section(section, strlen(section)),
        .fault = fault,
        .key = key,
    };
    uint32_t at = find(experiment, &wanted);

    return at < experiment->origin_count ? &experiment->origins[at] : NULL;
}

/* "FILE:LINE: ", or nothing where nobody read a file.  What was not said is
 * missing in its section, and a section that is not there at the end. */
static void write_place(const struct experiment *experiment,
                        const struct experiment_origin *origin, char *text,
                        size_t size)
{
    *text = '\0';
    if (origin && origin->place)
        snprintf(text, size, "%.200s:%u: ", origin->place, origin->line);
    else if (!origin && experiment->path)
        snprintf(text, size, "%.200s:%u: ", experiment->path,
                 experiment->lines);
}

/* "[fault kill] end = 2s: ", or "[fault kill] end: " where it has none. */
static void write_key(const struct experiment *experiment, const char *section,
                      const struct experiment_fault *fault, const char *key,
                      char *text, size_t size)
{
    const struct experiment_section *table =
        experiment_section(section, strlen(section));
    const void *fields = fault ? (const void *)fault : experiment;
    const struct option *setting =
        options_find(table->settings, table->count, key);
    char value[2048] = "";
    bool open = experiment_is_unset(setting, fields);

    if (!open)
        option_value_write(setting, fields, value, sizeof(value));
    snprintf(text, size, "[%s%s%.40s] %s%s%.60s: ", section, fault ? " " : "",
             fault ? fault->name : "", key, open ? "" : " = ", value);
}

bool experiment_refuse(struct experiment *experiment, const char *section,
                       const struct experiment_fault *fault, const char *key,
                       char why[EXPERIMENT_WHY], const char *what, ...)
{
    const struct experiment_origin *origin =
        experiment_origin(experiment, section, fault, key);
    char place[256], named[160], said[EXPERIMENT_WHY];
    va_list list;

    experiment->refused = key;
    va_start(list, what);
    vsnprintf(said, sizeof(said), what, list);
    va_end(list);
    if (origin && origin->place && origin->line == 0) {
        snprintf(why, EXPERIMENT_WHY, "%.120s: %.380s", origin->place, said);
        return false;
    }
    if (experiment->typed) {
        snprintf(why, EXPERIMENT_WHY, "--%s: %.440s", key, said);
        return false;
    }
    if (!origin)
        origin = experiment_origin(experiment, section, fault, NULL);
    write_place(experiment, origin, place, sizeof(place));
    write_key(experiment, section, fault, key, named, sizeof(named));
    snprintf(why, EXPERIMENT_WHY, "%s%s%.240s", place, named, said);
    return false;
}
