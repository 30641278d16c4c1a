/* SPDX-License-Identifier: MIT */
/* write.c - writes a resolved experiment as INI or JSON; see experiment.h. */
#include "chaos/experiment/internal.h"
#include <string.h>

#define VALUE_MAX 2048

bool experiment_is_unset(const struct option_row *row, const void *fields)
{
    const void *field = (const char *)fields + row->field;
    uint64_t number;

    if (row->kind == VALUE_TEXT)
        return *(const char *const *)field == NULL;
    if (row->kind != VALUE_COUNT && row->kind != VALUE_TIME &&
        row->kind != VALUE_SIZE)
        return false;
    number = *(const uint64_t *)field;
    return number == UINT64_MAX || (number == 0 && row->min > 0);
}

const char *experiment_value(const struct experiment *experiment,
                             const char *section, const struct fault *fault,
                             const char *key, char *buffer, size_t size)
{
    const struct experiment_section *table =
        experiment_section(section, strlen(section));
    const void *fields = fault ? (const void *)fault : experiment;
    const struct option_row *row =
        options_find(table->option_table, table->count, key, strlen(key));

    *buffer = '\0';
    if (!experiment_is_unset(row, fields))
        option_write(row, fields, buffer, size);
    return buffer;
}

/* Adds every key of the section that has a value and an effect. */
static void add_section(cJSON *all, const struct experiment *experiment,
                        const struct experiment_section *section,
                        const struct fault *fault)
{
    const void *fields = fault ? (const void *)fault : experiment;
    char name[128], value[VALUE_MAX];
    const char *decider;
    cJSON *object;

    snprintf(name, sizeof(name), fault ? "%s %.100s" : "%s", section->name,
             fault ? fault->name : "");
    object = cJSON_AddObjectToObject(all, name);
    for (size_t k = 0; k < section->count; k++) {
        const struct option_row *row = &section->option_table[k];

        if (!experiment_is_unset(row, fields) &&
            !experiment_unused(experiment, section->name, fault, row->name,
                               &decider))
            cJSON_AddStringToObject(
                object, row->name,
                option_write(row, fields, value, sizeof(value)));
    }
}

cJSON *experiment_to_json(const struct experiment *experiment)
{
    cJSON *all = cJSON_CreateObject();

    for (size_t i = 0; i < experiment_section_count; i++) {
        const struct experiment_section *section = &experiment_sections[i];

        if (strcmp(section->name, "fault") != 0)
            add_section(all, experiment, section, NULL);
        else
            for (uint32_t f = 0; f < experiment->trial.faults.count; f++)
                add_section(all, experiment, section,
                            &experiment->trial.faults.list[f]);
    }
    return all;
}

void experiment_print(const struct experiment *experiment, FILE *out)
{
    cJSON *all = experiment_to_json(experiment);
    const cJSON *section, *value;

    cJSON_ArrayForEach(section, all)
    {
        fprintf(out, "[%s]\n", section->string);
        cJSON_ArrayForEach(value, section)
        {
            fprintf(out, "%-19s= %s\n", value->string, value->valuestring);
        }
    }
    cJSON_Delete(all);
}

bool experiment_from_json(struct experiment *experiment, const cJSON *object,
                          char why[EXPERIMENT_WHY])
{
    const cJSON *section, *value;
    char assignment[VALUE_MAX + 256];

    cJSON_ArrayForEach(section, object)
    {
        cJSON_ArrayForEach(value, section)
        {
            if (!cJSON_IsString(value)) {
                snprintf(why, EXPERIMENT_WHY, "%.100s.%.100s is not a string",
                         section->string, value->string);
                return false;
            }
            snprintf(assignment, sizeof(assignment), "%.100s.%.60s=%s",
                     section->string, value->string, value->valuestring);
            if (!experiment_set(experiment, assignment, why))
                return false;
        }
    }
    return true;
}
