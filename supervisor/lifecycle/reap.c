/* reap.c - reaps, takes everything back, and lets the policy judge. */
#include "supervisor/lifecycle/reap.h"
#include "supervisor/handoff/reclaim.h"
#include "supervisor/handoff/recovery.h"
#include "supervisor/handoff/response_memory.h"
#include "supervisor/handoff/self_accepted.h"
#include "supervisor/lifecycle/inbox.h"
#include "supervisor/log/obituary.h"
#include "supervisor/pool/child.h"
#include "supervisor/pool/rewatch.h"
#include "supervisor/system/clock.h"
#include "worker/protocol/signal_note.h"
#include <unistd.h>

/* Only a mad worker names a connection that it has not got.  If its handler had
 * begun one request and no other, it is that one which maddened it. */
static bool hides_the_one(const struct berth *berth, uint32_t current)
{
    uint32_t handled = 0;

    if (current == 0 ||
        (current <= berth->records_used && berth->tenants[current - 1]))
        return false;
    for (uint32_t i = 0; i < berth->records_used; i++)
        handled +=
            berth->tenants[i] &&
            record_load(&berth->arena.records[i]).state == RECORD_HANDLING;
    return handled == 1;
}

/* Takes every connection back that it held, and hands them on. */
static void inherit_all(struct supervisor *supervisor, struct berth *berth,
                        struct obituary *obituary, struct record *suspect)
{
    uint32_t current = atomic_load(&berth->arena.head->current);
    bool hidden = hides_the_one(berth, current);
    enum retry_blame blame = exit_cause_blames_request(obituary->cause)
                                 ? BLAME_REQUEST
                                 : BLAME_OUTSIDE;

    for (uint32_t i = 0; i < berth->records_used; i++) {
        enum record_state state;
        struct held *held;

        if (!berth->tenants[i])
            continue;
        obituary->connections++;
        held = inheritance_take(supervisor, berth, i, false, &state);
        if (!held)
            continue;
        if (state == RECORD_HANDLING || state == RECORD_COMMITTED) {
            if ((obituary->in_hand++ == 0 || current == i + 1) && held->left) {
                *suspect = held->left->record;
                obituary->suspect = suspect;
            }
        }
        settlement_orphaned(supervisor, held, state,
                            current == i + 1 ||
                                    (hidden && state == RECORD_HANDLING)
                                ? blame
                                : BLAME_NONE);
    }
}

static void let_go(struct supervisor *supervisor, struct berth *berth)
{
    ev_io_stop(supervisor->loop, &berth->exit_watcher);
    messages_close(supervisor, berth);
    ev_timer_stop(supervisor->loop, &berth->timer);
    berth->condemned = false;
    spawn_settled(&supervisor->spawn, berth->index);
    close(berth->pidfd);
    berth->pidfd = -1;
    berth->outdated = false;
}

/* ---- The judgement ---- */

/* A berth whose process has ended: is another one wanted? */
static bool wants_another(const struct supervisor *supervisor,
                          const struct berth *berth, struct exit_reason reason)
{
    if (supervisor->stage == STAGE_LEAVING || supervisor->hard)
        return false;
    /* It was asked to make way for another, and has, however it ended. */
    if (berth->state == WORKER_DRAINING)
        return true;
    switch (supervisor->options->respawn) {
    case RESPAWN_ALWAYS:
        return true;
    case RESPAWN_ON_FAILURE:
        return reason.code != 0;
    case RESPAWN_NEVER:
        break;
    }
    return false;
}

/* Killed from outside once it was up: that says nothing against the worker.  A
 * crash loop is what a program does to itself.  But a canary that was killed
 * has not sung. */
static bool was_shot(const struct supervisor *supervisor,
                     const struct berth *berth, const struct obituary *obituary)
{
    return obituary->cause == CAUSE_OUTSIDE && berth->was_online &&
           supervisor->intensity.breaker == BREAKER_CLOSED;
}

