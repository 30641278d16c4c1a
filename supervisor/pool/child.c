/* SPDX-License-Identifier: MIT */
/* child.c - see child.h. */
#include "supervisor/pool/child.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/outbox.h"
#include "supervisor/system/memory.h"
#include <errno.h>
#include <signal.h>

/* Delay before a SIGKILL that the system refused is sent again. */
#define KILL_RETRY_US 20000

/* ---- Create and destroy ---- */

static void on_timer(struct ev_loop *, ev_timer *, int);

int child_create(struct supervisor *supervisor, struct child *child,
                 uint32_t index)
{
    uint32_t capacity = supervisor->worker_config->options.capacity;

    *child = (struct child){ .index = index, .pidfd = -1, .channel = -1 };
    child->supervisor = supervisor;
    child->connections = memory_private(capacity, sizeof(*child->connections));
    child->free_records =
        memory_private(capacity, sizeof(*child->free_records));
    child->totals = memory_private(capacity, sizeof(*child->totals));
    ev_init(&child->timer, on_timer);
    child->timer.data = child;
    if (!child->connections || !child->free_records || !child->totals)
        return -1;
    return arena_create(&child->arena, capacity,
                        supervisor->worker_config->options.areas);
}

void child_destroy(struct child *child)
{
    if (child->arena.head)
        arena_destroy(&child->arena);
    memory_free(child->connections);
    memory_free(child->free_records);
    memory_free(child->totals);
}

void child_clear(struct child *child)
{
    child->last_request = REQUESTED_NOTHING;
    child->pending = 0;
    child->channel_full = child->holds_suspect = false;
    child->leaving = child->was_online = false;
    child->stale = child->kill_pending = false;
    child->responses = 0;
    child->flood = (struct flood){ .others = 0 };
    child->heartbeat = child->heartbeat_us = 0;
    child->free_count = child->records_used = 0;
    for (uint32_t i = 0; child->totals_pending > 0; i++)
        outbox_forget_total(child, i);
    atomic_store(&child->arena.head->heartbeat, 0);
    atomic_store(&child->arena.head->current, 0);
    atomic_store(&child->arena.head->death, 0);
    account_clear(&child->arena.head->account);
    transfer_clear(&child->arena.head->transfer);
}

bool child_is_usable(const struct child *child)
{
    return (child->state == WORKER_READY || child->state == WORKER_BUSY) &&
           !child->leaving;
}

/* ---- The state ---- */

void child_set_timer(struct child *child, uint64_t us)
{
    struct ev_loop *loop = child->supervisor->loop;

    ev_timer_stop(loop, &child->timer);
    ev_timer_set(&child->timer, (double)us / 1e6, 0);
    ev_timer_start(loop, &child->timer);
}

void child_end(struct child *child)
{
    child->kill_pending = !spawn_signal(child->pidfd, SIGKILL);
    if (!child->kill_pending)
        return;
    event_unkilled(child->supervisor, child, errno);
    child_set_timer(child, KILL_RETRY_US);
}

void child_kill(struct child *child)
{
    child->last_request = REQUESTED_KILL;
    child_end(child);
}

static void act(struct supervisor *supervisor, struct child *child,
                enum worker_action action, uint64_t delay_us)
{
    switch (action) {
    case ACTION_REFUSE:
    case ACTION_NONE:
    case ACTION_ASK: /* launch_one() finds the child by its state */
        break;
    case ACTION_REST:
        child_set_timer(child, delay_us);
        break;
    case ACTION_KILL:
        child_kill(child);
        break;
    case ACTION_DRAIN:
        child->last_request = REQUESTED_DRAIN;
        event_disconnect(supervisor, child);
        outbox_send(child, CHANNEL_DRAIN);
        child_set_timer(child, supervisor->options->drain_timeout_us);
        break;
    }
}

/* `delay_us` is for ACTION_REST. */
static void step(struct supervisor *supervisor, struct child *child,
                 enum worker_event event, uint64_t delay_us)
{
    enum worker_state before = child->state;
    struct transition transition = lifecycle_next(before, event);

    if (transition.action == ACTION_REFUSE) {
        event_impossible(supervisor, child, event);
        return;
    }
    child->state = transition.next;
    supervisor->starting += (transition.next == WORKER_STARTING);
    supervisor->starting -= (before == WORKER_STARTING);
    supervisor->alive += worker_is_alive(transition.next);
    supervisor->alive -= worker_is_alive(before);
    act(supervisor, child, transition.action, delay_us);
}

void child_handle_event(struct supervisor *supervisor, struct child *child,
                        enum worker_event event)
{
    step(supervisor, child, event, 0);
}

static void log_verdict(struct supervisor *supervisor,
                        enum restart_verdict verdict)
{
    switch (verdict) {
    case RESTART_CRASH_LOOP:
        event_crash_loop(supervisor);
        break;
    case RESTART_RECOVERED:
        event_resume(supervisor, "a worker made progress");
        break;
    case RESTART_UNCHANGED:
        break;
    }
}

void child_carry_out(struct supervisor *supervisor, struct child *child,
                     const struct restart_decision *decision)
{
    log_verdict(supervisor, decision->verdict);
    step(supervisor, child, decision->event, decision->delay_us);
}

void child_progress(struct supervisor *supervisor, struct child *child)
{
    log_verdict(supervisor,
                restart_progressed(&supervisor->restarts, &child->history));
}

static void end_overdue(struct supervisor *supervisor, struct child *child)
{
    event_overdue(supervisor, child);
    child_kill(child);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct child *child = timer->data;
    struct supervisor *supervisor = child->supervisor;

    (void)loop;
    (void)revents;
    if (child->kill_pending ||
        (worker_is_alive(child->state) &&
         exit_request_is_watchdog(child->last_request))) {
        child_end(child);
        return;
    }
    switch (child->state) {
    case WORKER_STARTING:
    case WORKER_DRAINING:
        child_handle_event(supervisor, child, EVENT_OVERDUE);
        break;
    case WORKER_RESTING:
        child_handle_event(supervisor, child, EVENT_RESTED);
        break;
    case WORKER_READY:
    case WORKER_BUSY:
        if (child->leaving)
            end_overdue(supervisor, child);
        else
            child_progress(supervisor, child);
        break;
    case WORKER_ABSENT:
    case WORKER_PENDING:
    case WORKER_STATES:
        break;
    }
}

void child_take_slot(struct child *child)
{
    child->slot_number = child->slot ? child->slot->number : 0;
    child->slot_generation = child->slot ? ++child->slot->generation : 0;
}
