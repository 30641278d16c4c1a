/* SPDX-License-Identifier: MIT */
/*
 * command_line.h - a command line, typed, and what came of it.
 *
 * For the tests of options.h and explain.h.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_COMMAND_LINE_H
#define TESTS_HARNESS_SUPERVISOR_COMMAND_LINE_H

#include "supervisor/options/options.h"

struct typed {
    struct options options; /* its strings point into `words` */
    enum options_outcome outcome;
    char *out, *err; /* what was printed, freed by typed_free() */
    char *words;
};

/* Reads the options in `line`, words between single blanks; a pair of blanks
 * is an empty word. */
struct typed type(const char *line);
void typed_free(struct typed *typed);

#endif
