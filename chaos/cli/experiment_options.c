/* SPDX-License-Identifier: MIT */
/* experiment_options.c - see experiment_options.h. */
#include "chaos/cli/experiment_options.h"
#include <stdlib.h>
#include <string.h>

void key_options_add(struct key_options *options, const struct option_row *rows,
                     size_t count)
{
    if (options->count + count > KEY_OPTIONS_MAX)
        abort(); /* a table is wrong */
    memcpy(options->rows + options->count, rows, count * sizeof(*rows));
    options->count += count;
}

static bool is_wanted(const char *const *names, const char *name)
{
    while (names && *names && strcmp(*names, name) != 0)
        names++;
    return !names || *names;
}

void key_options_take(struct key_options *options, const char *section,
                      const char *const *names, size_t offset)
{
    const struct experiment_section *table =
        experiment_section(section, strlen(section));

    for (size_t i = 0; i < table->count; i++) {
        struct option_row row = table->option_table[i];

        row.field += offset;
        row.group = table->name;
        if (is_wanted(names, row.name))
            key_options_add(options, &row, 1);
    }
}

struct option_row *key_options_find(struct key_options *options,
                                    const char *name)
{
    for (size_t i = 0; i < options->count; i++)
        if (strcmp(options->rows[i].name, name) == 0)
            return &options->rows[i];
    abort(); /* a table is wrong */
}

void key_options_were_set(const struct key_options *options,
                          struct experiment *experiment)
{
    for (size_t i = 0; i < options->count; i++) {
        const char *group = options->rows[i].group;
        struct experiment_origin origin = { .key = options->rows[i].name };

        if (!options->given[i] || !group)
            continue;
        origin.section = experiment_section(group, strlen(group));
        if (strcmp(group, "fault") == 0)
            origin.fault = &experiment->trial.faults.list[0];
        experiment_was_set(experiment, &origin);
    }
}
