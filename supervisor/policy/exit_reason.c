/* SPDX-License-Identifier: MIT */
/* exit_reason.c - see exit_reason.h. */
#include "supervisor/policy/exit_reason.h"
#include <signal.h>
#include <stddef.h>

struct exit_reason exit_reason_of(int how, int status)
{
    struct exit_reason reason = { .code = -1 };

    if (how == CLD_EXITED)
        reason.code = status;
    else if (how == CLD_KILLED || how == CLD_DUMPED)
        reason.signal = status;
    reason.core = how == CLD_DUMPED;
    return reason;
}

/* Signals that a program causes itself: a fault, abort(3), a resource limit, a
 * timer, a closed pipe. */
static bool is_self_inflicted(int signal)
{
    static const int signals[] = {
        SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,    SIGABRT, SIGSYS,    SIGTRAP,
        SIGXCPU, SIGXFSZ, SIGALRM, SIGVTALRM, SIGPROF, SIGSTKFLT, SIGPIPE,
    };

    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        if (signals[i] == signal)
            return true;
    return false;
}

static bool explains(enum exit_request request, struct exit_reason reason)
{
    switch (request) {
    case REQUESTED_NOTHING:
        return false;
    case REQUESTED_DRAIN:
        return reason.signal == 0;
    case REQUESTED_KILL:
        return reason.signal == 0 || reason.signal == SIGKILL;
    case REQUESTED_ABORT: /* SIGABRT for a core dump, then SIGKILL */
    case REQUESTED_ABORT_STOPPED:
        return reason.signal == SIGABRT || reason.signal == SIGKILL;
    }
    return false;
}

/*
 * Only the kernel can set a code above 0.  For kill(2) and tgkill(2) the kernel
 * sets the sender's pid; with sigqueue(3) the sender can set any pid.
 */
enum exit_origin exit_origin_of(int code, int sender, int worker)
{
    if (code > 0)
        return ORIGIN_KERNEL;
    if (code == SI_USER || code == SI_TKILL)
        return sender == worker ? ORIGIN_ITSELF : ORIGIN_OTHER;
    return code == SI_QUEUE && sender != worker ? ORIGIN_OTHER : ORIGIN_UNKNOWN;
}

static enum exit_cause cause_of_fault(enum exit_origin origin)
{
    switch (origin) {
    case ORIGIN_KERNEL:
    case ORIGIN_ITSELF:
        return CAUSE_CRASH;
    case ORIGIN_OTHER:
        return CAUSE_OUTSIDE;
    case ORIGIN_UNKNOWN:
    case EXIT_ORIGINS:
        break;
    }
    return CAUSE_UNKNOWN;
}

enum exit_cause exit_cause_of(struct exit_reason reason,
                              enum exit_request request,
                              enum exit_origin origin)
{
    if (explains(request, reason) && request == REQUESTED_ABORT_STOPPED)
        return CAUSE_OUTSIDE;
    if (explains(request, reason))
        return request == REQUESTED_ABORT ? CAUSE_HANG : CAUSE_SUPERVISOR;
    if (reason.signal == 0)
        return CAUSE_OWN_EXIT;
    return is_self_inflicted(reason.signal) ? cause_of_fault(origin)
                                            : CAUSE_OUTSIDE;
}

bool exit_cause_blames_request(enum exit_cause cause)
{
    return cause == CAUSE_OWN_EXIT || cause == CAUSE_CRASH ||
           cause == CAUSE_HANG || cause == CAUSE_UNKNOWN;
}

const char *exit_cause_name(enum exit_cause cause)
{
    switch (cause) {
    case CAUSE_OWN_EXIT:
        return "own exit";
    case CAUSE_CRASH:
        return "crash";
    case CAUSE_HANG:
        return "hang";
    case CAUSE_OUTSIDE:
        return "outside";
    case CAUSE_SUPERVISOR:
        return "supervisor";
    case CAUSE_UNKNOWN:
        return "unknown";
    case EXIT_CAUSES:
        break;
    }
    return "no cause";
}

const char *exit_origin_name(enum exit_origin origin)
{
    switch (origin) {
    case ORIGIN_UNKNOWN:
        return "unknown";
    case ORIGIN_KERNEL:
        return "kernel";
    case ORIGIN_ITSELF:
        return "itself";
    case ORIGIN_OTHER:
        return "another process";
    case EXIT_ORIGINS:
        break;
    }
    return "no origin";
}
