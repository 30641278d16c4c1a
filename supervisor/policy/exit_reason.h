/*
 * exit_reason.h - how a worker ended, and as far as it can be known, why.
 *
 * Pure.  Code and signal stay two fields to the end, because "code 1, signal
 * null" is what the tutorials print and a shell's 128 + n hides which it was.
 */
#ifndef SUPERVISOR_POLICY_EXIT_REASON_H
#define SUPERVISOR_POLICY_EXIT_REASON_H

#include <stdbool.h>

struct exit_reason {
    int code;   /* exit code, or -1 if a signal ended it */
    int signal; /* signal number, or 0 if it exited */
    bool core;  /* it dumped core */
};

/* From waitid(2): `how` is its si_code, `status` its si_status.  A worker that
 * did not end at all (stopped, continued) comes back as code -1, signal 0. */
struct exit_reason exit_reason_of(int how, int status);

/* What the supervisor did to the worker before it ended. */
enum exit_request {
    REQUESTED_NOTHING, /* nothing */
    REQUESTED_DRAIN,   /* asked it to leave */
    REQUESTED_KILL,    /* killed it: start or drain deadline, second SIGINT */
    REQUESTED_ABORT,   /* killed it, because it hung */
    ORDER_STOPPED      /* the same, but a signal had stopped it: SIGSTOP, ... */
};

/* Is it one of the watchdog's: SIGABRT, and SIGKILL if that does not help? */
bool exit_order_is_watchdogs(enum exit_request order);

/* Who sent the signal that ended the worker. */
enum exit_origin {
    ORIGIN_UNKNOWN, /* nobody noted it, or a sender may have lied */
    ORIGIN_KERNEL,  /* the kernel: a fault, a limit, a timer */
    ORIGIN_ITSELF,  /* the worker: abort(3), raise(3) */
    ORIGIN_OTHER,   /* another process */
    EXIT_ORIGINS
};

/* From the siginfo_t of the signal (sigaction(2)): `code` is its si_code and
 * `sender` its si_pid; `worker` is the pid of the worker. */
enum exit_origin exit_origin_of(int code, int sender, int worker);

enum exit_cause {
    CAUSE_OWN_EXIT,   /* it called exit, unasked */
    CAUSE_CRASH,      /* SEGV, BUS, FPE, ILL, ABRT, SYS, TRAP, XCPU, ...: what
                         a program does to itself, and did */
    CAUSE_HANG,       /* killed by the watchdog, while it ran */
    CAUSE_OUTSIDE,    /* KILL, TERM, INT, ... that we did not send: chaos, an
                         operator, the kernel's OOM killer; or SEGV, BUS, ...
                         from another process; or killed by the watchdog,
                         while it was stopped: nobody knows who stopped it,
                         and a debugger or chaos does so more often than a
                         program itself */
    CAUSE_SUPERVISOR, /* we asked for it */
    CAUSE_UNKNOWN,    /* SEGV, BUS, ..., and who sent it is not known */
    EXIT_CAUSES
};

/* The cause of an end, given the last order.  An order explains only the end
 * that it leads to: who is asked to drain and crashes has crashed. */
enum exit_cause exit_cause_of(struct exit_reason reason,
                              enum exit_request order, enum exit_origin origin);

/* Does this death speak against the request in hand (an attempt), or did it
 * come from outside (a kill)?  A death of unknown cause does: a request that
 * corrupts its worker can also keep the worker from noting the signal. */
bool exit_cause_blames_request(enum exit_cause cause);

/* "SIGKILL"; NULL for 0; "real-time signal" for those without a name of their
 * own.  Static. */
const char *exit_signal_name(int signal);

/* "own exit", "crash", "hang", "outside", "supervisor", "unknown". */
const char *exit_cause_name(enum exit_cause cause);

/* "kernel", "itself", "another process", "unknown". */
const char *exit_origin_name(enum exit_origin origin);

#endif
