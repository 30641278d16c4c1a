/* SPDX-License-Identifier: MIT */
/* slots.c - see slots.h. */
#include "chaos/target/slots.h"

static bool in_range(int64_t slot)
{
    return slot >= 1 && slot <= SLOTS_MAX;
}

void slots_log_event(struct slots *slots, const struct log_event *event)
{
    if (!in_range(event->slot))
        return;
    if (event->kind == LOG_EVENT_FORK || event->kind == LOG_EVENT_ONLINE ||
        event->kind == LOG_EVENT_PROMOTE) {
        slots->were_logged[event->slot] = true;
        slots->pids[event->slot] = event->pid;
    } else if (event->kind == LOG_EVENT_EXIT &&
               slots->pids[event->slot] == event->pid) {
        slots->pids[event->slot] = 0;
    }
}

bool slots_known(const struct slots *slots, int64_t slot)
{
    return in_range(slot) && slots->were_logged[slot];
}

pid_t slots_pid(const struct slots *slots, int64_t slot)
{
    return in_range(slot) ? slots->pids[slot] : 0;
}

int64_t slots_slot(const struct slots *slots, pid_t pid)
{
    for (int64_t slot = 1; slot <= SLOTS_MAX; slot++)
        if (slots->pids[slot] == pid)
            return slot;
    return 0;
}
