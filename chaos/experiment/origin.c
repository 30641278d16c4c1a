/* SPDX-License-Identifier: MIT */
/* origin.c - where each key got its value, and error messages that name the
 * place; see experiment.h. */
#include "chaos/experiment/internal.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Returns the index of the origin, or origin_count when there is none. */
static uint32_t find(const struct experiment *experiment,
                     const struct experiment_section *section,
                     const struct fault *fault, const char *key)
{
    uint32_t i = 0;

    for (; i < experiment->origin_count; i++) {
        const struct experiment_origin *origin = &experiment->origins[i];

        if (origin->section == section && origin->fault == fault &&
            !origin->key == !key && (!key || strcmp(origin->key, key) == 0))
            break;
    }
    return i;
}

void experiment_was_set(struct experiment *experiment,
                        const struct experiment_origin *origin)
{
    uint32_t at = find(experiment, origin->section, origin->fault, origin->key);

    if (at == EXPERIMENT_ORIGINS_MAX)
        abort(); /* there are fewer keys than that */
    if (at == experiment->origin_count)
        experiment->origin_count++;
    experiment->origins[at] = *origin;
}

const struct experiment_origin *
experiment_origin(const struct experiment *experiment, const char *section,
                  const struct fault *fault, const char *key)
{
    uint32_t at = find(experiment, experiment_section(section, strlen(section)),
                       fault, key);

    return at < experiment->origin_count ? &experiment->origins[at] : NULL;
}

/* Writes "FILE:LINE: ", or nothing when no file was read.  A key without an
 * origin is reported where its section begins, and a missing section at the
 * last line of the file. */
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

/* Writes "[fault kill] end = 2s: ", or "[fault kill] end: " if it is unset. */
static void write_key(const struct experiment *experiment, const char *section,
                      const struct fault *fault, const char *key, char *text,
                      size_t size)
{
    char value[2048];

    experiment_value(experiment, section, fault, key, value, sizeof(value));
    snprintf(text, size, "[%s%s%.40s] %s%s%.60s: ", section, fault ? " " : "",
             fault ? fault->name : "", key, *value ? " = " : "", value);
}

bool experiment_refuse(struct experiment *experiment, const char *section,
                       const struct fault *fault, const char *key,
                       char why[EXPERIMENT_WHY], const char *what, ...)
{
    const struct experiment_origin *origin =
        experiment_origin(experiment, section, fault, key);
    char place[256], named[160], problem[EXPERIMENT_WHY];
    va_list list;

    experiment->refused = key;
    va_start(list, what);
    vsnprintf(problem, sizeof(problem), what, list);
    va_end(list);
    if (origin && origin->place && origin->line == 0) {
        snprintf(why, EXPERIMENT_WHY, "%.120s: %.380s", origin->place, problem);
        return false;
    }
    if (experiment->typed) {
        snprintf(why, EXPERIMENT_WHY, "--%s: %.440s", key, problem);
        return false;
    }
    if (!origin)
        origin = experiment_origin(experiment, section, fault, NULL);
    write_place(experiment, origin, place, sizeof(place));
    write_key(experiment, section, fault, key, named, sizeof(named));
    snprintf(why, EXPERIMENT_WHY, "%s%s%.240s", place, named, problem);
    return false;
}
