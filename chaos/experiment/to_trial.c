/* SPDX-License-Identifier: MIT */
/* to_trial.c - converts an experiment to the options of a trial; see
 * experiment.h. */
#include "chaos/experiment/internal.h"
#include "chaos/target/process.h"
#include "chaos/trial/fork_rate.h"
#include "worker/units.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads the pid that the experiment names. */
static bool read_root(const struct experiment *experiment, uint64_t *root)
{
    char text[32] = "";
    FILE *file;

    if (experiment->pid)
        return units_count(experiment->pid, strlen(experiment->pid), root);
    file = fopen(experiment->pidfile, "re");
    if (!file)
        return false;
    if (!fgets(text, sizeof(text), file))
        text[0] = '\0';
    fclose(file);
    return units_count(text, strcspn(text, "\n"), root);
}

bool experiment_root(const struct experiment *experiment, pid_t *root,
                     char why[EXPERIMENT_WHY])
{
    struct process process;
    uint64_t pid = 0;

    *root = 0;
    if (!experiment->pid && !experiment->pidfile)
        return true;
    if (!read_root(experiment, &pid)) {
        snprintf(why, EXPERIMENT_WHY, "no process ID can be read from it");
        return false;
    }
    if (pid > INT32_MAX || !process_read((pid_t)pid, &process) ||
        process_is_dead(&process)) {
        snprintf(why, EXPERIMENT_WHY, "process %" PRIu64 " does not exist",
                 pid);
        return false;
    }
    *root = (pid_t)pid;
    return true;
}

bool experiment_resolve_rate(struct experiment *experiment)
{
    double asked = experiment->load.rate, rate;

    if (experiment->max_fork_share <= 0)
        return false;
    rate = fork_rate_limit(asked, experiment->max_fork_share);
    if (rate >= asked)
        return false;
    experiment->load.rate = floor(rate);
    return true;
}

struct trial_options
experiment_trial_options(const struct experiment *experiment)
{
    struct trial_options options = {
        .start = experiment->start ? experiment->words : NULL,
        .ready_us = experiment->ready_us,
        .grace_s = (double)experiment->grace_us / 1e6,
        .exit_ok = experiment->exit_ok,
        .url = experiment->url,
        .methods = experiment->methods,
        .paths = experiment->paths,
        .mixture = experiment->mixture,
        .token = (enum token_place)experiment->token,
        .expect = experiment->expect,
        .body_bytes = experiment->body_bytes,
        .post_bytes = experiment->post_bytes,
        .load = experiment->load,
        .fault_injector.monkey = { .rule = { .descendants =
                                                 experiment->descendants,
                                             .pattern = experiment->pattern },
                                   .radius = experiment->radius,
                                   .faults = experiment->monkey_faults,
                                   .fault_count =
                                       experiment->monkey_fault_count },
        .seed = experiment->seed,
        .baseline_us = experiment->baseline_us,
        .fault_us = experiment->fault_us,
        .recovery_us = experiment->recovery_us,
    };
    struct fault_injector_options *fault_injector = &options.fault_injector;

    options.load.seed = experiment->seed;
    for (uint32_t i = 0; i < experiment->fault_count; i++) {
        const struct experiment_fault *fault = &experiment->faults[i];

        if (fault->kind == EXPERIMENT_REQUEST) {
            options.fault_request_query = fault->query;
            fault_injector->fault_request_share = fault->share;
            fault_injector->fault_request_start_us = fault->start_us;
            fault_injector->fault_request_end_us = fault->end_us;
        }
        if (fault->kind == EXPERIMENT_CLIENTS)
            fault_injector->bad_clients[fault_injector->bad_clients_count++] =
                (struct bad_clients_options){
                    .behaviour = (enum client_behaviour)fault->behaviour,
                    .connections = (uint32_t)fault->connections,
                    .from_us = fault->start_us,
                    .until_us = fault->end_us,
                };
    }
    return options;
}

bool experiment_has_program(const char *name)
{
    const char *path = getenv("PATH");
    char program[1024];

    while (path && *path) {
        size_t length = strcspn(path, ":");

        snprintf(program, sizeof(program), "%.*s/%s", (int)length, path, name);
        if (access(program, X_OK) == 0)
            return true;
        path += length + (path[length] == ':');
    }
    return false;
}

bool experiment_can_run(const struct experiment *experiment)
{
    return !experiment->needs || experiment_has_program(experiment->needs);
}

/* ---- Preflight ---------------------------------------------------------- */

/* The fault of kind = request, or NULL. */
static const struct experiment_fault *
fault_request_of(const struct experiment *experiment)
{
    for (uint32_t i = 0; i < experiment->fault_count; i++)
        if (experiment->faults[i].kind == EXPERIMENT_REQUEST)
            return &experiment->faults[i];
    return NULL;
}

static bool preflight_root(struct experiment *experiment,
                           char why[EXPERIMENT_WHY])
{
    const char *key = experiment->pid ? "pid" : "pidfile";
    char what[EXPERIMENT_WHY];
    pid_t root;

    if (!experiment_root(experiment, &root, what))
        return experiment_refuse(experiment, "target", NULL, key, why, "%s",
                                 what);
    if (root != 0 && process_is_above_us(root))
        return experiment_refuse(experiment, "target", NULL, key, why,
                                 "chaos itself is a descendant of it (allowed: "
                                 "a process that is not an ancestor of chaos)");
    return true;
}

/* The section of a key that trial_check can return. */
static const char *section_of(const char *key)
{
    if (strcmp(key, "url") == 0)
        return "target";
    return strcmp(key, "query") == 0 ? "fault" : "load";
}

bool experiment_preflight(struct experiment *experiment,
                          char why[EXPERIMENT_WHY])
{
    struct trial_options options = experiment_trial_options(experiment);
    const struct experiment_fault *fault = NULL;
    const char *key, *wrong = trial_check(&options, &key);

    if (!wrong)
        return preflight_root(experiment, why);
    if (strcmp(key, "query") == 0)
        fault = fault_request_of(experiment);
    return experiment_refuse(experiment, section_of(key), fault, key, why, "%s",
                             wrong);
}
