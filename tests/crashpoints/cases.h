/*
 * cases.h - what is asked, and of which supervisor, while workers die.
 */
#ifndef TESTS_CRASHPOINTS_CASES_H
#define TESTS_CRASHPOINTS_CASES_H

#include "tests/crashpoints/visit.h"
#include <stdbool.h>

/* A way of running the supervisor, and of coming to it. */
struct trial_setting {
    const char *name;
    const char *options;
    bool used; /* the connection has had an answer before */
};

extern const struct trial_setting case_settings[];
extern const int case_setting_count;

/* The requests whose answers stand in the send queue at once, then those that
 * take long. */
extern const struct script case_scripts[];
extern const int case_script_count, case_small_script_count;

/* Script and setting of the i-th pair; `scripts` says how many of the scripts
 * take part. */
const struct script *case_script(int index);
const struct trial_setting *case_setting(int index);

#endif
