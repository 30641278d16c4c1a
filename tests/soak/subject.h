/* SPDX-License-Identifier: MIT */
/*
 * subject.h - the supervisor that is soaked, and the contents of its log.
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
    int64_t port;                     /* 0 until the log names it */
    uint64_t online;                  /* workers that ever came online */
    struct worker_stats worker_stats; /* forks, exits, resumptions, totals */
};

/*
 * Starts build/supervisor with `options` (separated by spaces) on a port that
 * the kernel chooses, and waits until `workers` workers are online.  The
 * supervisor is killed if this process dies.  Ends the program if the
 * supervisor does not start.
 */
void subject_start(struct subject *subject, const char *options,
                   unsigned workers);

/* Reads what was appended to the log since the last call. */
void subject_follow(struct subject *subject);

/* Sends SIGTERM and waits.  Returns the exit status, or -1 if a signal ended
 * the supervisor or it did not end.  worker_stats.totals is final then. */
int subject_end(struct subject *subject);

#endif
