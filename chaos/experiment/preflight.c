/* SPDX-License-Identifier: MIT */
/* preflight.c - what an experiment needs from this machine; see experiment.h.
 */
#include "chaos/experiment/internal.h"
#include "chaos/target/process.h"
#include "worker/clock.h"
#include "worker/units.h"
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEASURE_US 250000

/* At a lower rate of requests, few faults hit a worker with a request. */
#define FORK_RATE_MIN 10

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

/* Forks and reaps children that exit, one at a time.  Returns their number per
 * second; 0 if fork fails. */
static double forks_per_second(void)
{
    uint64_t start_us = clock_monotonic_us(), now_us;
    uint64_t forks = 0;

    do {
        pid_t child = fork();

        if (child < 0)
            return 0;
        if (child == 0)
            _exit(0);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
            ;
        forks++;
        now_us = clock_monotonic_us();
    } while (now_us - start_us < MEASURE_US);
    return floor((double)forks * 1e6 / (double)(now_us - start_us));
}

double fork_rate_limit(double max, double share)
{
    return fmin(max, fmax(FORK_RATE_MIN, share * forks_per_second()));
}

bool experiment_resolve_rate(struct experiment *experiment)
{
    double asked = experiment->trial.load.rate, rate;

    if (experiment->max_fork_share <= 0)
        return false;
    rate = fork_rate_limit(asked, experiment->max_fork_share);
    if (rate >= asked)
        return false;
    experiment->trial.load.rate = floor(rate);
    return true;
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
    const char *key, *wrong;
    const struct fault *fault = NULL;
    struct url address;

    wrong = trial_check(&experiment->trial, &address, &key);
    if (!wrong)
        return preflight_root(experiment, why);
    if (strcmp(key, "query") == 0)
        fault = fault_of_kind(&experiment->trial.faults, FAULT_REQUEST);
    return experiment_refuse(experiment, section_of(key), fault, key, why, "%s",
                             wrong);
}
