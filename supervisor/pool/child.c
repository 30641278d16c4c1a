/* child.c - carries out what the life cycle says about one worker. */
#include "supervisor/pool/child.h"
#include "supervisor/log/events.h"
#include "supervisor/policy/backoff.h"
#include "supervisor/pool/outbox.h"
#include "supervisor/system/memory.h"
#include <errno.h>
#include <signal.h>

/* When a SIGKILL that the system refused is sent again. */
#define KILL_AGAIN_US 20000

/* ---- One place ---- */

static void on_timer(struct ev_loop *, ev_timer *, int);

int berth_create(struct supervisor *supervisor, struct berth *berth,
                 uint32_t index)
{
    uint32_t capacity = supervisor->brief->order.capacity;

    *berth = (struct berth){ .index = index, .pidfd = -1, .channel = -1 };
    berth->supervisor = supervisor;
    berth->tenants = memory_private(capacity, sizeof(*berth->tenants));
    berth->free_records =
        memory_private(capacity, sizeof(*berth->free_records));
    berth->totals = memory_private(capacity, sizeof(*berth->totals));
    ev_init(&berth->timer, on_timer);
    berth->timer.data = berth;
    if (!berth->tenants || !berth->free_records || !berth->totals)
        return -1;
    return arena_create(&berth->arena, capacity,
                        supervisor->brief->order.areas);
}

void berth_destroy(struct berth *berth)
{
    if (berth->arena.head)
        arena_destroy(&berth->arena);
    memory_free(berth->tenants);
    memory_free(berth->free_records);
    memory_free(berth->totals);
}

/* A clean slate: nothing of the last worker is in what the next one gets. */
void berth_clear(struct berth *berth)
{
    berth->order = ORDER_NONE;
    berth->owed = 0;
    berth->choked = berth->serves_alone = berth->progressed = false;
    berth->leaving = berth->was_online = false;
    berth->outdated = berth->condemned = false;
    berth->responses = 0;
    berth->flood = (struct flood){ .others = 0 };
    berth->heartbeat = berth->heartbeat_us = 0;
    berth->free_count = berth->records_used = 0;
    for (uint32_t i = 0; berth->totals_owed > 0; i++)
        tell_forget_total(berth, i);
    atomic_store(&berth->arena.head->heartbeat, 0);
    atomic_store(&berth->arena.head->current, 0);
    atomic_store(&berth->arena.head->death, 0);
    account_clear(&berth->arena.head->account);
    transfer_clear(&berth->arena.head->transfer);
}

bool berth_is_usable(const struct berth *berth)
{
    return (berth->state == WORKER_READY || berth->state == WORKER_BUSY) &&
           !berth->leaving;
}

/* ---- The state ---- */

void berth_set_timer(struct berth *berth, uint64_t us)
{
    struct ev_loop *loop = berth->supervisor->loop;

    ev_timer_stop(loop, &berth->timer);
    ev_timer_set(&berth->timer, (double)us / 1e6, 0);
    ev_timer_start(loop, &berth->timer);
}

void berth_end(struct berth *berth)
{
    berth->condemned = !spawn_signal(berth->pidfd, SIGKILL);
    if (!berth->condemned)
        return;
    wording_unkilled(berth->supervisor, berth, errno);
    berth_set_timer(berth, KILL_AGAIN_US);
}

void berth_kill(struct berth *berth)
{
    berth->order = ORDER_KILL;
    berth_end(berth);
}

static void carry_out(struct supervisor *supervisor, struct berth *berth,
                      enum worker_action action)
{
    switch (action) {
    case ACTION_REFUSE:
    case ACTION_NONE:
    case ACTION_ASK: /* forks_make_one() looks for it */
        break;
    case ACTION_REST:
        berth_set_timer(berth, berth->delay_us);
        break;
    case ACTION_KILL:
        berth_kill(berth);
        break;
    case ACTION_DRAIN:
        berth->order = ORDER_DRAIN;
        wording_disconnect(supervisor, berth);
        tell_worker(berth, CHANNEL_DRAIN);
        berth_set_timer(berth, supervisor->options->drain_timeout_us);
        break;
    }
}

void berth_happen(struct supervisor *supervisor, struct berth *berth,
                  enum worker_event event)
{
    enum worker_state before = berth->state;
    struct transition step = lifecycle_next(before, event);

    if (step.action == ACTION_REFUSE) {
        wording_impossible(supervisor, berth, event);
        return;
    }
    berth->state = step.next;
    supervisor->starting += (step.next == WORKER_STARTING);
    supervisor->starting -= (before == WORKER_STARTING);
    supervisor->alive += worker_is_alive(step.next);
    supervisor->alive -= worker_is_alive(before);
    carry_out(supervisor, berth, step.action);
}

static void end_overdue(struct supervisor *supervisor, struct berth *berth)
{
    wording_overdue(supervisor, berth);
    berth_kill(berth);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct berth *berth = timer->data;
    struct supervisor *supervisor = berth->supervisor;

    (void)loop;
    (void)revents;
    if (berth->condemned || (worker_is_alive(berth->state) &&
                             exit_order_is_watchdogs(berth->order))) {
        berth_end(berth);
        return;
    }
    switch (berth->state) {
    case WORKER_STARTING:
    case WORKER_DRAINING:
        berth_happen(supervisor, berth, EVENT_OVERDUE);
        break;
    case WORKER_RESTING:
        berth_happen(supervisor, berth, EVENT_RESTED);
        break;
    case WORKER_READY:
    case WORKER_BUSY:
        if (berth->leaving)
            end_overdue(supervisor, berth);
        else
            berth_progress(supervisor, berth);
        break;
    case WORKER_ABSENT:
    case WORKER_PENDING:
    case WORKER_STATES:
        break;
    }
}

/* ---- What speaks for it, and against it ---- */

void berth_progress(struct supervisor *supervisor, struct berth *berth)
{
    if (berth->progressed)
        return;
    berth->progressed = true;
    berth->failures = 0;
    if (intensity_progress(&supervisor->intensity))
        wording_resume(supervisor, "a worker made progress");
}

void berth_fail(struct supervisor *supervisor, struct berth *berth,
                uint64_t now_us)
{
    berth->failures++;
    berth->delay_us = backoff_delay_us(&supervisor->options->backoff,
                                       berth->failures, &supervisor->random);
    if (!intensity_failed(&supervisor->intensity, now_us))
        return;
    wording_crash_loop(supervisor);
    if (supervisor->options->on_crash_loop == ON_LOOP_GIVE_UP &&
        supervisor->stage == STAGE_SERVING)
        supervisor_stop(supervisor, "crash loop", EXIT_GAVE_UP);
}

void berth_sit(struct berth *berth)
{
    berth->seat_number = berth->slot ? berth->slot->number : 0;
    berth->seat_generation = berth->slot ? ++berth->slot->generation : 0;
}
