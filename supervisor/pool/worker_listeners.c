/* SPDX-License-Identifier: MIT */
/* worker_listeners.c - see worker_listeners.h. */
#include "supervisor/pool/worker_listeners.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/child.h"
#include "supervisor/system/listener.h"
#include "worker/http/peek.h"
#include "worker/protocol/channel.h"
#include <errno.h>
#include <unistd.h>

_Static_assert(WORKER_LISTENERS_MAX >= OPTIONS_LISTEN_MAX,
               "a worker must be able to get every address");

static bool has_own(const struct supervisor *supervisor)
{
    return supervisor->options->schedule == SCHEDULE_REUSEPORT;
}

/* Returns the slot's own listener at the i-th address, and opens it if needed;
 * or -1 with errno set. */
static int own_listener(struct supervisor *supervisor, struct slot *slot,
                        uint32_t i)
{
    if (slot->listeners[i] < 0)
        slot->listeners[i] = listener_open_shared(
            supervisor->sockets[i].fd,
            peek_capacity(&supervisor->worker_config->options.limits),
            supervisor->send_queue_bytes);
    return slot->listeners[i];
}

const char *worker_listeners_open(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->slot_count; i++)
        for (uint32_t j = 0; j < supervisor->socket_count; j++)
            if (has_own(supervisor) &&
                own_listener(supervisor, &supervisor->slots[i], j) < 0)
                return supervisor->options->listen[j];
    return NULL;
}

static void close_own(struct slot *slot, uint32_t i)
{
    if (slot->listeners[i] >= 0)
        close(slot->listeners[i]);
    slot->listeners[i] = -1;
}

void worker_listeners_close(struct supervisor *supervisor)
{
    for (uint32_t i = 0; supervisor->slots && i < supervisor->slot_count; i++)
        for (uint32_t j = 0; j < OPTIONS_LISTEN_MAX; j++)
            close_own(&supervisor->slots[i], j);
}

/* ---- Sending ---- */

static int give_one(struct supervisor *supervisor, struct child *child,
                    uint32_t i)
{
    const struct port_socket *socket = &supervisor->sockets[i];
    bool own = has_own(supervisor);
    bool kept = !own || supervisor->options->keep_listeners;
    struct channel_message message = { .kind = CHANNEL_LISTEN,
                                       .listen = { .is_exclusive = !kept,
                                                   .is_tcp = socket->is_tcp } };
    int fd = own ? own_listener(supervisor, child->slot, i) : socket->fd;
    int result = fd < 0 ? -1 : channel_send(child->channel, &message, fd);
    int error = errno;

    if (!kept)
        close_own(child->slot, i);
    errno = error;
    return result;
}

void worker_listeners_give(struct supervisor *supervisor, struct child *child)
{
    if (!schedule_by_kernel(supervisor->options->schedule) || !child->slot ||
        supervisor->stage != STAGE_SERVING)
        return;
    for (uint32_t i = 0; i < supervisor->socket_count; i++) {
        if (give_one(supervisor, child, i) == 0)
            continue;
        /* The worker is dead; its exit will be read next. */
        if (errno == EPIPE || errno == ECONNRESET)
            return;
        event_no_listener(supervisor, child, errno);
        child_handle_event(supervisor, child, EVENT_KILL);
        return;
    }
}
