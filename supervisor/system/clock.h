/*
 * clock.h - the two clocks, which never meet.
 *
 * Decisions use monotonic time alone; wall time stands in the first column of
 * the journal and nowhere else, because an operator may set it back.
 */
#ifndef SUPERVISOR_SYSTEM_CLOCK_H
#define SUPERVISOR_SYSTEM_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC, clock_gettime(2).  Cannot fail. */
uint64_t clock_monotonic_us(void);
uint64_t clock_monotonic_ms(void);

/* Microseconds since the epoch, CLOCK_REALTIME. */
uint64_t clock_wall_us(void);

#endif
