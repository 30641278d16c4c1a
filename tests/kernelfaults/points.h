/*
 * points.h - which system calls of the supervisor are made to fail, and how.
 */
#ifndef TESTS_KERNELFAULTS_POINTS_H
#define TESTS_KERNELFAULTS_POINTS_H

#include "tests/kernelfaults/injector.h"
#include <stdbool.h>

/* What may be otherwise than after a run in which nothing failed. */
enum excuse {
    EXCUSE_NONE,
    EXCUSE_LAST_LINES, /* the log's end may be missing; then the status is 1 */
    EXCUSE_ZOMBIE      /* a worker may stay unreaped until the end */
};

struct fault_point {
    const char *call; /* as it is called in reports */
    struct call_kind kind;
    int error;
    const char *error_name;
    bool is_said; /* the log must tell the error's text */
    enum excuse excuse;
    const char *why; /* of silence, or of an excuse; else NULL */
};

extern const struct fault_point points[];
extern const int point_count;

#endif
