/* SPDX-License-Identifier: MIT */
/* interrupt.c - see interrupt.h.  The pending signals are the only state. */
#include "tests/bench/interrupt.h"
#include <signal.h>
#include <unistd.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };
#define SIGNALS (sizeof signals / sizeof *signals)

static void change_mask(int how)
{
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < SIGNALS; i++)
        sigaddset(&set, signals[i]);
    sigprocmask(how, &set, NULL);
}

void interrupt_block(unsigned seconds)
{
    change_mask(SIG_BLOCK);
    alarm(seconds);
}

void interrupt_unblock(void)
{
    change_mask(SIG_UNBLOCK);
}

bool interrupt_pending(void)
{
    sigset_t set;
    bool pending = false;

    sigemptyset(&set);
    sigpending(&set);
    for (size_t i = 0; i < SIGNALS; i++)
        pending = pending || sigismember(&set, signals[i]) == 1;
    return pending;
}

const char *interrupt_name(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigpending(&set);
    return sigismember(&set, SIGALRM) == 1 ? "out of time" : "interrupted";
}
