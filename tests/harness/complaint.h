/* SPDX-License-Identifier: MIT */
/*
 * complaint.h - records a failure where a test cannot fail immediately: in a
 * thread, or before it has printed how to repeat it.
 */
#ifndef TESTS_HARNESS_COMPLAINT_H
#define TESTS_HARNESS_COMPLAINT_H

#include <stdbool.h>

/* An empty string: no failure. */
struct complaint {
    char words[3000];
};

bool complained(const struct complaint *complaint);

/* Keeps only the first failure, which caused the others. */
__attribute__((format(printf, 2, 3))) void complain(struct complaint *complaint,
                                                    const char *format, ...);

#endif
