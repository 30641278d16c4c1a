/* SPDX-License-Identifier: MIT */
/* retry.c - see retry.h. */
#include "supervisor/policy/retry.h"

static void count(uint8_t *counter)
{
    if (*counter < UINT8_MAX)
        ++*counter;
}

static void count_death(struct retry_history *history, enum retry_blame blame)
{
    switch (blame) {
    case BLAME_NONE:
        break;
    case BLAME_OUTSIDE:
        count(&history->kills);
        break;
    case BLAME_REQUEST:
        count(&history->attempts);
        break;
    }
}

static enum retry_verdict
continue_elsewhere(const struct retry_history *history)
{
    return history->attempts > 0 ? RETRY_ALONE : RETRY_CONTINUE;
}

enum retry_verdict retry_decide(const struct retry_limits *limits,
                                struct retry_history *history,
                                enum record_state state, bool repeatable,
                                enum retry_blame blame)
{
    switch (state) {
    case RECORD_EMPTY:
        return RETRY_CONTINUE;
    case RECORD_PARSING:
    case RECORD_HANDLING:
        count_death(history, blame);
        if (history->attempts >= limits->max_attempts)
            return RETRY_REFUSE_POISON;
        if (history->kills >= limits->max_kills)
            return RETRY_REFUSE_KILLED;
        if (state == RECORD_HANDLING && !repeatable)
            return RETRY_REFUSE_UNSAFE;
        return continue_elsewhere(history);
    case RECORD_COMMITTED:
        count_death(history, blame);
        if (history->attempts > limits->max_attempts ||
            history->kills > limits->max_kills)
            return RETRY_DROP;
        return continue_elsewhere(history);
    case RECORD_CLOSING:
        return RETRY_CLOSE;
    case RECORD_STATES:
        break;
    }
    return RETRY_DROP; /* invalid record */
}

bool retry_is_stuck(struct retry_standstill *standstill, uint32_t mark)
{
    if (mark != standstill->mark)
        standstill->deaths = 0;
    standstill->mark = mark;
    if (++standstill->deaths < RETRY_STUCK_DEATHS)
        return false;
    standstill->deaths = 0;
    return true;
}
