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
    const struct interrupts *interrupts = watcher->data;

    (void)loop;
    (void)revents;
    interrupts->on_interrupt(interrupts->context);
}

void interrupts_hear(struct interrupts *interrupts, struct ev_loop *loop,
                     void (*on_interrupt)(void *), void *context)
{
    static const int signals[INTERRUPTS] = { SIGINT, SIGTERM, SIGHUP };

    interrupts->loop = loop;
    interrupts->context = context;
    interrupts->on_interrupt = on_interrupt;
    for (int i = 0; i < INTERRUPTS; i++) {
        ev_signal *watcher = &interrupts->watchers[i];

        ev_signal_init(watcher, on_signal, signals[i]);
        watcher->data = interrupts;
        if (!is_ignored(signals[i]))
            ev_signal_start(loop, watcher);
    }
}

void interrupts_leave(struct interrupts *interrupts)
{
    for (int i = 0; i < INTERRUPTS; i++)
        ev_signal_stop(interrupts->loop, &interrupts->watchers[i]);
}
