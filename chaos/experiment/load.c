/* SPDX-License-Identifier: MIT */
/* load.c - completes and loads a whole experiment; see experiment.h. */
#include "chaos/experiment/internal.h"
#include <string.h>

/* Splits `start` into words at blanks outside quotation marks.  The words point
 * into a copy that is one of the experiment's texts. */
static bool split_command(struct experiment *experiment)
{
    char *in = experiment_strdup(experiment, experiment->start), *out;
    uint32_t count = 0;

    while (*(in += strspn(in, " \t")) != '\0') {
        bool quoted = false;

        if (count == EXPERIMENT_WORDS_MAX)
            return false;
        experiment->words[count++] = out = in;
        for (; *in != '\0' && (quoted || (*in != ' ' && *in != '\t')); in++) {
            if (*in == '"')
                quoted = !quoted;
            else
                *out++ = *in;
        }
        if (quoted)
            return false;
        in += *in != '\0';
        *out = '\0';
    }
    return count > 0;
}

bool experiment_complete_faults(struct experiment *experiment,
                                char why[EXPERIMENT_WHY])
{
    for (uint32_t i = 0; i < experiment->trial.faults.count; i++) {
        struct fault *fault = &experiment->trial.faults.list[i];

        fault->end_us = experiment->trial.fault_us;
        if (fault->end_key_us && fault->end_key_us < fault->end_us)
            fault->end_us = fault->end_key_us;
    }
    return experiment_check_faults(experiment, why) &&
           experiment_check_unused(experiment, why);
}

bool experiment_complete(struct experiment *experiment,
                         char why[EXPERIMENT_WHY])
{
    if (!experiment_check_target(experiment, why))
        return false;
    if (experiment->start && !split_command(experiment))
        return experiment_refuse(experiment, "target", NULL, "start", why,
                                 "not a command (allowed: 1 to %d words, with "
                                 "balanced \")",
                                 EXPERIMENT_WORDS_MAX);
    experiment->trial.argv = experiment->start ? experiment->words : NULL;
    return experiment_check_abort(experiment, why) &&
           experiment_complete_faults(experiment, why);
}

/* An override may change a fault of the file but not add one: a mistyped name
 * would add a fault that kills, the default kind. */
static bool names_known_fault(const struct experiment *experiment,
                              const char *assignment, char why[EXPERIMENT_WHY])
{
    const char *name = assignment + strlen("fault ");
    size_t length = strcspn(name, ".");

    if (strncmp(assignment, "fault ", strlen("fault ")) != 0 ||
        fault_named(&experiment->trial.faults, name, length) >= 0)
        return true;
    snprintf(why, EXPERIMENT_WHY, "-o %.100s: the experiment has no fault %.*s",
             assignment, (int)length, name);
    return false;
}

static bool override(struct experiment *experiment, const char *assignment,
                     char why[EXPERIMENT_WHY])
{
    char typed[256], what[EXPERIMENT_WHY];
    const char *place;

    if (!names_known_fault(experiment, assignment, why))
        return false;
    snprintf(typed, sizeof(typed), "-o %.250s", assignment);
    place = experiment_strdup(experiment, typed);
    if (experiment_assign(experiment, assignment, place, what))
        return true;
    snprintf(why, EXPERIMENT_WHY, "-o %.500s", what);
    return false;
}

bool experiment_load(struct experiment *experiment, const char *path,
                     const struct option_list *overrides, uint64_t seed,
                     char why[EXPERIMENT_WHY])
{
    experiment_set_defaults(experiment, seed);
    if (!experiment_read(experiment, path, why))
        return false;
    for (uint32_t i = 0; i < overrides->count; i++)
        if (!override(experiment, overrides->items[i], why))
            return false;
    return experiment_complete(experiment, why) &&
           experiment_preflight(experiment, why);
}
