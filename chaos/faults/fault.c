/* SPDX-License-Identifier: MIT */
/* fault.c - see fault.h. */
#include "chaos/faults/fault.h"
#include "supervisor/policy/signal_name.h"
#include <string.h>

const char *const fault_kind_names[FAULT_KINDS + 1] = {
    [FAULT_SIGNAL] = "signal",   [FAULT_STOP] = "stop",
    [FAULT_SLOW] = "slow",       [FAULT_MEMORY] = "memory",
    [FAULT_FILES] = "files",     [FAULT_REQUEST] = "request",
    [FAULT_CLIENTS] = "clients",
};

const char *const timing_names[TIMINGS + 1] = {
    [TIMING_EVERY] = "every", [TIMING_POISSON] = "poisson",
    [TIMING_BURST] = "burst", [TIMING_ROLLING] = "rolling",
    [TIMING_ONCE] = "once",   [TIMING_RAMP] = "ramp",
};

const char *const victim_choice_names[VICTIM_CHOICES + 1] = {
    [CHOOSE_RANDOM] = "random",     [CHOOSE_NEWEST] = "newest",
    [CHOOSE_OLDEST] = "oldest",     [CHOOSE_BUSIEST] = "busiest",
    [CHOOSE_STARTING] = "starting", [CHOOSE_ALL] = "all",
    [CHOOSE_SLOT] = "slot",         [CHOOSE_ROOT] = "root",
};

const char *const client_behaviour_names[CLIENT_BEHAVIOURS + 1] = {
    [CLIENT_SLOW] = "slow",   [CLIENT_SILENT] = "silent",
    [CLIENT_DEAF] = "deaf",   [CLIENT_HALF_CLOSE] = "half-close",
    [CLIENT_ABORT] = "abort",
};

int fault_named(const struct fault_options *options, const char *name,
                size_t length)
{
    for (uint32_t i = 0; i < options->count; i++)
        if (strncmp(options->list[i].name, name, length) == 0 &&
            options->list[i].name[length] == '\0')
            return (int)i;
    return -1;
}

const struct fault *fault_of_kind(const struct fault_options *options,
                                  enum fault_kind kind)
{
    for (uint32_t i = 0; i < options->count; i++)
        if (options->list[i].kind == kind)
            return &options->list[i];
    return NULL;
}

bool faults_hit_processes(const struct fault_options *options)
{
    for (uint32_t i = 0; i < options->count; i++)
        if (options->list[i].kind < FAULT_PROCESS_KINDS)
            return true;
    return false;
}

const char *fault_verb(const struct fault *fault)
{
    return fault->kind == FAULT_SIGNAL ? signal_abbreviation(fault->signal)
                                       : fault_kind_names[fault->kind];
}
