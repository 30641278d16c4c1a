/*
 * subject.h - the supervisor that is soaked, and what its log has told so far.
 */
#ifndef TESTS_SOAK_SUBJECT_H
#define TESTS_SOAK_SUBJECT_H

#include "chaos/target/log_reader.h"
#include "chaos/target/worker_stats.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct subject {
    pid_t pid;
    FILE *log;
    struct log_reader reader;
    int64_t port;                     /* 0 until the log tells */
    uint64_t online;                  /* workers that have come online, ever */
    struct worker_stats worker_stats; /* forks, exits, take-ups, totals */
};

/*
 * Starts build/supervisor with `options` (words parted by blanks) on a port
 * that the kernel chooses, and waits until it has `workers` workers online.
 * It dies with us.  Ends the program if it does not start.
 */
void subject_start(struct subject *subject, const char *options,
                   unsigned workers);

/* Takes in what its log has told since. */
void subject_follow(struct subject *subject);

/* SIGTERM; returns its exit status, or -1 if a signal ended it or it does not
 * end.  worker_stats.totals is its last word then. */
int subject_end(struct subject *subject);

#endif
