/* SPDX-License-Identifier: MIT */
/* write.c - writes a resolved experiment as INI or JSON; see experiment.h. */
#include "chaos/experiment/internal.h"
#include <string.h>

#define VALUE_MAX 2048

bool experiment_is_unset(const struct option *option, const void *fields)
{
    const char *field = (const char *)fields + option->offset;
    uint64_t number;

    switch (option->kind) {
    case OPTION_VALUE_TEXT:
        return *(const char *const *)(const void *)field == NULL;
    case OPTION_VALUE_COUNT:
    case OPTION_VALUE_TIME:
    case OPTION_VALUE_SIZE:
        number = *(const uint64_t *)(const void *)field;
        return number == UINT64_MAX || (number == 0 && option->min > 0);
    case OPTION_VALUE_FLAG:
    case OPTION_VALUE_REAL:
    case OPTION_VALUE_SHARE:
    case OPTION_VALUE_CHOICE:
    case OPTION_VALUE_SIGNAL:
    case OPTION_VALUE_LIST:
        break;
    }
    return false;
}

const char *experiment_value(const struct experiment *experiment,
                             const char *section, const struct fault *fault,
                             const char *key, char *buffer, size_t size)
{
    const struct experiment_section *table =
        experiment_section(section, strlen(section));
    const void *fields = fault ? (const void *)fault : experiment;
    const struct option *option =
        options_find(table->option_table, table->count, key);

    *buffer = '\0';
    if (!experiment_is_unset(option, fields))
        option_value_write(option, fields, buffer, size);
    return buffer;
}

/* Calls back for every key that has a value and an effect. */
static void each_key(const struct experiment *experiment,
                     void (*on_section)(void *context, const char *name),
                     void (*on_value)(void *context,
                                      const struct option *option,
                                      const char *value),
                     void *context)
{
    char name[128], value[VALUE_MAX];
    const char *decider;

    for (size_t i = 0; i < experiment_section_count; i++) {
        const struct experiment_section *section = &experiment_sections[i];
        bool faults = strcmp(section->name, "fault") == 0;
        uint32_t count = faults ? experiment->trial.faults.count : 1;

        for (uint32_t f = 0; f < count; f++) {
            const struct fault *fault =
                faults ? &experiment->trial.faults.list[f] : NULL;
            const void *fields = fault ? (const void *)fault : experiment;

            snprintf(name, sizeof(name), fault ? "%s %.100s" : "%s",
                     section->name, fault ? fault->name : "");
            on_section(context, name);
            for (size_t k = 0; k < section->count; k++)
                if (!experiment_is_unset(&section->option_table[k], fields) &&
                    !experiment_unused(experiment, section->name, fault,
                                       section->option_table[k].name, &decider))
                    on_value(context, &section->option_table[k],
                             option_value_write(&section->option_table[k],
                                                fields, value, sizeof(value)));
        }
    }
}

static void print_section(void *context, const char *name)
{
    fprintf(context, "[%s]\n", name);
}

static void print_value(void *context, const struct option *option,
                        const char *value)
{
    fprintf(context, "%-19s= %s\n", option->name, value);
}

void experiment_print(const struct experiment *experiment, FILE *out)
{
    each_key(experiment, print_section, print_value, out);
}

struct json_writer {
    cJSON *all, *section;
};

static void add_section(void *context, const char *name)
{
    struct json_writer *writer = context;

    writer->section = cJSON_AddObjectToObject(writer->all, name);
}

static void add_value(void *context, const struct option *option,
                      const char *value)
{
    struct json_writer *writer = context;

    cJSON_AddStringToObject(writer->section, option->name, value);
}

cJSON *experiment_to_json(const struct experiment *experiment)
{
    struct json_writer writer = { .all = cJSON_CreateObject() };

    each_key(experiment, add_section, add_value, &writer);
    return writer.all;
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
