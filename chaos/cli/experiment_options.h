/*
 * experiment_options.h - options that are keys of an experiment.
 *
 * What a sub-command does that is a part of an experiment has that part's keys
 * as its options, with the same names, limits and meanings, and what an
 * experiment complains of is said of the option.
 */
#ifndef CHAOS_CLI_EXPERIMENT_OPTIONS_H
#define CHAOS_CLI_EXPERIMENT_OPTIONS_H

#include "chaos/experiment/experiment.h"
#include "chaos/experiment/option.h"

#define KEY_OPTIONS_MAX 40

/* To be zeroed at first. */
struct key_options {
    struct option settings[KEY_OPTIONS_MAX];
    const struct experiment_section *sections[KEY_OPTIONS_MAX]; /* NULL: it
                                                                    is no key */
    size_t count;
};

/* Adds the keys of a section, all of them or those that `names` has (ended by
 * NULL).  `offset`: of what they fill (struct experiment, or of section fault
 * struct experiment_fault) in what the command line fills. */
void key_options_take(struct key_options *options, const char *section,
                      const char *const *names, size_t offset);

/* Adds options that are none. */
void key_options_add(struct key_options *options, const struct option *settings,
                     size_t count);

/* The option of that name, which must be there: to be changed. */
struct option *key_options_find(struct key_options *options, const char *name);

/* One of the options was given: the experiment shall know, so that it can say
 * what does not go with it.  Keys of section fault are those of its first. */
void key_options_was_set(const struct key_options *options,
                         const struct option *setting,
                         struct experiment *experiment);

#endif
