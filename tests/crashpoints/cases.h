/* SPDX-License-Identifier: MIT */
/*
 * cases.h - the requests and supervisor options that are tried.
 */
#ifndef TESTS_CRASHPOINTS_CASES_H
#define TESTS_CRASHPOINTS_CASES_H

#include "tests/crashpoints/visit.h"
#include <stdbool.h>

struct trial_setting {
    const char *name;
    const char *options;
    bool used; /* the connection has carried a request before */
};

extern const struct trial_setting case_settings[];
extern const int case_setting_count;

/* First the scripts whose responses fit into the send queue, then the slow
 * ones. */
extern const struct script case_scripts[];
extern const int case_script_count, case_small_script_count;

/* Script and setting of the i-th pair. */
const struct script *case_script(int index);
const struct trial_setting *case_setting(int index);

#endif
