/* SPDX-License-Identifier: MIT */
/* reap.c - see reap.h. */
#include "supervisor/lifecycle/reap.h"
#include "supervisor/handoff/reclaim.h"
#include "supervisor/handoff/recovery.h"
#include "supervisor/handoff/response_memory.h"
#include "supervisor/handoff/self_accepted.h"
#include "supervisor/lifecycle/inbox.h"
#include "supervisor/log/obituary.h"
#include "supervisor/pool/child.h"
#include "supervisor/pool/rewatch.h"
#include "worker/clock.h"
#include "worker/protocol/signal_note.h"
#include <unistd.h>

/* A worker that names as current a record without a connection is corrupt.  If
 * exactly one of its requests is HANDLING, that request corrupted it. */
static bool hides_current_request(const struct child *child, uint32_t current)
{
    uint32_t handled = 0;

    if (current == 0 ||
        (current <= child->records_used && child->connections[current - 1]))
        return false;
    for (uint32_t i = 0; i < child->records_used; i++)
        handled +=
            child->connections[i] &&
            record_load(&child->arena.records[i]).state == RECORD_HANDLING;
    return handled == 1;
}

static void reclaim_all(struct supervisor *supervisor, struct child *child,
                        struct obituary *obituary, struct record *suspect)
{
    uint32_t current = atomic_load(&child->arena.head->current);
    bool hidden = hides_current_request(child, current);
    enum retry_blame blame = exit_cause_blames_request(obituary->cause)
                                 ? BLAME_REQUEST
                                 : BLAME_OUTSIDE;

    for (uint32_t i = 0; i < child->records_used; i++) {
        enum record_state state;
        struct held_connection *held;

        if (!child->connections[i])
            continue;
        obituary->connections++;
        held = reclaim_take(supervisor, child, i, false, &state);
        if (!held)
            continue;
        if (state == RECORD_HANDLING || state == RECORD_COMMITTED) {
            if ((obituary->unfinished++ == 0 || current == i + 1) &&
                held->saved_request) {
                *suspect = held->saved_request->record;
                obituary->suspect = suspect;
            }
        }
        recovery_orphaned(supervisor, held, state,
                          current == i + 1 ||
                                  (hidden && state == RECORD_HANDLING)
                              ? blame
                              : BLAME_NONE);
    }
}

static void release(struct supervisor *supervisor, struct child *child)
{
    ev_io_stop(supervisor->loop, &child->exit_watcher);
    inbox_close(supervisor, child);
    spawn_settled(&supervisor->spawn, child->index);
    close(child->pidfd);
    child->pidfd = -1;
    child->stale = false;
}

/* ---- The decision ---- */

static struct restart_decision decide(struct supervisor *supervisor,
                                      struct child *child,
                                      const struct obituary *obituary)
{
    const struct restart_exit end = {
        .reason = obituary->reason,
        .cause = obituary->cause,
        .uptime_us = obituary->uptime_us,
        .responses = child->responses,
        .was_online = child->was_online,
        .was_drained = child->was_drained,
        .pool_is_ending =
            supervisor->stage == STAGE_LEAVING || supervisor->skip_waiting,
    };

    return restart_decide(&supervisor->restarts, &child->history, &end,
                          clock_monotonic_us());
}

/* Does the exit belong in the failure report?  An exit that the supervisor
 * caused does only if it had to kill the worker, and not for the shutdown. */
static bool is_failure(const struct supervisor *supervisor,
                       const struct child *child,
                       const struct obituary *obituary)
{
    return obituary->cause != CAUSE_SUPERVISOR ||
           (child->last_request == REQUESTED_KILL && !supervisor->skip_waiting);
}

/* ---- The exit ---- */

/* Who sent the fatal signal, according to the note that the worker left. */
static enum exit_origin find_origin(const struct child *child,
                                    struct exit_reason reason)
{
    struct signal_note note = signal_note_read(&child->arena.head->death);

    if (reason.signal == 0 || note.signal != reason.signal)
        return ORIGIN_UNKNOWN;
    return exit_origin_of(note.code, note.sender, child->pid);
}

static void on_worker_exit(struct supervisor *supervisor, struct child *child,
                           struct exit_reason reason)
{
    struct record suspect;
    enum exit_origin origin = find_origin(child, reason);
    struct obituary obituary = {
        .reason = reason,
        .origin = origin,
        .cause = exit_cause_of(reason, child->last_request, origin),
        .uptime_us = clock_monotonic_us() - child->forked_us,
    };
    struct restart_decision decision;

    /* Last messages first: a RETURN among them gives a connection back. */
    inbox_read_last(supervisor, child);
    release(supervisor, child);
    if (schedule_by_kernel(supervisor->options->schedule))
        self_accepted_settle(supervisor, child, &obituary, &suspect);
    else
        reclaim_all(supervisor, child, &obituary, &suspect);
    memory_reclaim(supervisor, child);
    supervisor->totals.exits++;
    decision = decide(supervisor, child, &obituary);
    obituary.renews = decision.event != EVENT_LEFT_RETIRE;
    obituary.delay_us = decision.delay_us;
    if (is_failure(supervisor, child, &obituary))
        failures_note(&supervisor->failures, obituary.cause, reason,
                      child->responses, clock_monotonic_us());
    obituary_write(supervisor, child, &obituary);
    child_carry_out(supervisor, child, &decision);
}

static void on_exit_ready(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct child *child = watcher->data;
    struct exit_reason reason;

    (void)loop;
    if (rewatch_refused(child->supervisor, revents))
        return;
    if (spawn_reap(child->pidfd, &reason))
        on_worker_exit(child->supervisor, child, reason);
}

void reap_watch(struct supervisor *supervisor, struct child *child)
{
    ev_io_init(&child->exit_watcher, on_exit_ready, child->pidfd, EV_READ);
    child->exit_watcher.data = child;
    ev_io_start(supervisor->loop, &child->exit_watcher);
}
