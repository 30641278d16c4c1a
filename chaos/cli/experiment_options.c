/* SPDX-License-Identifier: MIT */
/* experiment_options.c - see experiment_options.h. */
#include "chaos/cli/experiment_options.h"
#include <stdlib.h>
#include <string.h>

void key_options_add(struct key_options *options,
                     const struct option *option_table, size_t count)
{
    if (options->count + count > KEY_OPTIONS_MAX)
        abort(); /* a table is wrong */
    memcpy(options->option_table + options->count, option_table,
           count * sizeof(*option_table));
    options->count += count;
}

static bool is_wanted(const char *const *names, const char *name)
{
    if (!names)
        return true;
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

void key_options_take(struct key_options *options, const char *section,
                      const char *const *names, size_t offset)
{
    const struct experiment_section *table =
        experiment_section(section, strlen(section));

    for (size_t i = 0; i < table->count; i++) {
        struct option option = table->option_table[i];

        option.offset += offset;
        if (is_wanted(names, option.name)) {
            key_options_add(options, &option, 1);
            options->sections[options->count - 1] = table;
        }
    }
}

struct option *key_options_find(struct key_options *options, const char *name)
{
    for (size_t i = 0; i < options->count; i++)
        if (strcmp(options->option_table[i].name, name) == 0)
            return &options->option_table[i];
    abort(); /* a table is wrong */
}

void key_options_was_set(const struct key_options *options,
                         const struct option *option,
                         struct experiment *experiment)
{
    const struct experiment_section *section =
        options->sections[option - options->option_table];
    struct experiment_origin origin = { .section = section,
                                        .key = option->name };

    if (!section)
        return;
    if (strcmp(section->name, "fault") == 0)
        origin.fault = &experiment->trial.faults.list[0];
    experiment_was_set(experiment, &origin);
}
