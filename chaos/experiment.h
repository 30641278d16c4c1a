/*
 * experiment.h - an experiment file, read and checked.
 *
 * Every key stands in one of the tables of experiment_keys.c, with its kind,
 * its limits, its default and what it means; what is not there is an error
 * that names file and line.
 */
#ifndef CHAOS_EXPERIMENT_H
#define CHAOS_EXPERIMENT_H

#include "chaos/monkey.h"
#include "chaos/plague.h"
#include "chaos/setting.h"
#include "chaos/trial.h"
#include "chaos/verdict.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#define EXPERIMENT_TEXTS_MOST 256
#define EXPERIMENT_WORDS_MOST 64
#define EXPERIMENT_WHY        512

/* What a [fault NAME] may be; the first ones are struck by the monkey. */
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
    uint64_t lasts_us, limit;
    int rhythm, victim, manner;
    uint64_t slot, interval_us, burst, start_us, end_us, count, young_us;
    const char *query; /* of requests */
    double share;
    uint64_t connections; /* of clients */
};

struct experiment {
    /* [about] */
    const char *title, *needs;
    /* [target] */
    const char *start, *pid, *pidfile, *url, *pattern;
    bool descendants, may_end;
    uint64_t ready_us, grace_us;
    /* [load] */
    struct client_options load; /* but its duration and seed */
    const char *methods, *expect;
    uint64_t body_bytes, post_bytes;
    int token;
    /* [steady-state] */
    struct hypothesis hypothesis;
    /* [fault NAME] */
    struct experiment_fault faults[PLAN_FAULTS_MOST];
    uint32_t fault_count;
    /* [blast-radius] */
    struct blast_radius radius;
    /* [abort] */
    uint64_t abort_lost, abort_for_us;
    double abort_availability;
    /* [run] */
    uint64_t seed, steady_us, storm_us, after_us, window_us;

    char *texts[EXPERIMENT_TEXTS_MOST]; /* what the strings above point to */
    uint32_t text_count;
    const char *words[EXPERIMENT_WORDS_MOST + 1]; /* of start */
    struct fault struck[PLAN_FAULTS_MOST];        /* those for the monkey */
    uint32_t struck_count;
};

/* One section's table. */
struct experiment_section {
    const char *name; /* "fault" stands for [fault NAME] */
    const struct setting *settings;
    size_t count;
};

extern const struct experiment_section experiment_sections[];
extern const size_t experiment_section_count;

/* The table of the section so named, `length` bytes of it; or NULL. */
const struct experiment_section *experiment_section(const char *name,
                                                    size_t length);

/* All defaults; the seed is `seed`. */
void experiment_preset(struct experiment *experiment, uint64_t seed);

/* Reads a file over what is there.  Returns false with "FILE:LINE: what is
 * wrong" in `why`. */
bool experiment_read(struct experiment *experiment, const char *path,
                     char why[EXPERIMENT_WHY]);

/* Sets one key: "section.key=value", "fault NAME.key=value". */
bool experiment_set(struct experiment *experiment, const char *assignment,
                    char why[EXPERIMENT_WHY]);

/* Everything is read: checks what belongs together and prepares `words` and
 * `struck`.  To be called once. */
bool experiment_complete(struct experiment *experiment,
                         char why[EXPERIMENT_WHY]);

/* All of it: presets, the file, then the overrides, as experiment_set takes
 * them; complete.  Returns false with one line in `why`. */
bool experiment_load(struct experiment *experiment, const char *path,
                     const struct setting_list *overrides, uint64_t seed,
                     char why[EXPERIMENT_WHY]);

/* Finds the root of a target that runs already, in *root; 0 for any other.
 * Returns false with one line in `why` when it is not there. */
bool experiment_root(const struct experiment *experiment, pid_t *root,
                     char why[EXPERIMENT_WHY]);

/* What a trial takes from it, but for the root of a target that runs already;
 * `experiment` must outlive that. */
struct trial_options
experiment_trial_options(const struct experiment *experiment);

/* There is a program of that name in PATH. */
bool experiment_has_program(const char *name);

/* The program named by `needs` is installed, or none is needed. */
bool experiment_can_run(const struct experiment *experiment);

/* Every key with its value, section by section: as an INI file would have it,
 * or as an object of objects that experiment_from_json reads again. */
void experiment_print(const struct experiment *experiment, FILE *out);
cJSON *experiment_to_json(const struct experiment *experiment);
bool experiment_from_json(struct experiment *experiment, const cJSON *object,
                          char why[EXPERIMENT_WHY]);

void experiment_free(struct experiment *experiment);

#endif
