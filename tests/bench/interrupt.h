/* SPDX-License-Identifier: MIT */
/*
 * interrupt.h - Ctrl-C, SIGTERM and the time limit: the signals are blocked and
 * polled, so that the program always ends in the same way.
 */
#ifndef TESTS_BENCH_INTERRUPT_H
#define TESTS_BENCH_INTERRUPT_H

#include <stdbool.h>

/* Blocks SIGINT, SIGTERM, SIGHUP and SIGALRM; SIGALRM is sent after
 * `seconds`. */
void interrupt_block(unsigned seconds);

/* Unblocks the signals; for a child before exec. */
void interrupt_unblock(void);

/* Returns whether one of them is pending.  Stays true. */
bool interrupt_pending(void);

/* "interrupted", or "out of time" for SIGALRM.  Static. */
const char *interrupt_name(void);

#endif