/* What the restart policy says to this end: as event of the life cycle. */
static enum worker_event judge(struct supervisor *supervisor,
                               struct berth *berth,
                               const struct obituary *obituary)
{
    bool wanted = wants_another(supervisor, berth, obituary->reason);

    berth->delay_us = 0;
    if (berth->responses > 0 ||
        obituary->uptime_us >= supervisor->options->healthy_after_us)
        berth_progress(supervisor, berth);
    if (wanted && !berth->progressed && berth->state != WORKER_DRAINING &&
        !was_shot(supervisor, berth, obituary))
        berth_fail(supervisor, berth, clock_monotonic_us());
    if (!wanted) {
        /* Were it the canary, none would follow until its end is told. */
        if (!berth->progressed &&
            supervisor->intensity.breaker == BREAKER_PROBING)
            intensity_failed(&supervisor->intensity, clock_monotonic_us());
        return EVENT_LEFT_RETIRE;
    }
    return berth->delay_us > 0 ? EVENT_LEFT_REST : EVENT_LEFT_RENEW;
}

/* Is it for the owner to know?  What the supervisor had to kill is, but not
 * what it asked to leave, nor what a hard stop cuts short. */
static bool is_failure(const struct supervisor *supervisor,
                       const struct berth *berth,
                       const struct obituary *obituary)
{
    return obituary->cause != CAUSE_SUPERVISOR ||
           (berth->order == ORDER_KILL && !supervisor->hard);
}

/* ---- The exit ---- */

/* Who sent the signal that ended it, as far as the worker could tell. */
static enum exit_origin find_origin(const struct berth *berth,
                                    struct exit_reason reason)
{
    struct signal_note note = signal_note_read(&berth->arena.head->death);

    if (reason.signal == 0 || note.signal != reason.signal)
        return ORIGIN_UNKNOWN;
    return exit_origin_of(note.code, note.sender, berth->pid);
}

static void on_worker_exit(struct supervisor *supervisor, struct berth *berth,
                           struct exit_reason reason)
{
    struct record suspect;
    enum exit_origin origin = find_origin(berth, reason);
    struct obituary obituary = {
        .reason = reason,
        .origin = origin,
        .cause = exit_cause_of(reason, berth->order, origin),
        .uptime_us = clock_monotonic_us() - berth->forked_us,
    };
    enum worker_event event;

    /* Its last words first: a connection it gave back is not its any more. */
    messages_read_last(supervisor, berth);
    let_go(supervisor, berth);
    if (schedule_by_kernel(supervisor->options->schedule))
        losses_settle(supervisor, berth, &obituary, &suspect);
    else
        inherit_all(supervisor, berth, &obituary, &suspect);
    memory_reclaim(supervisor, berth);
    supervisor->totals.exits++;
    event = judge(supervisor, berth, &obituary);
    obituary.renews = event != EVENT_LEFT_RETIRE;
    obituary.delay_us = berth->delay_us;
    if (is_failure(supervisor, berth, &obituary))
        failures_note(&supervisor->failures, obituary.cause, reason,
                      berth->responses, clock_monotonic_us());
    obituary_write(supervisor, berth, &obituary);
    berth_happen(supervisor, berth, event);
    if (obituary.renews && berth->state == WORKER_ABSENT)
        berth_happen(supervisor, berth, EVENT_WANTED);
}

static void on_exit_ready(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct berth *berth = watcher->data;
    struct exit_reason reason;

    (void)loop;
    if (watches_refused(berth->supervisor, revents))
        return;
    if (spawn_reap(berth->pidfd, &reason))
        on_worker_exit(berth->supervisor, berth, reason);
}

void exits_watch(struct supervisor *supervisor, struct berth *berth)
{
    ev_io_init(&berth->exit_watcher, on_exit_ready, berth->pidfd, EV_READ);
    berth->exit_watcher.data = berth;
    ev_io_start(supervisor->loop, &berth->exit_watcher);
}
