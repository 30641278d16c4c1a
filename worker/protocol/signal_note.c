/* SPDX-License-Identifier: MIT */
/* signal_note.c - one signal handler with its own stack. */
#include "worker/protocol/signal_note.h"
#include <signal.h>
#include <stddef.h>

/* Enough for processors that save many registers. */
#define STACK_BYTES (64U << 10)

static const int covered[] = {
    SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,    SIGABRT, SIGSYS,    SIGTRAP,
    SIGXCPU, SIGXFSZ, SIGALRM, SIGVTALRM, SIGPROF, SIGSTKFLT, SIGPIPE,
};
#define COVERED (sizeof(covered) / sizeof(*covered))

static _Atomic uint64_t *noted;
static char stack[STACK_BYTES];

bool signal_note_covers(int signal)
{
    for (size_t i = 0; i < COVERED; i++)
        if (covered[i] == signal)
            return true;
    return false;
}

bool signal_note_is_on(void)
{
    return noted;
}

/* Packs the signal, si_code and si_pid into one word. */
static uint64_t word_of(const siginfo_t *info)
{
    uint64_t sender = info->si_code <= 0 ? (uint32_t)info->si_pid : 0;

    return sender << 32 | (uint64_t)(uint16_t)info->si_code << 16 |
           (uint8_t)info->si_signo;
}

/* Returns whether the instruction faults again when the handler returns.  The
 * core then shows that instruction and the kernel's reason. */
static bool faults_again(const siginfo_t *info)
{
    switch (info->si_signo) {
    case SIGBUS:
        return info->si_code > 0 && info->si_code != BUS_MCEERR_AO;
    case SIGSEGV:
    case SIGFPE:
    case SIGILL:
        return info->si_code > 0;
    default:
        return false;
    }
}

/* All signals are blocked here. */
static void on_signal(int number, siginfo_t *info, void *context)
{
    uint64_t nothing = 0;
    sigset_t this_one;

    (void)context;
    atomic_compare_exchange_strong(noted, &nothing, word_of(info));
    signal(number, SIG_DFL);
    if (faults_again(info))
        return;
    raise(number);
    sigemptyset(&this_one);
    sigaddset(&this_one, number);
    sigprocmask(SIG_UNBLOCK, &this_one, NULL);
}

void signal_note_begin(_Atomic uint64_t *note)
{
    const stack_t own = { .ss_sp = stack, .ss_size = sizeof(stack) };
    struct sigaction action = { .sa_sigaction = on_signal,
                                .sa_flags = SA_SIGINFO | SA_ONSTACK };

    noted = note;
    sigfillset(&action.sa_mask);
    sigaltstack(&own, NULL);
    for (size_t i = 0; i < COVERED; i++)
        sigaction(covered[i], &action, NULL);
}

struct signal_note signal_note_read(const _Atomic uint64_t *note)
{
    uint64_t word = atomic_load(note);

    return (struct signal_note){
        .signal = (int)(word & 0xff),
        .code = (int16_t)(word >> 16),
        .sender = (int)(uint32_t)(word >> 32),
    };
}
