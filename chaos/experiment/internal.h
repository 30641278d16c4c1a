/*
 * internal.h - what the files of an experiment ask of each other; for
 * nobody else (see experiment.h).
 *
 *   experiment.c   presets, and one key
 *   ini.c          a file
 *   origin.c       where keys got their values, and complaints of them
 *   unused_keys.c  keys that say nothing
 *   check.c        each key beside the others
 *   load.c         all of it together
 *   to_trial.c     what a trial takes from it
 */
#ifndef CHAOS_EXPERIMENT_INTERNAL_H
#define CHAOS_EXPERIMENT_INTERNAL_H

#include "chaos/experiment/experiment.h"

/* What the keys of a section are set in; NULL with a complaint.  `section` is
 * as between the brackets: "load", "fault kill". */
void *experiment_fields(struct experiment *experiment, const char *section,
                        char why[EXPERIMENT_WHY]);

/* Sets one key, and remembers `place` and `line` as struct experiment_origin
 * has them. */
bool experiment_set_key(struct experiment *experiment, const char *section,
                        const char *key, const char *value, const char *place,
                        unsigned line, char why[EXPERIMENT_WHY]);

/* As experiment_set, but its place is remembered. */
bool experiment_assign(struct experiment *experiment, const char *assignment,
                       const char *place, char why[EXPERIMENT_WHY]);

/* A claim or a limit that was not made: it has no value to be typed. */
bool experiment_is_unset(const struct option *setting, const void *fields);

/* Where a key got its value, or NULL when it was not said.  `key` NULL: where
 * its section begins. */
const struct experiment_origin *
experiment_origin(const struct experiment *experiment, const char *section,
                  const struct experiment_fault *fault, const char *key);

/* Complains of a key: where it stands, its value, and `what` about it, which
 * says what is allowed.  `fault` is NULL but for section "fault".  Returns
 * false. */
bool experiment_refuse(struct experiment *experiment, const char *section,
                       const struct experiment_fault *fault, const char *key,
                       char why[EXPERIMENT_WHY], const char *what, ...)
    __attribute__((format(printf, 6, 7)));

/* What a key is allowed with, where it says nothing beside what others say
 * (static text), and *beside the one that decides; NULL where it does say
 * something. */
const char *experiment_unused(const struct experiment *experiment,
                              const char *section,
                              const struct experiment_fault *fault,
                              const char *key, const char **beside);

/* Refuses those. */
bool experiment_check_unused(struct experiment *experiment,
                             char why[EXPERIMENT_WHY]);

/* The rest: faults that could hit nobody; a target that cannot be meant, and
 * an abort. */
bool experiment_check_faults(struct experiment *experiment,
                             char why[EXPERIMENT_WHY]);
bool experiment_check_target(struct experiment *experiment,
                             char why[EXPERIMENT_WHY]);
bool experiment_check_abort(struct experiment *experiment,
                            char why[EXPERIMENT_WHY]);

#endif
