/* SPDX-License-Identifier: MIT */
/*
 * story.h - one run of a supervisor through all its functions, repeated for
 * every system call that is made to fail.
 *
 * The supervisor starts, receives requests over several kinds of connections,
 * loses workers to exits, a fault and SIGKILL, promotes spares, and is stopped
 * while one client waits for an answer and another connection is idle.  Each
 * request must get exactly one complete and correct answer.  At rest the
 * supervisor must have the same descriptors as before and watch all that it
 * should.  It must end normally.
 */
#ifndef TESTS_KERNELFAULTS_STORY_H
#define TESTS_KERNELFAULTS_STORY_H

#include "tests/harness/complaint.h"
#include "tests/harness/supervisor/supervised.h"
#include "tests/kernelfaults/points.h"
#include <stdbool.h>
#include <stddef.h>

struct story {
    const char *options; /* of the supervisor, besides those of every story */
    bool connections_are_watched; /* by the supervisor, at rest (watched.h) */
    const struct fault_point *point;
    unsigned nth;       /* 0: nothing fails */
    size_t descriptors; /* expected at rest; 0: unknown, then filled in */
    /* Results. */
    unsigned calls;   /* of that kind; up to the one that failed */
    bool reached;     /* the call was made to fail */
    bool ended_early; /* exited before its port was open, which is allowed */
    struct complaint wrong;
    /* State during the run. */
    struct supervised supervised;
    struct injector injector;
    unsigned asked; /* requests sent so far */
};

void story_run(struct story *story);

#endif
