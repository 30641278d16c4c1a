/* SPDX-License-Identifier: MIT */
/*
 * internal.h - functions that the files of this folder share (see
 * experiment.h).
 *
 *   experiment.c   defaults, and setting one key
 *   ini.c          reads a file
 *   origin.c       where keys got their values, and error messages
 *   unused_keys.c  keys that have no effect
 *   check.c        whether keys fit together
 *   load.c         completes and loads a whole experiment
 *   preflight.c    what depends on this machine: its target, its forks
 *   write.c        writes an experiment as INI or JSON
 */
#ifndef CHAOS_EXPERIMENT_INTERNAL_H
#define CHAOS_EXPERIMENT_INTERNAL_H

#include "chaos/experiment/experiment.h"

/* Returns the struct that holds a section's keys; adds a fault with a new name.
 * `section` is the text between the brackets: "load", "fault kill".  Returns
 * NULL with an error message in `why`. */
void *experiment_fields(struct experiment *experiment, const char *section,
                        char why[EXPERIMENT_WHY]);

/* Sets one key; `place` and `line` are as in struct experiment_origin.  Keeps
 * `place` by reference. */
bool experiment_set_key(struct experiment *experiment, const char *section,
                        const char *key, const char *value, const char *place,
                        unsigned line, char why[EXPERIMENT_WHY]);

/* As experiment_set, with `place` as in struct experiment_origin. */
bool experiment_assign(struct experiment *experiment, const char *assignment,
                       const char *place, char why[EXPERIMENT_WHY]);

/* Whether the key has no value: it has no default and was not set. */
bool experiment_is_unset(const struct option_row *row, const void *fields);

/* Writes a key's value, or nothing if it is unset.  Returns `buffer`. */
const char *experiment_value(const struct experiment *experiment,
                             const char *section, const struct fault *fault,
                             const char *key, char *buffer, size_t size);

/* Returns where a key got its value, or NULL if it was not set.  `key` NULL:
 * where the section begins. */
const struct experiment_origin *
experiment_origin(const struct experiment *experiment, const char *section,
                  const struct fault *fault, const char *key);

/* Writes an error message for a key to `why`: its place, its value and `what`,
 * which includes the allowed values.  `fault` is NULL except in section
 * "fault".  Returns false. */
bool experiment_refuse(struct experiment *experiment, const char *section,
                       const struct fault *fault, const char *key,
                       char why[EXPERIMENT_WHY], const char *what, ...)
    __attribute__((format(printf, 6, 7)));

/* If the key has no effect because of another key, returns what it requires
 * (static text) and sets *decider to that other key.  Returns NULL if the key
 * has an effect. */
const char *experiment_unused(const struct experiment *experiment,
                              const char *section, const struct fault *fault,
                              const char *key, const char **decider);

/* Refuses keys that were set and have no effect. */
bool experiment_check_unused(struct experiment *experiment,
                             char why[EXPERIMENT_WHY]);

/* Each refuses invalid combinations of keys in its sections. */
bool experiment_check_faults(struct experiment *experiment,
                             char why[EXPERIMENT_WHY]);
bool experiment_check_target(struct experiment *experiment,
                             char why[EXPERIMENT_WHY]);
bool experiment_check_abort(struct experiment *experiment,
                            char why[EXPERIMENT_WHY]);

#endif
