/* launch.c - permits asked, processes made. */
#include "supervisor/lifecycle/launch.h"
#include "supervisor/lifecycle/inbox.h"
#include "supervisor/lifecycle/reap.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/child.h"
#include "supervisor/system/clock.h"
#include "supervisor/system/loop_memory.h"
#include "worker/protocol/channel.h"
#include <errno.h>
#include <unistd.h>

/* The supervisor's own memory is not there: all a child has is its brief. */
static void run_child(void *context, int channel, int shared)
{
    const struct brief *brief = context;

    reserve_forget();
    hard_start(&brief->start);
    worker_run(&brief->order, channel, shared);
}

static int try_fork(struct supervisor *supervisor, struct berth *berth)
{
    struct spawn_child child;
    int ends[2];

    if (channel_open(ends) < 0)
        return -1;
    berth_clear(berth);
    if (spawn_fork(&supervisor->spawn, berth->index, ends[1], berth->arena.fd,
                   run_child, supervisor->brief, &child) < 0) {
        int error = errno;

        close(ends[0]);
        errno = error;
        return -1;
    }
    berth->pid = child.pid;
    berth->pidfd = child.pidfd;
    berth->channel = ends[0];
    return 0;
}

static void fork_into(struct supervisor *supervisor, struct berth *berth)
{
    uint64_t now_us = clock_monotonic_us();

    if (try_fork(supervisor, berth) < 0) {
        wording_fork_failed(supervisor, berth, errno);
        berth_fail(supervisor, berth, now_us);
        if (berth->delay_us < supervisor->options->backoff.base_us)
            berth->delay_us = supervisor->options->backoff.base_us;
        berth_happen(supervisor, berth, EVENT_FORK_FAILED);
        return;
    }
    berth->forked_us = now_us;
    berth_sit(berth);
    supervisor->totals.forks++;
    intensity_forked(&supervisor->intensity, now_us);
    wording_fork(supervisor, berth);
    exits_watch(supervisor, berth);
    messages_watch(supervisor, berth);
    berth_happen(supervisor, berth, EVENT_FORKED);
    berth_set_timer(berth, supervisor->options->start_timeout_us);
}

/* Slots before spares: clients wait for those. */
static struct berth *find_pending(struct supervisor *supervisor)
{
    struct berth *spare = NULL;

    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];

        if (berth->state != WORKER_PENDING)
            continue;
        if (berth->slot)
            return berth;
        spare = berth;
    }
    return spare;
}

bool forks_make_one(struct supervisor *supervisor)
{
    struct intensity *intensity = &supervisor->intensity;
    uint64_t now_us = clock_monotonic_us();
    uint64_t wait_us;
    struct berth *berth = find_pending(supervisor);

    if (!berth)
        return false;
    if (intensity_permits(intensity, now_us, supervisor->starting,
                          supervisor->options->max_starting)) {
        fork_into(supervisor, berth);
        return true;
    }
    wait_us = intensity_wait_us(intensity, now_us);
    ev_timer_stop(supervisor->loop, &supervisor->permit_timer);
    /* At 0 it is not time that is waited for, but a worker that starts. */
    if (wait_us > 0 && wait_us != UINT64_MAX) {
        ev_timer_set(&supervisor->permit_timer, (double)wait_us / 1e6, 0);
        ev_timer_start(supervisor->loop, &supervisor->permit_timer);
    }
    return false;
}
