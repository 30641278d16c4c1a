/* SPDX-License-Identifier: MIT */
/* launch.c - see launch.h. */
#include "supervisor/lifecycle/launch.h"
#include "supervisor/lifecycle/inbox.h"
#include "supervisor/lifecycle/reap.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/child.h"
#include "supervisor/system/loop_memory.h"
#include "worker/clock.h"
#include "worker/protocol/channel.h"
#include <errno.h>
#include <unistd.h>

/* Runs in the new process, which must use nothing of the supervisor's memory
 * but `context`. */
static void run_child(void *context, int channel, int shared)
{
    const struct worker_config *config = context;

    loop_memory_forget();
    start_faults(&config->start);
    worker_run(&config->options, channel, shared);
}

static int try_fork(struct supervisor *supervisor, struct child *child)
{
    struct spawn_child process;
    int ends[2];

    if (channel_open(ends) < 0)
        return -1;
    child_clear(child);
    if (spawn_fork(&supervisor->spawn, child->index, ends[1], child->arena.fd,
                   run_child, supervisor->worker_config, &process) < 0) {
        int error = errno;

        close(ends[0]);
        errno = error;
        return -1;
    }
    child->pid = process.pid;
    child->pidfd = process.pidfd;
    child->channel = ends[0];
    return 0;
}

static void fork_into(struct supervisor *supervisor, struct child *child)
{
    uint64_t now_us = clock_monotonic_us();

    if (try_fork(supervisor, child) < 0) {
        struct restart_decision decision;

        event_fork_failed(supervisor, child, errno);
        decision =
            restart_fork_failed(&supervisor->restarts, &child->history, now_us);
        child_carry_out(supervisor, child, &decision);
        return;
    }
    child->forked_us = now_us;
    child_take_slot(child);
    supervisor->totals.forks++;
    restart_forked(&supervisor->restarts, &child->history, now_us);
    event_fork(supervisor, child);
    reap_watch(supervisor, child);
    inbox_watch(supervisor, child);
    child_handle_event(supervisor, child, EVENT_FORKED);
}

/* Returns a child with a slot if there is one: clients wait for it. */
static struct child *find_pending(struct supervisor *supervisor)
{
    struct child *spare = NULL;

    for (uint32_t i = 0; i < supervisor->child_count; i++) {
        struct child *child = &supervisor->children[i];

        if (child->state != WORKER_PENDING)
            continue;
        if (child->slot)
            return child;
        spare = child;
    }
    return spare;
}

bool launch_one(struct supervisor *supervisor)
{
    struct intensity *intensity = &supervisor->restarts.intensity;
    uint64_t now_us = clock_monotonic_us();
    uint64_t wait_us;
    struct child *child = find_pending(supervisor);

    if (!child)
        return false;
    if (intensity_permits(intensity, now_us, supervisor->starting,
                          supervisor->options->max_starting)) {
        fork_into(supervisor, child);
        return true;
    }
    wait_us = intensity_wait_us(intensity, now_us);
    ev_timer_stop(supervisor->loop, &supervisor->permit_timer);
    /* 0: a starting worker must come online, exit or be killed first; no timer
     * helps. */
    if (wait_us > 0 && wait_us != UINT64_MAX) {
        ev_timer_set(&supervisor->permit_timer, (double)wait_us / 1e6, 0);
        ev_timer_start(supervisor->loop, &supervisor->permit_timer);
    }
    return false;
}
