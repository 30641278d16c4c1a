/*
 * journal.h - the supervisor's JSON log, read while it is written.
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

/* Reads the next whole line.  False if there is none yet, also if `file` is
 * NULL; later calls go on from there. */
bool journal_next(FILE *file, struct journal_event *event);

#endif
