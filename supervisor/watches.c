/* watches.c - notices a refusal before the loop sleeps on it. */
#include "supervisor/watches.h"
#include "supervisor/wording.h"
#include <errno.h>
#include <sys/eventfd.h>

/* When the kernel is asked again. */
#define AGAIN_S 0.02

/* ---- Noticing ---- */

/* Errors of epoll_ctl(2) that libev deals with itself. */
static bool is_dealt_with(int error)
{
    return error == ENOENT || error == EEXIST || error == EPERM;
}

/* Called between epoll_ctl(2) and epoll_wait(2), when nothing is pending but
 * what was refused.  How long the loop is to sleep has been settled, and those
 * callbacks come after: so it must not sleep. */
static void on_release(struct ev_loop *loop)
{
    struct supervisor *supervisor = ev_userdata(loop);
    int error = errno;

    if (ev_pending_count(loop) == 0)
        return;
    /* Another descriptor's may have come over it. */
    supervisor->refused_errno = is_dealt_with(error) ? 0 : error;
    eventfd_write(supervisor->refusal_fd, 1);
}

static void on_refusal(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct supervisor *supervisor = watcher->data;
    eventfd_t count;

    (void)loop;
    wording_unwatched(supervisor, supervisor->refused_errno);
    if (!watches_refused(supervisor, revents))
        eventfd_read(supervisor->refusal_fd, &count);
}

void watches_expect(void)
{
    errno = 0;
}

bool watches_refused(struct supervisor *supervisor, int revents)
{
    if (!(revents & EV_ERROR))
        return false;
    if (!ev_is_active(&supervisor->refusal_timer)) {
        ev_timer_set(&supervisor->refusal_timer, AGAIN_S, 0);
        ev_timer_start(supervisor->loop, &supervisor->refusal_timer);
    }
    return true;
}

/* ---- Starting again ---- */

static void renew_if(struct supervisor *supervisor, ev_io *watcher, bool wanted)
{
    if (wanted && !ev_is_active(watcher))
        ev_io_start(supervisor->loop, watcher);
}

static void renew_berth(struct supervisor *supervisor, struct berth *berth)
{
    if (berth->pidfd < 0)
        return;
    renew_if(supervisor, &berth->exit_watcher, true);
    renew_if(supervisor, &berth->message_watcher, true);
    renew_if(supervisor, &berth->room_watcher,
             berth->choked && !ev_is_active(&berth->room_timer));
}

static bool is_watched(const struct supervisor *supervisor,
                       const struct held *held)
{
    return held->place == PLACE_LINGERING ||
           (held->place == PLACE_WAITING &&
            held->list != &supervisor->lists[LIST_TRICKLE]);
}

static void on_again(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct supervisor *supervisor = timer->data;

    (void)loop;
    (void)revents;
    renew_if(supervisor, &supervisor->refusal_watcher, true);
    renew_if(supervisor, &supervisor->signal_watcher, true);
    for (uint32_t i = 0; i < supervisor->listening_count; i++)
        renew_if(supervisor, &supervisor->listening[i].watcher,
                 supervisor->accepting);
    for (uint32_t i = 0; i < supervisor->berth_count; i++)
        renew_berth(supervisor, &supervisor->berths[i]);
    for (uint32_t i = 0; i < supervisor->held_used; i++)
        renew_if(supervisor, &supervisor->held[i].watcher,
                 is_watched(supervisor, &supervisor->held[i]));
}

void watches_start(struct supervisor *supervisor)
{
    ev_init(&supervisor->refusal_timer, on_again);
    supervisor->refusal_timer.data = supervisor;
    ev_io_init(&supervisor->refusal_watcher, on_refusal, supervisor->refusal_fd,
               EV_READ);
    supervisor->refusal_watcher.data = supervisor;
    ev_io_start(supervisor->loop, &supervisor->refusal_watcher);
    ev_set_userdata(supervisor->loop, supervisor);
    ev_set_loop_release_cb(supervisor->loop, on_release, NULL);
}
