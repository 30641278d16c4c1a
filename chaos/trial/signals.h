/* SPDX-License-Identifier: MIT */
/*
 * signals.h - watches SIGINT, SIGTERM and SIGHUP in an event loop.
 *
 * A signal that was ignored when this program started stays ignored, as with
 * nohup(1) or in background jobs of a shell script.
 */
#ifndef CHAOS_TRIAL_SIGNALS_H
#define CHAOS_TRIAL_SIGNALS_H

#include <ev.h>

#define TRIAL_SIGNALS 3

struct trial_signals {
    struct ev_loop *loop;
    ev_signal watchers[TRIAL_SIGNALS];
};

/* Watches them until trial_signals_restore; the watchers get `data`.  `signals`
 * must stay at its address. */
void trial_signals_watch(struct trial_signals *signals, struct ev_loop *loop,
                         void (*on_signal)(struct ev_loop *loop,
                                           ev_signal *watcher, int revents),
                         void *data);

void trial_signals_restore(struct trial_signals *signals);

#endif
