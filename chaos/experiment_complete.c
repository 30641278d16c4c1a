/* experiment_complete.c - an experiment as a whole; see experiment.h. */
#include "chaos/experiment.h"
#include "chaos/process.h"
#include "worker/units.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool complain(char why[EXPERIMENT_WHY], const char *what)
{
    snprintf(why, EXPERIMENT_WHY, "%s", what);
    return false;
}

/* Cuts the command into words at blanks, but not between quotation marks.
 * The copy it cuts is one of the experiment's texts. */
static bool split_command(struct experiment *experiment)
{
    char *copy = strdup(experiment->start), *in = copy, *out;
    uint32_t count = 0;

    if (!copy || experiment->text_count == EXPERIMENT_TEXTS_MOST) {
        free(copy);
        return false;
    }
    experiment->texts[experiment->text_count++] = copy;
    while (*(in += strspn(in, " \t")) != '\0') {
        bool quoted = false;

        if (count == EXPERIMENT_WORDS_MOST)
            return false;
        experiment->words[count++] = out = in;
        for (; *in != '\0' && (quoted || (*in != ' ' && *in != '\t')); in++) {
            if (*in == '"')
                quoted = !quoted;
            else
                *out++ = *in;
        }
        if (quoted)
            return false;
        in += *in != '\0';
        *out = '\0';
    }
    return count > 0;
}

/* The pid that the experiment names; false when it can't be told. */
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
        snprintf(why, EXPERIMENT_WHY, "[target] %s: no pid can be read there",
                 experiment->pid ? experiment->pid : experiment->pidfile);
        return false;
    }
    if (pid > INT32_MAX || !process_read((pid_t)pid, &process) ||
        process_is_dead(&process)) {
        snprintf(why, EXPERIMENT_WHY, "[target] there is no process %" PRIu64,
                 pid);
        return false;
    }
    *root = (pid_t)pid;
    return true;
}

static bool check_target(struct experiment *experiment,
                         char why[EXPERIMENT_WHY])
{
    int ways = (experiment->start != NULL) + (experiment->pid != NULL) +
               (experiment->pidfile != NULL);
    uint64_t root;

    if (!experiment->url)
        return complain(why, "[target] wants a url");
    if (ways > 1)
        return complain(why, "[target] start, pid and pidfile are "
                             "alternatives: name one");
    if (experiment->start && !split_command(experiment))
        return complain(why, "[target] start: no command, too many words, or "
                             "a \" without its other");
    if (ways == 0 && experiment->struck_count > 0)
        return complain(why, "[target] wants start, pid or pidfile: whom "
                             "should the faults strike?");
    if (experiment->pid &&
        !units_count(experiment->pid, strlen(experiment->pid), &root))
        return complain(why, "[target] pid: a number is expected");
    if (ways == 1 && !experiment->start && read_root(experiment, &root) &&
        process_is_above_us((pid_t)root))
        return complain(why, "[target] pid: chaos itself is below it, and "
                             "would strike its own; name a process beside it");
    return true;
}

/* What the monkey is to do, of what the file says. */
static void take_strike(struct experiment *experiment,
                        const struct experiment_fault *fault)
{
    uint64_t end_us = fault->end_us ? fault->end_us : experiment->storm_us;

    experiment->struck[experiment->struck_count++] = (struct fault){
        .name = fault->name,
        .kind = (enum fault_kind)fault->kind,
        .signal = fault->signal,
        .lasts_us = fault->lasts_us,
        .limit = fault->limit,
        .choice = (enum victim_choice)fault->victim,
        .slot = fault->slot,
        .starting_us = fault->young_us,
        .schedule = { .rhythm = (enum rhythm)fault->rhythm,
                      .interval_us = fault->interval_us,
                      .burst = (uint32_t)fault->burst,
                      .start_us = fault->start_us,
                      .end_us = end_us < experiment->storm_us
                                    ? end_us
                                    : experiment->storm_us,
                      .most = fault->count },
    };
}

_Static_assert((int)EXPERIMENT_FILES == (int)FAULT_FILES &&
                   (int)EXPERIMENT_REQUEST == (int)FAULT_KINDS,
               "the monkey's kinds come first, in its order");

