/* check.c - each key of an experiment beside the others; see
 * internal.h. */
#include "chaos/experiment/internal.h"
#include "worker/units.h"
#include <string.h>

static bool is_process_fault(const struct experiment_fault *fault)
{
    return fault->kind < EXPERIMENT_REQUEST;
}

/* ---- Faults that could hit nobody ------------------------------------ */

/* When the faults, or this one of them, are over. */
static uint64_t end_of(const struct experiment *experiment,
                       const struct experiment_fault *fault)
{
    return fault->end_us && fault->end_us < experiment->fault_us
               ? fault->end_us
               : experiment->fault_us;
}

static bool check_span(struct experiment *experiment,
                       const struct experiment_fault *fault,
                       char why[EXPERIMENT_WHY])
{
    char from[24], max[24];

    units_write_time(from, sizeof(from), fault->start_us);
    units_write_time(max, sizeof(max), experiment->fault_us);
    if (fault->start_us >= experiment->fault_us)
        return experiment_refuse(experiment, "fault", fault, "start", why,
                                 "the faults last no longer than %s; allowed "
                                 "is less",
                                 max);
    if (fault->end_us > 0 && fault->end_us <= fault->start_us)
        return experiment_refuse(experiment, "fault", fault, "end", why,
                                 "it begins not before %s; allowed is more",
                                 from);
    return true;
}

static bool check_interval(struct experiment *experiment,
                           const struct experiment_fault *fault,
                           char why[EXPERIMENT_WHY])
{
    uint64_t span_us = end_of(experiment, fault) - fault->start_us;
    /* The first injection of a ramp falls by sqrt(2 * interval * span). */
    uint64_t max_us = fault->timing == TIMING_RAMP ? span_us / 2 : span_us;
    char span[24], max[24];

    if (fault->interval_us < max_us)
        return true;
    units_write_time(span, sizeof(span), span_us);
    units_write_time(max, sizeof(max), max_us);
    return experiment_refuse(experiment, "fault", fault, "interval", why,
                             "no injection would occur in the %s that it has; "
                             "allowed is less than %s",
                             span, max);
}

/* On a round, each has its turn. */
static bool check_victim(struct experiment *experiment,
                         const struct experiment_fault *fault,
                         char why[EXPERIMENT_WHY])
{
    if (fault->timing == TIMING_ROLLING && fault->victim != CHOOSE_RANDOM &&
        fault->victim != CHOOSE_SLOT && fault->victim != CHOOSE_ROOT)
        return experiment_refuse(experiment, "fault", fault, "victim", why,
                                 "schedule = rolling hits one after the "
                                 "other; allowed beside it are random, slot "
                                 "and root");
    if (fault->victim != CHOOSE_SLOT)
        return true;
    if (!experiment->start)
        return experiment_refuse(experiment, "fault", fault, "victim", why,
                                 "only a target that is started here can tell "
                                 "its slots, in its log; any other choice is "
                                 "allowed");
    if (fault->slot == 0)
        return experiment_refuse(experiment, "fault", fault, "slot", why,
                                 "victim = slot wants one, from 1 to %d",
                                 SLOTS_MAX);
    return true;
}

static bool check_process_fault(struct experiment *experiment,
                                const struct experiment_fault *fault,
                                char why[EXPERIMENT_WHY])
{
    if ((fault->kind == EXPERIMENT_MEMORY || fault->kind == EXPERIMENT_FILES) &&
        fault->limit == 0)
        return experiment_refuse(
            experiment, "fault", fault, "limit", why,
            "kind = %s wants one, from 1 %s",
            monkey_fault_kind_names[fault->kind],
            fault->kind == EXPERIMENT_MEMORY ? "byte" : "descriptor");
    return check_interval(experiment, fault, why) &&
           check_victim(experiment, fault, why);
}

static bool check_request(struct experiment *experiment,
                          const struct experiment_fault *fault,
                          char why[EXPERIMENT_WHY])
{
    for (const struct experiment_fault *other = experiment->faults;
         other < fault; other++)
        if (other->kind == EXPERIMENT_REQUEST)
            return experiment_refuse(experiment, "fault", fault, "kind", why,
                                     "only one fault may be so, and %.40s is "
                                     "already",
                                     other->name);
    if (!fault->query)
        return experiment_refuse(experiment, "fault", fault, "query", why,
                                 "kind = request wants one, such as "
                                 "fault=segv");
    if (fault->share <= 0)
        return experiment_refuse(experiment, "fault", fault, "share", why,
                                 "no request would ask for the fault; allowed "
                                 "is more than 0, to 1");
    return true;
}

bool experiment_check_faults(struct experiment *experiment,
                             char why[EXPERIMENT_WHY])
{
    for (uint32_t i = 0; i < experiment->fault_count; i++) {
        const struct experiment_fault *fault = &experiment->faults[i];

        if (!check_span(experiment, fault, why))
            return false;
        if (is_process_fault(fault) &&
            !check_process_fault(experiment, fault, why))
            return false;
        if (fault->kind == EXPERIMENT_REQUEST &&
            !check_request(experiment, fault, why))
            return false;
    }
    return true;
}

/* ---- The rest ----------------------------------------------------------- */

bool experiment_check_abort(struct experiment *experiment,
                            char why[EXPERIMENT_WHY])
{
    char max[24];

    if (experiment->abort_availability <= 0 ||
        experiment->abort_for_us < experiment->fault_us)
        return true;
    units_write_time(max, sizeof(max), experiment->fault_us);
    return experiment_refuse(experiment, "abort", NULL, "for", why,
                             "the faults would be over before; allowed is less "
                             "than %s",
                             max);
}

/* Some fault hits processes. */
static bool injects_any(const struct experiment *experiment)
{
    for (uint32_t i = 0; i < experiment->fault_count; i++)
        if (is_process_fault(&experiment->faults[i]))
            return true;
    return false;
}

bool experiment_check_target(struct experiment *experiment,
                             char why[EXPERIMENT_WHY])
{
    uint64_t pid;

    if (!experiment->url)
        return experiment_refuse(experiment, "target", NULL, "url", why,
                                 "it is missing; allowed is http://HOST:PORT/");
    if (experiment->start && (experiment->pid || experiment->pidfile))
        return experiment_refuse(experiment, "target", NULL,
                                 experiment->pid ? "pid" : "pidfile", why,
                                 "start, pid and pidfile are alternatives; "
                                 "allowed is one");
    if (experiment->pid && experiment->pidfile)
        return experiment_refuse(experiment, "target", NULL, "pidfile", why,
                                 "start, pid and pidfile are alternatives; "
                                 "allowed is one");
    if (!experiment->start && !experiment->pid && !experiment->pidfile &&
        injects_any(experiment))
        return experiment_refuse(experiment, "target", NULL, "start", why,
                                 "it is missing, or pid, or pidfile: whom "
                                 "should the faults hit?");
    if (experiment->pid &&
        (!units_count(experiment->pid, strlen(experiment->pid), &pid) ||
         pid == 0))
        return experiment_refuse(experiment, "target", NULL, "pid", why,
                                 "no number of a process; allowed is a whole "
                                 "number from 1");
    return true;
}
