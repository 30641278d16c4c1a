/* SPDX-License-Identifier: MIT */
/* signal_name.c - see signal_name.h. */
#include "supervisor/policy/signal_name.h"
#include <signal.h>
#include <stddef.h>
#include <strings.h>

#define PREFIX_BYTES 3 /* "SIG" */

static const char *const names[] = {
    [SIGHUP] = "SIGHUP",       [SIGINT] = "SIGINT",       [SIGQUIT] = "SIGQUIT",
    [SIGILL] = "SIGILL",       [SIGTRAP] = "SIGTRAP",     [SIGABRT] = "SIGABRT",
    [SIGBUS] = "SIGBUS",       [SIGFPE] = "SIGFPE",       [SIGKILL] = "SIGKILL",
    [SIGUSR1] = "SIGUSR1",     [SIGSEGV] = "SIGSEGV",     [SIGUSR2] = "SIGUSR2",
    [SIGPIPE] = "SIGPIPE",     [SIGALRM] = "SIGALRM",     [SIGTERM] = "SIGTERM",
    [SIGSTKFLT] = "SIGSTKFLT", [SIGCHLD] = "SIGCHLD",     [SIGCONT] = "SIGCONT",
    [SIGSTOP] = "SIGSTOP",     [SIGTSTP] = "SIGTSTP",     [SIGTTIN] = "SIGTTIN",
    [SIGTTOU] = "SIGTTOU",     [SIGURG] = "SIGURG",       [SIGXCPU] = "SIGXCPU",
    [SIGXFSZ] = "SIGXFSZ",     [SIGVTALRM] = "SIGVTALRM", [SIGPROF] = "SIGPROF",
    [SIGWINCH] = "SIGWINCH",   [SIGPOLL] = "SIGPOLL",     [SIGPWR] = "SIGPWR",
    [SIGSYS] = "SIGSYS",
};
#define NAMES (sizeof(names) / sizeof(names[0]))

const char *signal_name(int signal)
{
    if (signal == 0)
        return NULL;
    if (signal < 0 || (size_t)signal >= NAMES)
        return "real-time signal";
    return names[signal];
}

const char *signal_abbreviation(int signal)
{
    if (signal <= 0 || (size_t)signal >= NAMES)
        return NULL;
    return names[signal] + PREFIX_BYTES;
}

int signal_number(const char *name)
{
    for (size_t i = 1; i < NAMES; i++)
        if (strcasecmp(name, names[i]) == 0 ||
            strcasecmp(name, names[i] + PREFIX_BYTES) == 0)
            return (int)i;
    return 0;
}
