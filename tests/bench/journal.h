/* SPDX-License-Identifier: MIT */
/*
 * journal.h - reads the supervisor's JSON log while it is written.
 */
#ifndef TESTS_BENCH_JOURNAL_H
#define TESTS_BENCH_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct journal_event {
    double time; /* seconds since the epoch */
    char event[24];
    int slot, pid; /* -1: none */
    int port;
};

/* Reads the next complete line.  Returns false if there is none yet, or if
 * `file` is NULL; call again later. */
bool journal_next(FILE *file, struct journal_event *event);

#endif
