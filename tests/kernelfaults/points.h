/* SPDX-License-Identifier: MIT */
/*
 * points.h - the system calls of the supervisor that are made to fail.
 */
#ifndef TESTS_KERNELFAULTS_POINTS_H
#define TESTS_KERNELFAULTS_POINTS_H

#include "tests/kernelfaults/injector.h"
#include <stdbool.h>

/* How the result may differ from a run without failures. */
enum excuse {
    EXCUSE_NONE,
    EXCUSE_LAST_LINES, /* the end of the log may be missing; then the status is
                          1 */
    EXCUSE_ZOMBIE      /* a worker may stay unreaped until the end */
};

struct fault_point {
    const char *call; /* its name in reports */
    struct call_kind kind;
    int error;
    const char *error_name;
    bool must_be_logged; /* the log must contain the text of the error */
    enum excuse excuse;
    const char *why; /* why it is not logged, or excused; else NULL */
};

extern const struct fault_point points[];
extern const int point_count;

#endif
