/*
 * interrupt.h - Ctrl-C, a SIGTERM or the end of the time: asked for, never
 * striking in between, so that every way out is the same one.
 */
#ifndef TESTS_BENCH_INTERRUPT_H
#define TESTS_BENCH_INTERRUPT_H

#include <stdbool.h>

/* Blocks SIGINT, SIGTERM, SIGHUP and SIGALRM, and has SIGALRM come after
 * `seconds`. */
void interrupt_block(unsigned seconds);

/* In a child, before exec: lets them through again. */
void interrupt_unblock(void);

/* Has one of them come?  Stays true. */
bool interrupt_pending(void);

/* "interrupted", or "out of time" for SIGALRM.  Static. */
const char *interrupt_name(void);

#endif
