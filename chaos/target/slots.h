/* SPDX-License-Identifier: MIT */
/*
 * slots.h - maps slots of a supervisor to processes, from its log.
 *
 * Pure.
 */
#ifndef CHAOS_TARGET_SLOTS_H
#define CHAOS_TARGET_SLOTS_H

#include "chaos/target/log_reader.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SLOTS_MAX 1024 /* slots 1 to SLOTS_MAX are tracked */

/* Empty when all zero. */
struct slots {
    pid_t pids[SLOTS_MAX + 1];       /* 0: empty */
    bool were_logged[SLOTS_MAX + 1]; /* the log has mentioned the slot */
};

void slots_log_event(struct slots *slots, const struct log_event *event);

/* Whether the log has mentioned the slot. */
bool slots_known(const struct slots *slots, int64_t slot);

/* The process in the slot now; 0: none, or not known. */
pid_t slots_pid(const struct slots *slots, int64_t slot);

/* The slot of `pid`; 0: none, or not known. */
int64_t slots_slot(const struct slots *slots, pid_t pid);

#endif
