/* SPDX-License-Identifier: MIT */
/*
 * sweep.h - any single system call of the supervisor fails once, and no client
 * notices.
 *
 * POINTS=N tries N calls of each kind, evenly spread; POINTS=0 tries all.
 * Writes what was tried to build/kernelfaults/; a suite that passes prints
 * nothing itself.
 */
#ifndef TESTS_KERNELFAULTS_SWEEP_H
#define TESTS_KERNELFAULTS_SWEEP_H

#include <stdbool.h>

struct sweep {
    const char *name;             /* of the test and of the handoff */
    const char *options;          /* of the supervisor */
    bool connections_are_watched; /* as in story.h */
};

/* The body of main().  Arguments: none for all rows of points.c; ROW for one
 * row; ROW CALL for one call of it; "2/3" for the second third of the rows. */
int sweep_run(const struct sweep *sweep, int argc, char **argv);

#endif