static bool check_slot(const struct experiment *experiment,
                       const struct experiment_fault *fault,
                       char why[EXPERIMENT_WHY])
{
    const char *wrong = NULL;

    if (fault->slot == 0)
        wrong = "victim = slot wants a slot";
    else if (!experiment->start)
        wrong = "victim = slot: only a target that is started here can tell "
                "its slots, in its log";
    if (wrong)
        snprintf(why, EXPERIMENT_WHY, "[fault %.100s] %s", fault->name, wrong);
    return !wrong;
}

static bool take_faults(struct experiment *experiment, char why[EXPERIMENT_WHY])
{
    uint32_t requests = 0;

    for (uint32_t i = 0; i < experiment->fault_count; i++) {
        const struct experiment_fault *fault = &experiment->faults[i];

        if (fault->kind < EXPERIMENT_REQUEST)
            take_strike(experiment, fault);
        if (fault->victim == CHOOSE_SLOT && !check_slot(experiment, fault, why))
            return false;
        if (fault->kind == EXPERIMENT_REQUEST && (++requests > 1))
            return complain(why, "only one fault may be of kind request");
        if (fault->kind == EXPERIMENT_REQUEST && !fault->query)
            return complain(why, "a fault of kind request wants a query");
    }
    return true;
}

bool experiment_complete(struct experiment *experiment,
                         char why[EXPERIMENT_WHY])
{
    return take_faults(experiment, why) && check_target(experiment, why);
}

/* An override changes what the file has: a fault by another name would be one
 * more, with a kill by default. */
static bool is_of_a_known_fault(const struct experiment *experiment,
                                const char *assignment,
                                char why[EXPERIMENT_WHY])
{
    const char *name = assignment + strlen("fault ");
    size_t length = strcspn(name, ".");

    if (strncmp(assignment, "fault ", strlen("fault ")) != 0)
        return true;
    for (uint32_t i = 0; i < experiment->fault_count; i++)
        if (strlen(experiment->faults[i].name) == length &&
            strncmp(experiment->faults[i].name, name, length) == 0)
            return true;
    snprintf(why, EXPERIMENT_WHY, "%.100s: the experiment has no fault %.*s",
             assignment, (int)length, name);
    return false;
}

bool experiment_load(struct experiment *experiment, const char *path,
                     const struct setting_list *overrides, uint64_t seed,
                     char why[EXPERIMENT_WHY])
{
    char complaint[EXPERIMENT_WHY];

    experiment_preset(experiment, seed);
    if (!experiment_read(experiment, path, why))
        return false;
    for (uint32_t i = 0; i < overrides->count; i++)
        if (!is_of_a_known_fault(experiment, overrides->items[i], why) ||
            !experiment_set(experiment, overrides->items[i], why))
            return false;
    if (experiment_complete(experiment, complaint))
        return true;
    snprintf(why, EXPERIMENT_WHY, "%.200s: %.300s", path, complaint);
    return false;
}

struct trial_options
experiment_trial_options(const struct experiment *experiment)
{
    struct trial_options options = {
        .start = experiment->start ? experiment->words : NULL,
        .ready_us = experiment->ready_us,
        .grace_s = (double)experiment->grace_us / 1e6,
        .may_end = experiment->may_end,
        .url = experiment->url,
        .methods = experiment->methods,
        .token = (enum token_place)experiment->token,
        .expect = experiment->expect,
        .body_bytes = experiment->body_bytes,
        .post_bytes = experiment->post_bytes,
        .load = experiment->load,
        .onslaught.monkey = { .rule = { .descendants = experiment->descendants,
                                        .pattern = experiment->pattern },
                              .radius = experiment->radius,
                              .faults = experiment->struck,
                              .fault_count = experiment->struck_count },
        .seed = experiment->seed,
        .steady_us = experiment->steady_us,
        .storm_us = experiment->storm_us,
        .after_us = experiment->after_us,
    };
    struct onslaught_options *onslaught = &options.onslaught;
    options.load.seed = experiment->seed;
    for (uint32_t i = 0; i < experiment->fault_count; i++) {
        const struct experiment_fault *fault = &experiment->faults[i];

        if (fault->kind == EXPERIMENT_REQUEST) {
            options.provoking_query = fault->query;
            onslaught->provoking_share = fault->share;
        }
        if (fault->kind == EXPERIMENT_CLIENTS)
            onslaught->plagues[onslaught->plague_count++] =
                (struct plague_options){
                    .manner = (enum plague_manner)fault->manner,
                    .connections = (uint32_t)fault->connections,
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
