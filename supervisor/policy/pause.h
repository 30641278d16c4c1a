/* SPDX-License-Identifier: MIT */
/*
 * pause.h - how long to wait before a failed system call is retried.
 *
 * Pure.  For calls that fail because of a temporary lack of descriptors or
 * memory.  Each further failure doubles the pause.
 */
#ifndef SUPERVISOR_POLICY_PAUSE_H
#define SUPERVISOR_POLICY_PAUSE_H

#include <stdint.h>

/* After the first failure. */
#define PAUSE_MIN_US UINT64_C(1000)

/* Returns the pause after `failures` consecutive failures, at most `max_us`; 0
 * for 0 failures. */
uint64_t pause_us(uint32_t failures, uint64_t max_us);

#endif
