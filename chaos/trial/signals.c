/* SPDX-License-Identifier: MIT */
/* signals.c - see signals.h. */
#include "chaos/trial/signals.h"
#include <signal.h>
#include <stdbool.h>

static bool is_ignored(int signal)
{
    struct sigaction action;

    return sigaction(signal, NULL, &action) == 0 &&
           action.sa_handler == SIG_IGN;
}

void trial_signals_watch(struct trial_signals *signals, struct ev_loop *loop,
                         void (*on_signal)(struct ev_loop *, ev_signal *, int),
                         void *data)
{
    static const int numbers[TRIAL_SIGNALS] = { SIGINT, SIGTERM, SIGHUP };

    signals->loop = loop;
    for (int i = 0; i < TRIAL_SIGNALS; i++) {
        ev_signal_init(&signals->watchers[i], on_signal, numbers[i]);
        signals->watchers[i].data = data;
        if (!is_ignored(numbers[i]))
            ev_signal_start(loop, &signals->watchers[i]);
    }
}

void trial_signals_restore(struct trial_signals *signals)
{
    for (int i = 0; i < TRIAL_SIGNALS; i++)
        ev_signal_stop(signals->loop, &signals->watchers[i]);
}
