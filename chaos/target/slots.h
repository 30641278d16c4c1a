/*
 * slots.h - which process sits in which slot of a supervisor, as its log tells.
 *
 * Pure.
 */
#ifndef CHAOS_TARGET_SLOTS_H
#define CHAOS_TARGET_SLOTS_H

#include "chaos/target/log_reader.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SLOTS_MAX 1024 /* slots from 1 up to this are known */

/* Empty when all zero. */
struct slots {
    pid_t pids[SLOTS_MAX + 1]; /* 0: empty */
    bool told[SLOTS_MAX + 1];  /* there is such a slot */
};

void slots_log_event(struct slots *slots, const struct log_event *log_event);

/* Whether the log told of that slot at all. */
bool slots_known(const struct slots *slots, int64_t slot);

/* Who sits there now; 0: nobody, or not known. */
pid_t slots_pid(const struct slots *slots, int64_t slot);

/* Where `pid` sits; 0: in no slot that is known. */
int64_t slots_slot(const struct slots *slots, pid_t pid);

#endif
