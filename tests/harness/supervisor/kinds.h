/* SPDX-License-Identifier: MIT */
/*
 * kinds.h - options for which tests are repeated: each kind of worker, or of
 * handoff.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_KINDS_H
#define TESTS_HARNESS_SUPERVISOR_KINDS_H

/* Two workers that exit after each response, that stay, or that stay and accept
 * connections themselves. */
#define KINDS 3
extern const char *const kinds[KINDS];

/* Only the first kinds: with the last one, a connection ends with its worker.
 */
#define KINDS_KEPT 2

/* Both kinds of handoff, with workers that stay and workers that exit. */
#define HANDOFFS 4
extern const char *const handoffs[HANDOFFS];

/* Only the first kinds, with workers that stay. */
#define HANDOFFS_STAYING 2

#endif
