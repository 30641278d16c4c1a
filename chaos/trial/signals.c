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

static void on_signal(struct ev_loop *loop, ev_signal *watcher, int revents)
{
    const struct trial_signals *trial_signals = watcher->data;

    (void)loop;
    (void)revents;
    trial_signals->on_interrupt(trial_signals->context);
}

void trial_signals_watch(struct trial_signals *trial_signals,
                         struct ev_loop *loop, void (*on_interrupt)(void *),
                         void *context)
{
    static const int signals[TRIAL_SIGNALS] = { SIGINT, SIGTERM, SIGHUP };

    trial_signals->loop = loop;
    trial_signals->context = context;
    trial_signals->on_interrupt = on_interrupt;
    for (int i = 0; i < TRIAL_SIGNALS; i++) {
        ev_signal *watcher = &trial_signals->watchers[i];

        ev_signal_init(watcher, on_signal, signals[i]);
        watcher->data = trial_signals;
        if (!is_ignored(signals[i]))
            ev_signal_start(loop, watcher);
    }
}

void trial_signals_restore(struct trial_signals *trial_signals)
{
    for (int i = 0; i < TRIAL_SIGNALS; i++)
        ev_signal_stop(trial_signals->loop, &trial_signals->watchers[i]);
}
