/*
 * signals.h - SIGINT, SIGTERM and SIGHUP, as an event loop hears them.
 *
 * What was ignored when this program started stays ignored: so nohup means what
 * it says, and so does a shell that starts a job in the background of a script.
 */
#ifndef CHAOS_TRIAL_SIGNALS_H
#define CHAOS_TRIAL_SIGNALS_H

#include <ev.h>

#define INTERRUPTS 3

struct interrupts {
    struct ev_loop *loop;
    ev_signal watchers[INTERRUPTS];
    void *context;
    void (*on_interrupt)(void *context);
};

/* Hears them until interrupts_leave; `interrupts` must not move. */
void interrupts_hear(struct interrupts *interrupts, struct ev_loop *loop,
                     void (*on_interrupt)(void *context), void *context);

void interrupts_leave(struct interrupts *interrupts);

#endif
