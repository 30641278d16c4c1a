/* SPDX-License-Identifier: MIT */
/*
 * clock.h - the clocks of both programs.
 *
 * Decisions must use monotonic time: wall time can be set back.  The journal
 * uses wall time.
 */
#ifndef WORKER_CLOCK_H
#define WORKER_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC. */
uint64_t clock_monotonic_us(void);
uint64_t clock_monotonic_ms(void);

/* The time since the start of the machine, including suspension. */
uint64_t clock_boot_us(void);

/* Processor time that this process has used. */
uint64_t clock_process_us(void);

/* CLOCK_REALTIME, since 1970-01-01 00:00 UTC. */
uint64_t clock_wall_us(void);

#endif
