/* SPDX-License-Identifier: MIT */
/* experiment.c - see experiment.h. */
#include "chaos/experiment/internal.h"
#include <err.h>
#include <stdlib.h>
#include <string.h>

/* ---- One key ------------------------------------------------------------ */

static bool complain(char why[EXPERIMENT_WHY], const char *what,
                     const char *rest)
{
    snprintf(why, EXPERIMENT_WHY, "%s%s", what, rest);
    return false;
}

char *experiment_strdup(struct experiment *experiment, const char *text)
{
    char *copy = strdup(text);

    experiment->texts =
        realloc(experiment->texts,
                (experiment->text_count + 1) * sizeof(experiment->texts[0]));
    if (!copy || !experiment->texts)
        err(1, "cannot copy a value");
    experiment->texts[experiment->text_count++] = copy;
    return copy;
}

/* Finds or adds the fault `name`.  Returns NULL when there are too many. */
static struct fault *find_or_add(struct experiment *experiment,
                                 const char *name)
{
    const struct experiment_section *section = experiment_section("fault", 5);
    struct fault_options *faults = &experiment->trial.faults;
    int known = fault_named(faults, name, strlen(name));

    if (known >= 0)
        return &faults->list[known];
    if (faults->count == FAULTS_MAX)
        return NULL;
    options_set_defaults(section->option_table, section->count,
                         &faults->list[faults->count]);
    faults->list[faults->count].name = experiment_strdup(experiment, name);
    return &faults->list[faults->count++];
}

void *experiment_fields(struct experiment *experiment, const char *section,
                        char why[EXPERIMENT_WHY])
{
    size_t length = strcspn(section, " ");
    const struct experiment_section *table =
        experiment_section(section, length);
    const char *name = section + length + strspn(section + length, " ");
    bool fault = table && strcmp(table->name, "fault") == 0;
    void *fields = experiment;

    if (!table || (!fault && *name != '\0')) {
        if (*section == '\0')
            complain(why,
                     "a key before the first section (allowed: after "
                     "[SECTION])",
                     "");
        else
            complain(why, "no such section: ", section);
        return NULL;
    }
    if (!fault)
        return fields;
    if (*name == '\0') {
        complain(why, "a fault requires a name: [fault NAME]", "");
        return NULL;
    }
    fields = find_or_add(experiment, name);
    if (!fields)
        complain(why, "too many faults (allowed: 16)", "");
    return fields;
}

/* Names the keys of the section. */
static bool complain_of_key(const struct experiment_section *table,
                            const char *section, const char *key,
                            char why[EXPERIMENT_WHY])
{
    char shown[60];
    size_t length =
        (size_t)snprintf(why, EXPERIMENT_WHY, "[%.100s] has no key '%s'",
                         section, option_printable(key, shown, sizeof(shown)));

    for (size_t i = 0; i < table->count; i++)
        length += (size_t)snprintf(
            why + length, EXPERIMENT_WHY - length, "%s%s",
            i ? ", " : " (allowed: ", table->option_table[i].name);
    snprintf(why + length, EXPERIMENT_WHY - length, ")");
    return false;
}

bool experiment_set_key(struct experiment *experiment, const char *section,
                        const char *key, const char *value, const char *place,
                        unsigned line, char why[EXPERIMENT_WHY])
{
    void *fields = experiment_fields(experiment, section, why);
    const struct experiment_section *table =
        experiment_section(section, strcspn(section, " "));
    const struct option_row *row;
    char complaint[OPTION_COMPLAINT_SIZE];

    if (!fields)
        return false;
    row = options_find(table->option_table, table->count, key, strlen(key));
    if (!row)
        return complain_of_key(table, section, key, why);
    if (row->kind == VALUE_TEXT)
        value = experiment_strdup(experiment, value);
    if (!option_set(row, fields, value)) {
        snprintf(why, EXPERIMENT_WHY, "%s: %s", key,
                 option_complaint(row, value, complaint, sizeof(complaint)));
        return false;
    }
    experiment_was_set(experiment,
                       &(struct experiment_origin){
                           .section = table,
                           .fault = fields == experiment ? NULL : fields,
                           .key = row->name,
                           .place = place,
                           .line = line,
                       });
    return true;
}

bool experiment_assign(struct experiment *experiment, const char *assignment,
                       const char *place, char why[EXPERIMENT_WHY])
{
    const char *dot = strchr(assignment, '.');
    const char *equals = dot ? strchr(dot, '=') : NULL;
    char section[128], key[64], complaint[EXPERIMENT_WHY];

    if (!dot || !equals || (size_t)(dot - assignment) >= sizeof(section) ||
        (size_t)(equals - dot - 1) >= sizeof(key)) {
        snprintf(why, EXPERIMENT_WHY,
                 "\"%.100s\" is not of the form section.key=value", assignment);
        return false;
    }
    snprintf(section, sizeof(section), "%.*s", (int)(dot - assignment),
             assignment);
    snprintf(key, sizeof(key), "%.*s", (int)(equals - dot - 1), dot + 1);
    if (experiment_set_key(experiment, section, key, equals + 1, place, 0,
                           complaint))
        return true;
    snprintf(why, EXPERIMENT_WHY, "%.100s: %.380s", assignment, complaint);
    return false;
}

bool experiment_set(struct experiment *experiment, const char *assignment,
                    char why[EXPERIMENT_WHY])
{
    return experiment_assign(experiment, assignment, NULL, why);
}

/* ---- Lifetime ----------------------------------------------------------- */

void experiment_set_defaults(struct experiment *experiment, uint64_t seed)
{
    *experiment = (struct experiment){ .trial = { .hypothesis = HYPOTHESIS_NONE,
                                                  .seed = seed,
                                                  .abort_lost = UINT64_MAX } };
    for (size_t i = 0; i < experiment_section_count; i++)
        if (strcmp(experiment_sections[i].name, "fault") != 0)
            options_set_defaults(experiment_sections[i].option_table,
                                 experiment_sections[i].count, experiment);
}

void experiment_free(struct experiment *experiment)
{
    for (uint32_t i = 0; i < experiment->text_count; i++)
        free(experiment->texts[i]);
    free(experiment->texts);
    experiment->texts = NULL;
    experiment->text_count = 0;
}
