/* SPDX-License-Identifier: MIT */
/*
 * clock.h - monotonic time and wall time.
 *
 * Decisions must use monotonic time: wall time can be set back.  The journal
 * uses wall time.
 */
#ifndef SUPERVISOR_SYSTEM_CLOCK_H
#define SUPERVISOR_SYSTEM_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC. */
uint64_t clock_monotonic_us(void);
uint64_t clock_monotonic_ms(void);

/* CLOCK_REALTIME, since 1970-01-01 00:00 UTC. */
uint64_t clock_wall_us(void);

#endif
