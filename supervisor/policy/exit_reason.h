/* SPDX-License-Identifier: MIT */
/*
 * exit_reason.h - how a worker ended, and the cause as far as it is known.
 *
 * Pure.  Code and signal are separate: a shell's 128 + n is ambiguous.
 */
#ifndef SUPERVISOR_POLICY_EXIT_REASON_H
#define SUPERVISOR_POLICY_EXIT_REASON_H

#include <stdbool.h>

struct exit_reason {
    int code;   /* exit code; -1 if a signal ended the process */
    int signal; /* signal number; 0 if the process exited */
    bool core;
};

/* `how` and `status` are si_code and si_status of waitid(2).  If the process
 * did not end (stopped, continued), returns code -1 and signal 0. */
struct exit_reason exit_reason_of(int how, int status);

/* What the supervisor did last to end the worker. */
enum exit_request {
    REQUESTED_NOTHING,
    REQUESTED_DRAIN, /* asked it to exit */
    REQUESTED_KILL,  /* killed it: start or drain deadline, second SIGINT */
    REQUESTED_ABORT, /* killed it because it hung */
    REQUESTED_ABORT_STOPPED /* the same; a signal (SIGSTOP, ...) had stopped it
                             */
};

/* The sender of the signal that ended the worker. */
enum exit_origin {
    ORIGIN_UNKNOWN, /* not recorded, or possibly forged */
    ORIGIN_KERNEL,  /* the kernel: a fault, a limit, a timer */
    ORIGIN_ITSELF,  /* the worker: abort(3), raise(3) */
    ORIGIN_OTHER,   /* another process */
    EXIT_ORIGINS
};

/* `code` and `sender` are si_code and si_pid of the signal (sigaction(2));
 * `worker` is the pid of the worker. */
enum exit_origin exit_origin_of(int code, int sender, int worker);

enum exit_cause {
    CAUSE_OWN_EXIT,   /* it exited without a request to */
    CAUSE_CRASH,      /* SEGV, BUS, FPE, ILL, ABRT, SYS, TRAP, XCPU, ... from
                         the kernel or itself */
    CAUSE_HANG,       /* killed by the watchdog while it was running */
    CAUSE_OUTSIDE,    /* KILL, TERM, INT, ... that the supervisor did not send
                         (chaos, an operator, the OOM killer); or SEGV, BUS,
                         ... from another process; or killed by the watchdog
                         while it was stopped, because usually another process
                         (a debugger, chaos) stopped it */
    CAUSE_SUPERVISOR, /* requested by the supervisor */
    CAUSE_UNKNOWN,    /* SEGV, BUS, ... from an unknown sender */
    EXIT_CAUSES
};

/* A request explains only the exit that it leads to: a worker that crashes
 * while it drains has crashed. */
enum exit_cause exit_cause_of(struct exit_reason reason,
                              enum exit_request request,
                              enum exit_origin origin);

/* Does this exit count as an attempt of the current request?  CAUSE_UNKNOWN
 * does: a request that corrupts its worker can prevent the worker from
 * recording the signal. */
bool exit_cause_blames_request(enum exit_cause cause);

/* "own exit", "crash", "hang", "outside", "supervisor", "unknown". */
const char *exit_cause_name(enum exit_cause cause);

/* "kernel", "itself", "another process", "unknown". */
const char *exit_origin_name(enum exit_origin origin);

#endif
