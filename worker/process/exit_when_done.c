/* SPDX-License-Identifier: MIT */
/* exit_when_done.c - decides when a worker exits. */
#include "worker/process/internal.h"
#include <unistd.h>

/* Other workers resume the connections that were handed off, as after a crash;
 * only in state HANDLING would the exit lose work.  Self-accepted connections
 * end with the worker, so the worker waits for them. */
void exit_if_done(struct worker *worker)
{
    if (worker->leaving && worker->handling == 0 &&
        !(worker->accepting && accepting_is_busy(worker)))
        _exit(worker->exit_code);
}

void exit_begin(struct worker *worker, int exit_code)
{
    worker->leaving = true;
    worker->exit_code = exit_code;
    if (worker->accepting)
        accepting_stop(worker, false);
    exit_if_done(worker);
    worker_tell(worker, &(struct channel_message){ .kind = CHANNEL_LEAVING });
}

static void on_exit_due(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct worker *worker = timer->data;

    (void)loop;
    (void)revents;
    exit_begin(worker, worker->options->exit_code);
}

void exit_announce(struct worker *worker)
{
    const struct worker_options *options = worker->options;

    if (options->exit_after > 0 && options->exit_delay_us == 0 &&
        worker->responses + 1 >= options->exit_after)
        worker->setting.closes_after = true;
}

void exit_count_response(struct worker *worker)
{
    const struct worker_options *options = worker->options;

    if (worker->responses++ == 0 && worker->accepting)
        worker_tell(worker,
                    &(struct channel_message){ .kind = CHANNEL_ANSWERED });
    if (options->exit_after == 0 || worker->exit_is_due ||
        worker->responses < options->exit_after)
        return;
    worker->exit_is_due = true;
    if (options->exit_delay_us == 0) {
        exit_begin(worker, options->exit_code);
        return;
    }
    worker_loop(worker);
    ev_timer_init(&worker->exit_timer, on_exit_due,
                  (double)options->exit_delay_us / 1e6, 0);
    worker->exit_timer.data = worker;
    ev_timer_start(worker->loop, &worker->exit_timer);
}
