/* SPDX-License-Identifier: MIT */
/* child.c - see child.h. */
#include "supervisor/pool/child.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/outbox.h"
#include "supervisor/system/memory.h"
#include <errno.h>
#include <signal.h>
#include <stddef.h>

/* A hung worker gets SIGABRT first, which dumps core, and SIGKILL after this
 * time if it is stopped or blocks SIGABRT. */
#define ABORT_US 500000

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
    child->was_online = child->was_drained = child->stale = false;
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
    return child->state == WORKER_READY || child->state == WORKER_BUSY;
}

/* ---- Deadlines ---- */

static void end_overdue(struct supervisor *supervisor, struct child *child)
{
    if (child->state == WORKER_LEAVING)
        event_overdue(supervisor, child);
    child_handle_event(supervisor, child, EVENT_OVERDUE);
}

static void end_rest(struct supervisor *supervisor, struct child *child)
{
    child_handle_event(supervisor, child, EVENT_RESTED);
}

#define TIME_OF(name) offsetof(struct options, name)

/* The deadline of each state: the sum of the two options and `us`; none if
 * there is neither.  It begins when the child enters the state; BUSY continues
 * that of READY.  RESTING has the delay of the restart policy; KILLING has a
 * deadline only if the system refused the SIGKILL. */
static const struct state_deadline {
    size_t options[2]; /* offsets; 0: none */
    uint64_t us;
    void (*at_end)(struct supervisor *, struct child *);
} deadlines[WORKER_STATES] = {
    [WORKER_STARTING] = { { TIME_OF(start_timeout_us) }, 0, end_overdue },
    [WORKER_READY] = { { TIME_OF(healthy_after_us) }, 0, child_progress },
    [WORKER_BUSY] = { { 0 }, 0, child_progress },
    [WORKER_LEAVING] = { { TIME_OF(request_timeout_us),
                           TIME_OF(drain_timeout_us) },
                         0,
                         end_overdue },
    [WORKER_DRAINING] = { { TIME_OF(drain_timeout_us) }, 0, end_overdue },
    [WORKER_ABORTING] = { { 0 }, ABORT_US, end_overdue },
    [WORKER_KILLING] = { { 0 }, 0, end_overdue },
    [WORKER_RESTING] = { { 0 }, 0, end_rest },
};

static void set_deadline(struct child *child, uint64_t us)
{
    struct ev_loop *loop = child->supervisor->loop;

    ev_timer_stop(loop, &child->timer);
    ev_timer_set(&child->timer, (double)us / 1e6, 0);
    ev_timer_start(loop, &child->timer);
}

static void start_deadline(struct child *child)
{
    const char *options = (const char *)child->supervisor->options;
    const struct state_deadline *deadline = &deadlines[child->state];
    uint64_t us = deadline->us;

    for (size_t i = 0; i < 2; i++)
        if (deadline->options[i])
            us += *(const uint64_t *)(const void *)(options +
                                                    deadline->options[i]);
    ev_timer_stop(child->supervisor->loop, &child->timer);
    if (deadline->options[0] || us > 0)
        set_deadline(child, us);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct child *child = timer->data;

    (void)loop;
    (void)revents;
    deadlines[child->state].at_end(child->supervisor, child);
}

/* ---- The state ---- */

static void send_kill(struct child *child)
{
    if (spawn_signal(child->pidfd, SIGKILL))
        return;
    event_kill_failed(child->supervisor, child, errno);
    set_deadline(child, KILL_RETRY_US);
}

static void abort_hung(struct supervisor *supervisor, struct child *child)
{
    bool stopped = spawn_is_stopped(child->pidfd);

    event_hang(supervisor, child, stopped);
    child->last_request = stopped ? REQUESTED_ABORT_STOPPED : REQUESTED_ABORT;
    spawn_signal(child->pidfd, SIGABRT);
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
        set_deadline(child, delay_us);
        break;
    case ACTION_DRAIN:
        child->last_request = REQUESTED_DRAIN;
        child->was_drained = true;
        event_disconnect(supervisor, child);
        outbox_send(child, CHANNEL_DRAIN);
        break;
    case ACTION_ABORT:
        abort_hung(supervisor, child);
        break;
    case ACTION_KILL:
        child->last_request = REQUESTED_KILL;
        send_kill(child);
        break;
    case ACTION_END:
        send_kill(child);
        break;
    }
}

static bool keeps_deadline(enum worker_state before, enum worker_state next)
{
    return before == next || (before == WORKER_READY && next == WORKER_BUSY) ||
           (before == WORKER_BUSY && next == WORKER_READY);
}

/* `delay_us` is for ACTION_REST.  The deadline starts before the action, which
 * may cause the next event: a worker that closed its channel cannot be asked
 * to exit. */
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
    if (!keeps_deadline(before, transition.next))
        start_deadline(child);
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

void child_take_slot(struct child *child)
{
    child->slot_number = child->slot ? child->slot->number : 0;
    child->slot_generation = child->slot ? ++child->slot->generation : 0;
}
