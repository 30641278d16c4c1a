/*
 * experiment.h - an experiment file, read and checked.
 *
 * Every key stands in one of the tables of keys.c, with its kind,
 * its limits, its default and what it means; what is not there is an error
 * that names file and line, and so is what cannot be meant: a fault that could
 * injection nobody, a key that says nothing beside the others.
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
#define EXPERIMENT_ORIGINS_MAX 512 /* more than there are keys */
#define EXPERIMENT_WHY         768

/* What a [fault NAME] may be; the first ones are hit by the monkey. */
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
    const char *query; /* of requests */
    double share;
    uint64_t connections; /* of clients */
};

/* Where a key got its value. */
struct experiment_origin {
    const struct experiment_section *section;
    const struct experiment_fault *fault; /* of [fault NAME], else NULL */
    const char *key;   /* as its table has it; NULL: where the section begins */
    const char *place; /* a file, or an option as it was typed; NULL: it is
                          for whoever set it to say */
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
    struct client_options load; /* but its duration and seed */
    double max_fork_share;      /* 0: the rate does not depend on the machine */
    const char *methods, *paths, *expect;
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

    const char *path; /* of the file that was read, or NULL */
    unsigned lines;   /* of it */
    struct experiment_origin origins[EXPERIMENT_ORIGINS_MAX];
    uint32_t origin_count;
    bool typed;          /* its keys are options: --key VALUE */
    const char *refused; /* the key that experiment_complete refused, or NULL */

    char *texts[EXPERIMENT_TEXTS_MAX]; /* what the strings above point to */
    uint32_t text_count;
    const char *words[EXPERIMENT_WORDS_MAX + 1]; /* of start */
    struct monkey_fault
        monkey_faults[SCHEDULE_FAULTS_MAX]; /* those for the monkey */
    uint32_t monkey_fault_count;
};

/* One section's table. */
struct experiment_section {
    const char *name; /* "fault" stands for [fault NAME] */
    const struct option *settings;
    size_t count;
};

extern const struct experiment_section experiment_sections[];
extern const size_t experiment_section_count;

/* The table of the section so named, `length` bytes of it; or NULL. */
const struct experiment_section *experiment_section(const char *name,
                                                    size_t length);

/* All defaults; the seed is `seed`. */
void experiment_set_defaults(struct experiment *experiment, uint64_t seed);

/* Reads a file over what is there.  Returns false with "FILE:LINE: what is
 * wrong" in `why`. */
bool experiment_read(struct experiment *experiment, const char *path,
                     char why[EXPERIMENT_WHY]);

/* Sets one key: "section.key=value", "fault NAME.key=value".  It counts as
 * said. */
bool experiment_set(struct experiment *experiment, const char *assignment,
                    char why[EXPERIMENT_WHY]);

/* A copy that lives as long as the experiment; NULL when there is no room. */
const char *experiment_strdup(struct experiment *experiment, const char *text);

/* A key was set by other means.  Its texts must outlive the experiment. */
void experiment_was_set(struct experiment *experiment,
                        const struct experiment_origin *origin);

/*
 * Everything is read: checks each key beside the others and prepares `words`
 * and `hit`.  To be called once.  Returns false with "FILE:LINE: [section]
 * key = value: what is wrong, and what is allowed" in `why`.
 */
bool experiment_complete(struct experiment *experiment,
                         char why[EXPERIMENT_WHY]);

/* As experiment_complete, of an experiment that is nothing but faults. */
bool experiment_complete_faults(struct experiment *experiment,
                                char why[EXPERIMENT_WHY]);

/* Complete: whether its url, methods and texts can be used, and its target is
 * there if it is not to be started.  Looks names up, and touches nothing else.
 * Returns false as experiment_complete does. */
bool experiment_preflight(struct experiment *experiment,
                          char why[EXPERIMENT_WHY]);

/* All of it: presets, the file, then the overrides, as experiment_set takes
 * them; complete, and rehearsed.  Returns false with one line in `why`. */
bool experiment_load(struct experiment *experiment, const char *path,
                     const struct option_list *overrides, uint64_t seed,
                     char why[EXPERIMENT_WHY]);

/* Finds the root of a target that runs already, in *root; 0 for any other.
 * Returns false with one line in `why` when it is not there. */
bool experiment_root(const struct experiment *experiment, pid_t *root,
                     char why[EXPERIMENT_WHY]);

/* Decides what it leaves to the machine, as busy as that is now: the rate of a
 * load that is to keep below its forks.  Returns whether that is lower than
 * what was asked for. */
bool experiment_resolve_rate(struct experiment *experiment);

/* What a trial takes from it, but for the root of a target that runs already;
 * `experiment` must outlive that. */
struct trial_options
experiment_trial_options(const struct experiment *experiment);

/* There is a program of that name in PATH. */
bool experiment_has_program(const char *name);

/* The program named by `needs` is installed, or none is needed. */
bool experiment_can_run(const struct experiment *experiment);

/* Every key that says something with its value, section by section: as an INI
 * file would have it, or as an object of objects that experiment_from_json
 * reads again. */
void experiment_print(const struct experiment *experiment, FILE *out);
cJSON *experiment_to_json(const struct experiment *experiment);
bool experiment_from_json(struct experiment *experiment, const cJSON *object,
                          char why[EXPERIMENT_WHY]);

void experiment_free(struct experiment *experiment);

#endif
