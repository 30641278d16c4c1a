/* SPDX-License-Identifier: MIT */
/* unused_keys.c - keys that have no effect because of other keys; see
 * internal.h. */
#include "chaos/experiment/internal.h"
#include "chaos/load/request_template.h"
#include <string.h>

/* ---- Because of the fault's kind --------------------------------------- */

#define KIND(kind)     (1u << EXPERIMENT_##kind)
#define PROCESS_FAULTS (KIND(REQUEST) - 1) /* these come first in the enum */
#define LIMITS         (KIND(MEMORY) | KIND(FILES))

static const struct {
    const char *key;
    unsigned kinds;
    const char *allowed;
} of_kind[] = {
    { "signal", KIND(SIGNAL), "kind = signal" },
    { "effect-duration", PROCESS_FAULTS & ~KIND(SIGNAL),
      "kind = stop, slow, memory or files" },
    { "limit", LIMITS, "kind = memory or files" },
    { "schedule", PROCESS_FAULTS, "a kind that hits processes" },
    { "interval", PROCESS_FAULTS, "a kind that hits processes" },
    { "burst", PROCESS_FAULTS, "a kind that hits processes" },
    { "victim", PROCESS_FAULTS, "a kind that hits processes" },
    { "slot", PROCESS_FAULTS, "a kind that hits processes" },
    { "max-age", PROCESS_FAULTS, "a kind that hits processes" },
    { "count", PROCESS_FAULTS, "a kind that hits processes" },
    { "query", KIND(REQUEST), "kind = request" },
    { "share", KIND(REQUEST), "kind = request" },
    { "behaviour", KIND(CLIENTS), "kind = clients" },
    { "connections", KIND(CLIENTS), "kind = clients" },
};

static const char *unused_of_kind(const struct experiment_fault *fault,
                                  const char *key)
{
    for (size_t i = 0; i < sizeof(of_kind) / sizeof(of_kind[0]); i++)
        if (strcmp(of_kind[i].key, key) == 0 &&
            (of_kind[i].kinds & (1u << fault->kind)) == 0)
            return of_kind[i].allowed;
    return NULL;
}

/* ---- Because of another key --------------------------------------------- */

static bool is_open_loop(const struct experiment *experiment,
                         const struct experiment_fault *fault)
{
    (void)fault;
    return !experiment->load.closed;
}

/* Setting both to 0, their default, is not an error. */
static bool has_retries(const struct experiment *experiment,
                        const struct experiment_fault *fault)
{
    const struct client_options *load = &experiment->load;

    (void)fault;
    return load->retries > 0 ||
           (load->retry_budget == 0 && load->retry_delay_us == 0);
}

static bool has_bodies(const struct experiment *experiment,
                       const struct experiment_fault *fault)
{
    const char *method = experiment->methods;

    (void)fault;
    while (*method) {
        size_t length = strcspn(method, ",");

        if (request_template_takes_body(method, length))
            return true;
        method += length + (method[length] == ',');
    }
    return experiment->post_bytes == 0;
}

static bool watches_availability(const struct experiment *experiment,
                                 const struct experiment_fault *fault)
{
    (void)fault;
    return experiment->abort_availability > 0;
}

static bool is_repeated(const struct experiment *experiment,
                        const struct experiment_fault *fault)
{
    (void)experiment;
    return fault->timing != TIMING_ONCE;
}

static bool is_burst(const struct experiment *experiment,
                     const struct experiment_fault *fault)
{
    (void)experiment;
    return fault->timing == TIMING_BURST;
}

static bool is_of_slot(const struct experiment *experiment,
                       const struct experiment_fault *fault)
{
    (void)experiment;
    return fault->victim == CHOOSE_SLOT;
}

static bool is_of_starting(const struct experiment *experiment,
                           const struct experiment_fault *fault)
{
    (void)experiment;
    return fault->victim == CHOOSE_STARTING;
}

static const struct {
    const char *section, *key;
    bool (*applies)(const struct experiment *experiment,
                    const struct experiment_fault *fault);
    const char *decider, *allowed; /* the key that decides; what it must be */
} of_others[] = {
    { "load", "rate", is_open_loop, "closed", "closed = no" },
    { "load", "max-fork-share", is_open_loop, "closed", "closed = no" },
    { "load", "poisson", is_open_loop, "closed", "closed = no" },
    { "load", "retry-budget", has_retries, "retries", "retries from 1" },
    { "load", "retry-delay", has_retries, "retries", "retries from 1" },
    { "load", "post-body", has_bodies, "methods", "POST, PUT or PATCH" },
    { "abort", "for", watches_availability, "availability",
      "an availability above 0" },
    { "fault", "count", is_repeated, "schedule",
      "a schedule of more than one injection" },
    { "fault", "burst", is_burst, "schedule", "schedule = burst" },
    { "fault", "slot", is_of_slot, "victim", "victim = slot" },
    { "fault", "max-age", is_of_starting, "victim", "victim = starting" },
};

const char *experiment_unused(const struct experiment *experiment,
                              const char *section,
                              const struct experiment_fault *fault,
                              const char *key, const char **decider)
{
    const char *allowed = fault ? unused_of_kind(fault, key) : NULL;

    *decider = "kind";
    for (size_t i = 0; !allowed && i < sizeof(of_others) / sizeof(of_others[0]);
         i++)
        if (strcmp(of_others[i].section, section) == 0 &&
            strcmp(of_others[i].key, key) == 0 &&
            !of_others[i].applies(experiment, fault)) {
            *decider = of_others[i].decider;
            allowed = of_others[i].allowed;
        }
    return allowed;
}

/* ---- Error messages ----------------------------------------------------- */

/* A key of a file that an override on the command line made useless is not an
 * error. */
static bool is_overruled(const struct experiment *experiment,
                         const struct experiment_origin *origin,
                         const char *decider)
{
    const struct experiment_origin *decides = experiment_origin(
        experiment, origin->section->name, origin->fault, decider);

    return decides && decides->line == 0 && origin->line > 0;
}

bool experiment_check_unused(struct experiment *experiment,
                             char why[EXPERIMENT_WHY])
{
    for (uint32_t i = 0; i < experiment->origin_count; i++) {
        const struct experiment_origin origin = experiment->origins[i];
        const char *section = origin.section->name, *decider, *allowed = NULL;

        if (origin.key)
            allowed = experiment_unused(experiment, section, origin.fault,
                                        origin.key, &decider);
        if (allowed && !is_overruled(experiment, &origin, decider))
            return experiment_refuse(
                experiment, section, origin.fault, origin.key, why,
                "has no effect here: it requires %s", allowed);
    }
    return true;
}
