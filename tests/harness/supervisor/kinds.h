/* SPDX-License-Identifier: MIT */
/*
 * kinds.h - what max promises are about, as options: a test is repeated for
 * each kind of worker, or of handoff.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_KINDS_H
#define TESTS_HARNESS_SUPERVISOR_KINDS_H

/* Two workers, that go after each response, that stay, or that stay and accept
 * their connections themselves. */
#define KINDS 3
extern const char *const kinds[KINDS];

/* The first of them only: of the last one a connection ends with its worker. */
#define KINDS_KEPT 2

/* Both kinds of handoff, to workers that stay, and to those that go. */
#define HANDOFFS 4
extern const char *const handoffs[HANDOFFS];

/* The first of them only: to workers that stay. */
#define HANDOFFS_STAYING 2

#endif
