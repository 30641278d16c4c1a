/* SPDX-License-Identifier: MIT */
/* check.c - whether the keys of an experiment fit together; see
 * internal.h. */
#include "chaos/experiment/internal.h"
#include "worker/units.h"
#include <string.h>

/* The text lives until the end of the enclosing block. */
#define TIME(us) units_write_time((char[24]){ "" }, 24, us)

/* ---- Faults that could have no effect --------------------------------- */

static bool check_span(struct experiment *experiment, const struct fault *fault,
                       char why[EXPERIMENT_WHY])
{
    if (fault->start_us >= experiment->trial.fault_us)
        return experiment_refuse(experiment, "fault", fault, "start", why,
                                 "the fault phase lasts %s (allowed: less)",
                                 TIME(experiment->trial.fault_us));
    if (fault->end_us <= fault->start_us)
        return experiment_refuse(experiment, "fault", fault, "end", why,
                                 "the fault starts at %s (allowed: more)",
                                 TIME(fault->start_us));
    return true;
}

static bool check_interval(struct experiment *experiment,
                           const struct fault *fault, char why[EXPERIMENT_WHY])
{
    uint64_t span_us = fault->end_us - fault->start_us;
    /* The first injection of a ramp occurs by sqrt(2 * interval * span). */
    uint64_t max_us = fault->timing == TIMING_RAMP ? span_us / 2 : span_us;

    if (fault->interval_us < max_us)
        return true;
    return experiment_refuse(
        experiment, "fault", fault, "interval", why,
        "no injection would occur within %s (allowed: less "
        "than %s)",
        TIME(span_us), TIME(max_us));
}

static bool check_victim(struct experiment *experiment,
                         const struct fault *fault, char why[EXPERIMENT_WHY])
{
    if (fault->timing == TIMING_ROLLING && fault->victim != CHOOSE_RANDOM &&
        fault->victim != CHOOSE_SLOT && fault->victim != CHOOSE_ROOT)
        return experiment_refuse(experiment, "fault", fault, "victim", why,
                                 "schedule = rolling chooses victims in turn "
                                 "(allowed: random, slot or root)");
    if (fault->victim != CHOOSE_SLOT)
        return true;
    if (!experiment->start)
        return experiment_refuse(
            experiment, "fault", fault, "victim", why,
            "slots are known only from the log of a target "
            "that chaos starts (allowed: any other victim)");
    if (fault->slot == 0)
        return experiment_refuse(experiment, "fault", fault, "slot", why,
                                 "victim = slot requires a slot (allowed: 1 to "
                                 "%d)",
                                 SLOTS_MAX);
    return true;
}

static bool check_process_fault(struct experiment *experiment,
                                const struct fault *fault,
                                char why[EXPERIMENT_WHY])
{
    if ((fault->kind == FAULT_MEMORY || fault->kind == FAULT_FILES) &&
        fault->limit == 0)
        return experiment_refuse(
            experiment, "fault", fault, "limit", why,
            "kind = %s requires a limit (allowed: 1 %s or more)",
            fault_kind_names[fault->kind],
            fault->kind == FAULT_MEMORY ? "byte" : "descriptor");
    return check_interval(experiment, fault, why) &&
           check_victim(experiment, fault, why);
}

static bool check_request(struct experiment *experiment,
                          const struct fault *fault, char why[EXPERIMENT_WHY])
{
    for (const struct fault *other = experiment->trial.faults.list;
         other < fault; other++)
        if (other->kind == FAULT_REQUEST)
            return experiment_refuse(
                experiment, "fault", fault, "kind", why,
                "fault %.40s is of this kind already (allowed: "
                "one)",
                other->name);
    if (!fault->query)
        return experiment_refuse(experiment, "fault", fault, "query", why,
                                 "kind = request requires a query, such as "
                                 "fault=segv");
    if (fault->share <= 0)
        return experiment_refuse(experiment, "fault", fault, "share", why,
                                 "no request would ask for the fault (allowed: "
                                 "more than 0, up to 1)");
    return true;
}

bool experiment_check_faults(struct experiment *experiment,
                             char why[EXPERIMENT_WHY])
{
    for (uint32_t i = 0; i < experiment->trial.faults.count; i++) {
        const struct fault *fault = &experiment->trial.faults.list[i];

        if (!check_span(experiment, fault, why))
            return false;
        if (fault->kind < FAULT_PROCESS_KINDS &&
            !check_process_fault(experiment, fault, why))
            return false;
        if (fault->kind == FAULT_REQUEST &&
            !check_request(experiment, fault, why))
            return false;
    }
    return true;
}

/* ---- The rest ----------------------------------------------------------- */

bool experiment_check_abort(struct experiment *experiment,
                            char why[EXPERIMENT_WHY])
{
    if (experiment->trial.abort_availability <= 0 ||
        experiment->trial.abort_for_us < experiment->trial.fault_us)
        return true;
    return experiment_refuse(experiment, "abort", NULL, "for", why,
                             "the fault phase would end before (allowed: less "
                             "than %s)",
                             TIME(experiment->trial.fault_us));
}

bool experiment_check_target(struct experiment *experiment,
                             char why[EXPERIMENT_WHY])
{
    uint64_t pid;

    if (!experiment->trial.url)
        return experiment_refuse(experiment, "target", NULL, "url", why,
                                 "missing (allowed: http://HOST:PORT/)");
    if ((experiment->start != NULL) + (experiment->pid != NULL) +
            (experiment->pidfile != NULL) >
        1)
        return experiment_refuse(
            experiment, "target", NULL,
            experiment->pidfile && !(experiment->start && experiment->pid)
                ? "pidfile"
                : "pid",
            why,
            "start, pid and pidfile are alternatives (allowed: one of them)");
    if (!experiment->start && !experiment->pid && !experiment->pidfile &&
        faults_hit_processes(&experiment->trial.faults))
        return experiment_refuse(
            experiment, "target", NULL, "start", why,
            "the faults need a target (allowed: start, pid "
            "or pidfile)");
    if (experiment->pid &&
        (!units_count(experiment->pid, strlen(experiment->pid), &pid) ||
         pid == 0))
        return experiment_refuse(experiment, "target", NULL, "pid", why,
                                 "not a process ID (allowed: a whole number "
                                 "from 1)");
    return true;
}
