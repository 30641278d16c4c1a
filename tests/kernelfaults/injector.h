/*
 * injector.h - system calls of a running process that fail, as we please.
 *
 * The process is traced at the kernel's edge: a call that is to fail is never
 * made, and its caller is told the error (trace.h).  So it is the program as it
 * is built for users that is tried, with its libraries, and nothing in it
 * knows.
 *
 * Everything runs in a thread of its own, so that the test may be a client
 * meanwhile.  As long as that thread traces, nobody else may wait for the
 * process.
 */
#ifndef TESTS_KERNELFAULTS_INJECTOR_H
#define TESTS_KERNELFAULTS_INJECTOR_H

#include "supervisor/policy/random.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Which calls: by number, and if `argument` is not -1, only those that are
 * given `value` as that one (from 0). */
struct call_kind {
    long number;
    int argument;
    uint64_t value;
};

struct injector {
    pid_t pid;
    struct call_kind kind;
    int error;    /* what a call that is made to fail sets errno to */
    unsigned nth; /* that of them fails; 0: none */
    pthread_t thread;
    atomic_uint seen;    /* calls of that kind so far */
    atomic_uint failed;  /* of those, made to fail */
    atomic_bool failing; /* every one fails, as long as this says so */
    atomic_uint one_in;  /* each fails with a chance of 1 in so many; 0: none */
    struct random random; /* decides that; used by the thread alone */
    atomic_bool stopping; /* is to let go */
    atomic_bool over;     /* traces no more */
};

/*
 * Traces `pid`, which has stopped itself (SIGSTOP), and lets it run.  With an
 * `nth` it lets go of it as soon as that call has failed.
 */
void injector_start(struct injector *injector, pid_t pid,
                    const struct call_kind *kind, int error, unsigned nth);

/* The same for a process that runs, child of the caller or not.  Calls that the
 * process makes before the tracing begins do not fail. */
void injector_attach(struct injector *injector, pid_t pid,
                     const struct call_kind *kind, int error, unsigned nth);

/* Does it trace no more?  Then it has let go, or the process has ended. */
bool injector_is_over(struct injector *injector);

/* Lets go of the process, and waits until it has. */
void injector_stop(struct injector *injector);

#endif
