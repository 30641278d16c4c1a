/* SPDX-License-Identifier: MIT */
/*
 * trace.h - runs another process from one stop to the next.
 *
 * Uses ptrace(2) and knows nothing about workers.  A tracee is stopped, or runs
 * to its next stop.  Only the thread that seized a tracee may call these
 * functions for it.  Any error fails the test.
 */
#ifndef TESTS_CRASHPOINTS_TRACE_H
#define TESTS_CRASHPOINTS_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct tracee {
    pid_t pid;    /* 0: not traced, or gone */
    bool stopped; /* false: running */
    int signal;   /* of the last stop, WSTOPSIG() of waitpid(2) */
};

enum trace_stop {
    TRACE_NONE,  /* still running */
    TRACE_ENTRY, /* before a system call */
    TRACE_EXIT,  /* after a system call */
    TRACE_OTHER, /* after a single step, or for another reason */
    TRACE_GONE   /* ended, and not traced any more */
};

/* Seizes `pid` and stops it; a call that it sleeps in returns EINTR. */
void trace_seize(struct tracee *tracee, pid_t pid);

/* Lets a stopped tracee run to the next entry or exit of a system call. */
void trace_run_to_call(struct tracee *tracee);

/* Returns what stopped a running tracee, or TRACE_NONE.  Does not wait. */
enum trace_stop trace_poll(struct tracee *tracee);

/* Waits until a running tracee stops or ends; in the latter case its parent
 * must still reap it. */
enum trace_stop trace_await(struct tracee *tracee);

/*
 * Lets a stopped tracee execute up to `max` instructions, but none that enters
 * the kernel.  Returns the number executed; the tracee is stopped again, or
 * gone.
 */
uint64_t trace_step(struct tracee *tracee, uint64_t max);

/* Of a tracee stopped at an entry: the number of the system call. */
int trace_call_number(const struct tracee *tracee);

/* Of a tracee stopped at an entry: the n-th argument, from 0. */
uint64_t trace_call_argument(const struct tracee *tracee, unsigned n);

/* Of a tracee stopped at an entry: makes the kernel skip the call. */
void trace_skip_call(const struct tracee *tracee);

/* Of a tracee stopped at an exit: sets the result of the call. */
void trace_set_result(const struct tracee *tracee, long result);

/* The address of the next instruction of a stopped tracee. */
uint64_t trace_program_counter(const struct tracee *tracee);

/* Ends a stopped tracee with `signal`, whose action must be to terminate;
 * returns when it has ended.  With a signal other than SIGKILL, the tracee
 * first executes a call that it is about to enter. */
void trace_kill(struct tracee *tracee, int signal);

/* Detaches from the tracee, stopped or running, which continues. */
void trace_release(struct tracee *tracee);

#endif
