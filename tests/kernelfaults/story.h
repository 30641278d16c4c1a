/*
 * story.h - the life of one supervisor, short and full: told again for every
 * system call that fails in it.
 *
 * It starts, is asked over connections of several kinds, loses workers to their
 * own exits, to a fault and to SIGKILL, promotes spares, and is told to stop
 * while one client waits for an answer and another for nothing.  Each client
 * must get exactly one whole right answer to each request; at rest the
 * supervisor must hold what it held before, and watch what it should watch; the
 * end is as orderly as ever.
 */
#ifndef TESTS_KERNELFAULTS_STORY_H
#define TESTS_KERNELFAULTS_STORY_H

#include "tests/harness/complaint.h"
#include "tests/harness/supervisor/supervised.h"
#include "tests/kernelfaults/points.h"
#include <stdbool.h>
#include <stddef.h>

struct story {
    const char *options; /* of the supervisor, beside those of every story */
    bool connections_are_watched; /* by the supervisor, at rest (watched.h) */
    const struct fault_point *point;
    unsigned nth;       /* 0: nothing fails */
    size_t descriptors; /* that it must hold at rest; 0: unknown, filled in */
    /* What came of it. */
    unsigned calls;   /* of that kind; where one failed, as far as it was */
    bool reached;     /* the call did fail */
    bool ended_early; /* before its port was open, as it may */
    struct complaint wrong;
    /* While it is told. */
    struct supervised supervised;
    struct injector injector;
    unsigned asked; /* requests so far: each was answered */
};

void story_tell(struct story *story);

#endif
