/* SPDX-License-Identifier: MIT */
/* unused_keys.c - keys that have no effect because of other keys; see
 * internal.h. */
#include "chaos/experiment/internal.h"
#include <stdlib.h>
#include <string.h>

#define SEPARATORS    " ,"
#define PROCESS_FAULT "a kind that hits processes"
#define PROCESS_KINDS "signal, stop, slow, memory, files"
#define NOT_ZERO      ""

/* A key has an effect if the value of `decider` contains one of the words in
 * `values`; NULL: in `allowed`; NOT_ZERO: any number but 0. */
static const struct unused_row {
    const char *section, *key, *decider;
    const char *allowed; /* for messages */
    const char *values;
    bool zero_is_unused; /* false: the value 0, the default, is no error */
} rows[] = {
    { "load", "rate", "closed", "closed = no", NULL, true },
    { "load", "max-fork-share", "closed", "closed = no", NULL, true },
    { "load", "poisson", "closed", "closed = no", NULL, true },
    { "load", "retry-budget", "retries", "retries from 1", NOT_ZERO, false },
    { "load", "retry-delay", "retries", "retries from 1", NOT_ZERO, false },
    { "load", "post-body", "methods", "POST, PUT or PATCH", NULL, false },
    { "abort", "for", "availability", "an availability above 0", NOT_ZERO,
      true },
    { "fault", "signal", "kind", "kind = signal", NULL, true },
    { "fault", "effect-duration", "kind", "kind = stop, slow, memory or files",
      NULL, true },
    { "fault", "limit", "kind", "kind = memory or files", NULL, true },
    { "fault", "schedule", "kind", PROCESS_FAULT, PROCESS_KINDS, true },
    { "fault", "interval", "kind", PROCESS_FAULT, PROCESS_KINDS, true },
    { "fault", "burst", "kind", PROCESS_FAULT, PROCESS_KINDS, true },
    { "fault", "victim", "kind", PROCESS_FAULT, PROCESS_KINDS, true },
    { "fault", "slot", "kind", PROCESS_FAULT, PROCESS_KINDS, true },
    { "fault", "max-age", "kind", PROCESS_FAULT, PROCESS_KINDS, true },
    { "fault", "count", "kind", PROCESS_FAULT, PROCESS_KINDS, true },
    { "fault", "query", "kind", "kind = request", NULL, true },
    { "fault", "share", "kind", "kind = request", NULL, true },
    { "fault", "behaviour", "kind", "kind = clients", NULL, true },
    { "fault", "connections", "kind", "kind = clients", NULL, true },
    { "fault", "count", "schedule", "a schedule of more than one injection",
      "every, poisson, burst, rolling, ramp", true },
    { "fault", "burst", "schedule", "schedule = burst", NULL, true },
    { "fault", "slot", "victim", "victim = slot", NULL, true },
    { "fault", "max-age", "victim", "victim = starting", NULL, true },
};

static bool contains(const char *words, const char *word, size_t length)
{
    while (*(words += strspn(words, SEPARATORS)) != '\0') {
        size_t next = strcspn(words, SEPARATORS);

        if (next == length && memcmp(words, word, length) == 0)
            return true;
        words += next;
    }
    return false;
}

static bool contains_one_of(const char *words, const char *value)
{
    while (*(value += strspn(value, SEPARATORS)) != '\0') {
        size_t length = strcspn(value, SEPARATORS);

        if (contains(words, value, length))
            return true;
        value += length;
    }
    return false;
}

static bool has_effect(const struct experiment *experiment,
                       const struct fault *fault, const struct unused_row *row)
{
    const char *values = row->values ? row->values : row->allowed;
    char value[2048];

    experiment_value(experiment, row->section, fault, row->key, value,
                     sizeof(value));
    if (!row->zero_is_unused && strtod(value, NULL) == 0)
        return true;
    experiment_value(experiment, row->section, fault, row->decider, value,
                     sizeof(value));
    return *values ? contains_one_of(values, value) : strtod(value, NULL) > 0;
}

const char *experiment_unused(const struct experiment *experiment,
                              const char *section, const struct fault *fault,
                              const char *key, const char **decider)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].section, section) == 0 &&
            strcmp(rows[i].key, key) == 0 &&
            !has_effect(experiment, fault, &rows[i])) {
            *decider = rows[i].decider;
            return rows[i].allowed;
        }
    return NULL;
}

/* A key of a file that an override on the command line made useless is not an
 * error. */
static bool is_overruled(const struct experiment *experiment,
                         const struct experiment_origin *origin,
                         const char *decider)
{
    const struct experiment_origin *decides = experiment_origin(
        experiment, origin->section->name, origin->fault, decider);

    return decides && decides->line == 0 && origin->line > 0;
}

bool experiment_check_unused(struct experiment *experiment,
                             char why[EXPERIMENT_WHY])
{
    for (uint32_t i = 0; i < experiment->origin_count; i++) {
        const struct experiment_origin origin = experiment->origins[i];
        const char *section = origin.section->name, *decider, *allowed = NULL;

        if (origin.key)
            allowed = experiment_unused(experiment, section, origin.fault,
                                        origin.key, &decider);
        if (allowed && !is_overruled(experiment, &origin, decider))
            return experiment_refuse(
                experiment, section, origin.fault, origin.key, why,
                "has no effect here: it requires %s", allowed);
    }
    return true;
}
