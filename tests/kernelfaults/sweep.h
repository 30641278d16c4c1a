/*
 * sweep.h - each system call of the supervisor fails once, whichever it is, and
 * no client notices.
 *
 * POINTS=N tries N of each kind, evenly spread; POINTS=0 all.  What was tried
 * is written to build/kernelfaults/, for whoever ran the tests: suites print
 * nothing themselves while all is well.
 */
#ifndef TESTS_KERNELFAULTS_SWEEP_H
#define TESTS_KERNELFAULTS_SWEEP_H

#include <stdbool.h>

struct sweep {
    const char *name;             /* of the kind of handoff, and of the test */
    const char *options;          /* of the supervisor */
    bool connections_are_watched; /* as in story.h */
};

/* What main() does.  With the number of a row of points.c, only that; with that
 * of a call behind it, only this; with "2/3", the second third of the rows. */
int sweep_run(const struct sweep *sweep, int argc, char **argv);

#endif
