/*
 * pause.h - how long to wait before a system call that failed is tried again.
 *
 * Pure.  For calls that fail because the system lacks something for a moment: a
 * free descriptor, memory.  A failure that does not persist costs a
 * millisecond; one that persists costs little CPU, because each further failure
 * doubles the pause up to a limit.
 */
#ifndef SUPERVISOR_POLICY_PAUSE_H
#define SUPERVISOR_POLICY_PAUSE_H

#include <stdint.h>

/* After the first failure. */
#define PAUSE_MIN_US UINT64_C(1000)

/* The pause after the `failures`-th consecutive failure: at most `max_us`; 0
 * for no failure. */
uint64_t pause_us(uint32_t failures, uint64_t max_us);

#endif
