/* SPDX-License-Identifier: MIT */
/*
 * experiment.h - reads and checks an experiment file.
 *
 * Every key is a row of a table in keys.c, with its kind, limits, default and
 * description.  Unknown keys, faults that could have no effect and keys that
 * have no effect because of other keys are errors that name file and line.
 */
#ifndef CHAOS_EXPERIMENT_EXPERIMENT_H
#define CHAOS_EXPERIMENT_EXPERIMENT_H

#include "chaos/experiment/option.h"
#include "chaos/faults/bad_clients.h"
#include "chaos/faults/monkey.h"
#include "chaos/measure/verdict.h"
#include "chaos/trial/trial.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#define EXPERIMENT_TEXTS_MAX   256
#define EXPERIMENT_WORDS_MAX   64
#define EXPERIMENT_ORIGINS_MAX 512 /* more than all keys of all sections */
#define EXPERIMENT_WHY         768

/* The kinds of a [fault NAME].  The monkey injects those before
 * EXPERIMENT_REQUEST, in the order of enum monkey_fault_kind. */
enum experiment_fault_kind {
    EXPERIMENT_SIGNAL,
    EXPERIMENT_STOP,
    EXPERIMENT_SLOW,
    EXPERIMENT_MEMORY,
    EXPERIMENT_FILES,
    EXPERIMENT_REQUEST, /* requests that ask the target for a fault */
    EXPERIMENT_CLIENTS, /* clients that misbehave */
    EXPERIMENT_FAULT_KINDS
};

struct experiment_fault {
    const char *name;
    int kind;
    int signal;
    uint64_t effect_us, limit;
    int timing, victim, behaviour;
    uint64_t slot, interval_us, burst, start_us, end_us, max_age_us;
    uint64_t count;    /* 0: no limit */
    const char *query; /* of EXPERIMENT_REQUEST */
    double share;
    uint64_t connections; /* of EXPERIMENT_CLIENTS */
};

/* Where a key got its value. */
struct experiment_origin {
    const struct experiment_section *section;
    const struct experiment_fault *fault; /* of [fault NAME], else NULL */
    const char *key;   /* its name in the table; NULL: the section's header */
    const char *place; /* a file, or an option as typed; NULL: the caller
                          reports the place itself */
    unsigned line;     /* of the file; 0: an option */
};

struct experiment {
    /* [about] */
    const char *title, *needs;
    /* [target] */
    const char *start, *pid, *pidfile, *url, *pattern;
    bool descendants, exit_ok;
    uint64_t ready_us, grace_us;
    /* [load] */
    struct client_options load; /* without its duration and seed */
    double max_fork_share;      /* 0: the rate does not depend on the machine */
    const char *methods, *paths, *mixture, *expect;
    uint64_t body_bytes, post_bytes;
    int token;
    /* [steady-state] */
    struct hypothesis hypothesis;
    /* [fault NAME] */
    struct experiment_fault faults[SCHEDULE_FAULTS_MAX];
    uint32_t fault_count;
    /* [blast-radius] */
    struct blast_radius radius;
    /* [abort] */
    uint64_t abort_lost, abort_for_us;
    double abort_availability;
    /* [run] */
    uint64_t seed, baseline_us, fault_us, recovery_us, window_us;

    const char *path; /* the file that was read, or NULL */
    unsigned lines;   /* in that file */
    struct experiment_origin origins[EXPERIMENT_ORIGINS_MAX];
    uint32_t origin_count;
    bool typed;          /* its keys are command-line options: --key VALUE */
    const char *refused; /* the key of the last error message, or NULL */

    char *texts[EXPERIMENT_TEXTS_MAX]; /* owns the strings above */
    uint32_t text_count;
    const char *words[EXPERIMENT_WORDS_MAX + 1]; /* argv of `start` */
    struct monkey_fault monkey_faults[SCHEDULE_FAULTS_MAX];
    uint32_t monkey_fault_count;
};

struct experiment_section {
    const char *name; /* "fault" for every [fault NAME] */
    const struct option *option_table;
    size_t count;
};

extern const struct experiment_section experiment_sections[];
extern const size_t experiment_section_count;

/* Returns the section whose name is the first `length` bytes of `name`, or
 * NULL. */
const struct experiment_section *experiment_section(const char *name,
                                                    size_t length);

/* Initialises `experiment` with all defaults and `seed`. */
void experiment_set_defaults(struct experiment *experiment, uint64_t seed);

/* Reads a file; its keys replace values set before.  Returns false with
 * "FILE:LINE: problem" in `why`. */
bool experiment_read(struct experiment *experiment, const char *path,
                     char why[EXPERIMENT_WHY]);

/* Sets one key: "section.key=value", "fault NAME.key=value".  Returns false
 * with an error message in `why`. */
bool experiment_set(struct experiment *experiment, const char *assignment,
                    char why[EXPERIMENT_WHY]);

/* Returns a copy that experiment_free frees; NULL when EXPERIMENT_TEXTS_MAX is
 * reached. */
const char *experiment_strdup(struct experiment *experiment, const char *text);

/* Records that a key was set.  The texts of `origin` must outlive the
 * experiment. */
void experiment_was_set(struct experiment *experiment,
                        const struct experiment_origin *origin);

/*
 * Checks that the keys fit together and prepares `words` and `monkey_faults`.
 * Call it once, after all keys were set.  Returns false with "FILE:LINE:
 * [section] key = value: problem (allowed values)" in `why`.
 */
bool experiment_complete(struct experiment *experiment,
                         char why[EXPERIMENT_WHY]);

/* As experiment_complete, for an experiment that has only faults. */
bool experiment_complete_faults(struct experiment *experiment,
                                char why[EXPERIMENT_WHY]);

/* Call it after experiment_complete.  Checks that url, methods and texts are
 * usable and that a target named by pid or pidfile exists.  Resolves host names
 * and has no other side effect.  Returns false as experiment_complete does. */
bool experiment_preflight(struct experiment *experiment,
                          char why[EXPERIMENT_WHY]);

/* Sets the defaults, reads the file, applies the overrides (in the syntax of
 * experiment_set), then calls experiment_complete and experiment_preflight.
 * Returns false with one line in `why`. */
bool experiment_load(struct experiment *experiment, const char *path,
                     const struct option_list *overrides, uint64_t seed,
                     char why[EXPERIMENT_WHY]);

/* Sets *root to the pid of a target named by pid or pidfile, else to 0.
 * Returns false with one line in `why` when that process does not exist. */
bool experiment_root(const struct experiment *experiment, pid_t *root,
                     char why[EXPERIMENT_WHY]);

/* Applies max-fork-share: measures how fast the machine forks now and lowers
 * the rate if necessary.  Blocks for a quarter of a second unless
 * max_fork_share is 0.  Returns whether it lowered the rate. */
bool experiment_resolve_rate(struct experiment *experiment);

/* The options of a trial, except the pid of a target that runs already.  They
 * point into `experiment`. */
struct trial_options
experiment_trial_options(const struct experiment *experiment);

/* Whether PATH contains an executable `name`. */
bool experiment_has_program(const char *name);

/* Whether the program named by `needs`, if any, is installed. */
bool experiment_can_run(const struct experiment *experiment);

/* Write every key that has a value and an effect, section by section: as an INI
 * file, or as an object of objects that experiment_from_json can read. */
void experiment_print(const struct experiment *experiment, FILE *out);
cJSON *experiment_to_json(const struct experiment *experiment);
bool experiment_from_json(struct experiment *experiment, const cJSON *object,
                          char why[EXPERIMENT_WHY]);

void experiment_free(struct experiment *experiment);

#endif
