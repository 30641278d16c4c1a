/*
 * trace.h - another process, run from one stop to the next.
 *
 * Everything here is ptrace(2): it knows nothing of workers.  A tracee is
 * stopped or runs to its next stop; only the thread that seized it may call
 * any of this.  Whatever the system refuses fails the test.
 */
#ifndef TESTS_CRASHPOINTS_TRACE_H
#define TESTS_CRASHPOINTS_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct tracee {
    pid_t pid;    /* 0: not traced, or gone */
    bool stopped; /* else it runs */
    int signal;   /* what it stopped for last, as waitpid(2) has it */
};

enum trace_stop {
    TRACE_NONE,  /* it still runs */
    TRACE_ENTRY, /* before a system call */
    TRACE_EXIT,  /* behind it */
    TRACE_OTHER, /* an instruction further, or stopped for another reason */
    TRACE_GONE   /* it has ended, and is not traced any more */
};

/* Seizes `pid` and stops it where it is; a call that it sleeps in returns
 * EINTR to it. */
void trace_seize(struct tracee *tracee, pid_t pid);

/* Lets a stopped one run to its next system call, its entry or its exit. */
void trace_to_call(struct tracee *tracee);

/* What stopped a running one, if anything has. */
enum trace_stop trace_look(struct tracee *tracee);

/* Waits until something stops a running one, or it has ended: then its parent
 * is still to reap it. */
enum trace_stop trace_await(struct tracee *tracee);

/*
 * Lets a stopped one execute `max-faults` instructions, but not the one that
 * enters the kernel; returns how many it were.  It is stopped again.
 */
uint64_t trace_step(struct tracee *tracee, uint64_t max);

/* Of one that stopped at an entry: the number of the system call. */
int trace_call_number(const struct tracee *tracee);

/* Likewise: its n-th argument, from 0. */
uint64_t trace_call_argument(const struct tracee *tracee, unsigned n);

/* Likewise: the kernel is not to see that call. */
void trace_skip_call(const struct tracee *tracee);

/* Of one that stopped at an exit: what it takes for the call's result. */
void trace_set_result(const struct tracee *tracee, long result);

/* The address of the next instruction of a stopped one. */
uint64_t trace_program_counter(const struct tracee *tracee);

/* Ends a stopped one by `signal`, which must be deadly; returns when it has
 * ended.  By another than SIGKILL, a call that it is about to enter is made
 * first. */
void trace_kill(struct tracee *tracee, int signal);

/* Lets it go on untraced, whatever it is doing. */
void trace_release(struct tracee *tracee);

#endif
