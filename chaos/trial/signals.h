/*
 * signals.h - SIGINT, SIGTERM and SIGHUP, as an event loop hears them.
 *
 * What was ignored when this program started stays ignored: so nohup means what
 * it says, and so does a shell that starts a job in the background of a script.
 */
#ifndef CHAOS_TRIAL_SIGNALS_H
#define CHAOS_TRIAL_SIGNALS_H

#include <ev.h>

#define TRIAL_SIGNALS 3

struct trial_signals {
    struct ev_loop *loop;
    ev_signal watchers[TRIAL_SIGNALS];
    void *context;
    void (*on_interrupt)(void *context);
};

/* Hears them until trial_signals_restore; `interrupts` must not move. */
void trial_signals_watch(struct trial_signals *trial_signals,
                         struct ev_loop *loop,
                         void (*on_interrupt)(void *context), void *context);

void trial_signals_restore(struct trial_signals *trial_signals);

#endif
