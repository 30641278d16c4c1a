/* SPDX-License-Identifier: MIT */
/*
 * experiment_options.h - command-line options that are experiment keys.
 *
 * `chaos client` and `chaos monkey` do a part of an experiment.  Their options
 * are the keys of that part, with the same names, limits and meanings, and the
 * errors of an experiment name the option.
 */
#ifndef CHAOS_CLI_EXPERIMENT_OPTIONS_H
#define CHAOS_CLI_EXPERIMENT_OPTIONS_H

#include "chaos/experiment/experiment.h"
#include "chaos/experiment/option.h"

#define KEY_OPTIONS_MAX 40

/* Initialise with zeros. */
struct key_options {
    struct option option_table[KEY_OPTIONS_MAX];
    /* The section of each key; NULL for an option that is not a key. */
    const struct experiment_section *sections[KEY_OPTIONS_MAX];
    size_t count;
};

/* Adds the keys of a section: all if `names` is NULL, otherwise those in
 * `names` (NULL-terminated).  `offset` is the offset of the struct that the
 * keys fill (struct fault for section "fault", otherwise struct experiment) in
 * the struct that the command line fills. */
void key_options_take(struct key_options *options, const char *section,
                      const char *const *names, size_t offset);

/* Adds options that are not keys. */
void key_options_add(struct key_options *options,
                     const struct option *option_table, size_t count);

/* Returns the option of that name, for changing it; aborts if there is none. */
struct option *key_options_find(struct key_options *options, const char *name);

/* Records in the experiment that an option was given, so that checks can report
 * options that conflict.  A key of section "fault" is one of the first fault.
 */
void key_options_was_set(const struct key_options *options,
                         const struct option *option,
                         struct experiment *experiment);

#endif
