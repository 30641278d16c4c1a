/* SPDX-License-Identifier: MIT */
/*
 * command_line.h - parses a command line and keeps the output.
 *
 * For the tests of options.h and explain.h.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_COMMAND_LINE_H
#define TESTS_HARNESS_SUPERVISOR_COMMAND_LINE_H

#include "supervisor/options/options.h"

struct typed {
    struct options options; /* its strings point into `words` */
    enum options_outcome outcome;
    char *out, *err; /* the output, freed by typed_free() */
    char *words;
};

/* Parses the options in `line`, whose words are separated by single blanks; two
 * blanks enclose an empty word. */
struct typed type(const char *line);
void typed_free(struct typed *typed);

#endif
