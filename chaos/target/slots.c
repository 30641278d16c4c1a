/* slots.c - see slots.h. */
#include "chaos/target/slots.h"

static bool in_range(int64_t slot)
{
    return slot >= 1 && slot <= SLOTS_MAX;
}

void slots_news(struct slots *slots, const struct news *news)
{
    if (!in_range(news->slot))
        return;
    switch (news->kind) {
    case NEWS_FORK:
    case NEWS_ONLINE:
    case NEWS_PROMOTE:
        slots->told[news->slot] = true;
        slots->pids[news->slot] = news->pid;
        break;
    case NEWS_EXIT:
        if (slots->pids[news->slot] == news->pid)
            slots->pids[news->slot] = 0;
        break;
    case NEWS_LISTENING:
    case NEWS_TAKE_UP:
    case NEWS_FAILURE:
    case NEWS_TOTALS:
    case NEWS_OTHER:
        break;
    }
}

bool slots_known(const struct slots *slots, int64_t slot)
{
    return in_range(slot) && slots->told[slot];
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
