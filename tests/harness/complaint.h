/* SPDX-License-Identifier: MIT */
/*
 * complaint.h - what went wrong, where a test cannot just fail: in a thread, or
 * before it has said how to see it again.
 */
#ifndef TESTS_HARNESS_COMPLAINT_H
#define TESTS_HARNESS_COMPLAINT_H

#include <stdbool.h>

/* Beginning with 0: none. */
struct complaint {
    char words[3000];
};

bool complained(const struct complaint *complaint);

/* Only the first is kept: it is the cause. */
__attribute__((format(printf, 2, 3))) void complain(struct complaint *complaint,
                                                    const char *format, ...);

#endif
