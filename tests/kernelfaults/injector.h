/* SPDX-License-Identifier: MIT */
/*
 * injector.h - makes chosen system calls of a running process fail.
 *
 * The process is traced with ptrace(2): a call that must fail is skipped, and
 * its caller gets the error (trace.h).  The program and its libraries are
 * unmodified.
 *
 * The tracing runs in its own thread, so that the test can be a client at the
 * same time.  While it runs, no other thread may wait for the process.
 */
#ifndef TESTS_KERNELFAULTS_INJECTOR_H
#define TESTS_KERNELFAULTS_INJECTOR_H

#include "supervisor/policy/random.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Calls by number; if `argument` is not -1, only those whose argument with that
 * index (from 0) is `value`. */
struct call_kind {
    long number;
    int argument;
    uint64_t value;
};

struct injector {
    pid_t pid;
    struct call_kind kind;
    int error;    /* errno of a call that fails */
    unsigned nth; /* this call fails, from 1; 0: none */
    pthread_t thread;
    atomic_uint seen;    /* calls of this kind so far */
    atomic_uint failed;  /* calls that were made to fail */
    atomic_bool failing; /* while true, every call fails */
    atomic_uint one_in; /* each call fails with probability 1/one_in; 0: none */
    struct random random; /* for one_in; used only by the thread */
    atomic_bool stopping; /* asks the thread to detach */
    atomic_bool over;     /* the thread does not trace any more */
};

/*
 * Traces `pid`, a child of the caller that has stopped itself (SIGSTOP), and
 * lets it run.  With a non-zero `nth`, detaches as soon as that call has
 * failed.
 */
void injector_start(struct injector *injector, pid_t pid,
                    const struct call_kind *kind, int error, unsigned nth);

/* The same for a running process, which need not be a child of the caller.
 * Calls that the process makes before the tracing begins do not fail. */
void injector_attach(struct injector *injector, pid_t pid,
                     const struct call_kind *kind, int error, unsigned nth);

/* Returns whether the injector has detached, or the process has ended. */
bool injector_is_over(struct injector *injector);

/* Detaches from the process; returns when that is done. */
void injector_stop(struct injector *injector);

#endif
