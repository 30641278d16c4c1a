/* SPDX-License-Identifier: MIT */
/* lifecycle.c - see lifecycle.h. */
#include "supervisor/policy/lifecycle.h"

/* Pairs that are not listed are { 0, ACTION_REFUSE }. */
/* clang-format off */
static const struct transition transitions[WORKER_STATES][WORKER_EVENTS] = {
    [WORKER_ABSENT] = {
        [EVENT_WANTED]      = { WORKER_PENDING,  ACTION_ASK },
        [EVENT_DRAIN]       = { WORKER_ABSENT,   ACTION_NONE },
    },
    [WORKER_PENDING] = {
        [EVENT_FORKED]      = { WORKER_STARTING, ACTION_NONE },
        [EVENT_FORK_FAILED] = { WORKER_RESTING,  ACTION_REST },
        [EVENT_DRAIN]       = { WORKER_ABSENT,   ACTION_NONE },
    },
    [WORKER_STARTING] = {
        [EVENT_ONLINE]      = { WORKER_READY,    ACTION_NONE },
        [EVENT_OVERDUE]     = { WORKER_KILLING,  ACTION_KILL },
        [EVENT_DRAIN]       = { WORKER_DRAINING, ACTION_DRAIN },
        [EVENT_KILL]        = { WORKER_KILLING,  ACTION_KILL },
        [EVENT_CLOSED]      = { WORKER_KILLING,  ACTION_END },
        [EVENT_LEFT_RENEW]  = { WORKER_PENDING,  ACTION_ASK },
        [EVENT_LEFT_REST]   = { WORKER_RESTING,  ACTION_REST },
        [EVENT_LEFT_RETIRE] = { WORKER_ABSENT,   ACTION_NONE },
    },
    [WORKER_READY] = {
        [EVENT_HANDED]      = { WORKER_BUSY,     ACTION_NONE },
        [EVENT_LEAVING]     = { WORKER_LEAVING,  ACTION_NONE },
        [EVENT_DRAIN]       = { WORKER_DRAINING, ACTION_DRAIN },
        [EVENT_HUNG]        = { WORKER_ABORTING, ACTION_ABORT },
        [EVENT_KILL]        = { WORKER_KILLING,  ACTION_KILL },
        [EVENT_CLOSED]      = { WORKER_KILLING,  ACTION_END },
        [EVENT_LEFT_RENEW]  = { WORKER_PENDING,  ACTION_ASK },
        [EVENT_LEFT_REST]   = { WORKER_RESTING,  ACTION_REST },
        [EVENT_LEFT_RETIRE] = { WORKER_ABSENT,   ACTION_NONE },
    },
    [WORKER_BUSY] = {
        [EVENT_IDLE]        = { WORKER_READY,    ACTION_NONE },
        [EVENT_LEAVING]     = { WORKER_LEAVING,  ACTION_NONE },
        [EVENT_DRAIN]       = { WORKER_DRAINING, ACTION_DRAIN },
        [EVENT_HUNG]        = { WORKER_ABORTING, ACTION_ABORT },
        [EVENT_KILL]        = { WORKER_KILLING,  ACTION_KILL },
        [EVENT_CLOSED]      = { WORKER_KILLING,  ACTION_END },
        [EVENT_LEFT_RENEW]  = { WORKER_PENDING,  ACTION_ASK },
        [EVENT_LEFT_REST]   = { WORKER_RESTING,  ACTION_REST },
        [EVENT_LEFT_RETIRE] = { WORKER_ABSENT,   ACTION_NONE },
    },
    [WORKER_LEAVING] = {
        [EVENT_IDLE]        = { WORKER_LEAVING,  ACTION_NONE },
        [EVENT_LEAVING]     = { WORKER_LEAVING,  ACTION_NONE },
        [EVENT_OVERDUE]     = { WORKER_KILLING,  ACTION_KILL },
        [EVENT_DRAIN]       = { WORKER_DRAINING, ACTION_DRAIN },
        [EVENT_HUNG]        = { WORKER_ABORTING, ACTION_ABORT },
        [EVENT_KILL]        = { WORKER_KILLING,  ACTION_KILL },
        [EVENT_CLOSED]      = { WORKER_KILLING,  ACTION_END },
        [EVENT_LEFT_RENEW]  = { WORKER_PENDING,  ACTION_ASK },
        [EVENT_LEFT_REST]   = { WORKER_RESTING,  ACTION_REST },
        [EVENT_LEFT_RETIRE] = { WORKER_ABSENT,   ACTION_NONE },
    },
    [WORKER_DRAINING] = {
        [EVENT_ONLINE]      = { WORKER_DRAINING, ACTION_NONE },
        [EVENT_IDLE]        = { WORKER_DRAINING, ACTION_NONE },
        [EVENT_LEAVING]     = { WORKER_DRAINING, ACTION_NONE },
        [EVENT_OVERDUE]     = { WORKER_KILLING,  ACTION_KILL },
        [EVENT_DRAIN]       = { WORKER_DRAINING, ACTION_NONE },
        [EVENT_HUNG]        = { WORKER_ABORTING, ACTION_ABORT },
        [EVENT_KILL]        = { WORKER_KILLING,  ACTION_KILL },
        [EVENT_CLOSED]      = { WORKER_KILLING,  ACTION_END },
        [EVENT_LEFT_RENEW]  = { WORKER_PENDING,  ACTION_ASK },
        [EVENT_LEFT_REST]   = { WORKER_RESTING,  ACTION_REST },
        [EVENT_LEFT_RETIRE] = { WORKER_ABSENT,   ACTION_NONE },
    },
    [WORKER_ABORTING] = {
        [EVENT_IDLE]        = { WORKER_ABORTING, ACTION_NONE },
        [EVENT_LEAVING]     = { WORKER_ABORTING, ACTION_NONE },
        [EVENT_OVERDUE]     = { WORKER_KILLING,  ACTION_END },
        [EVENT_DRAIN]       = { WORKER_ABORTING, ACTION_NONE },
        [EVENT_KILL]        = { WORKER_KILLING,  ACTION_KILL },
        [EVENT_CLOSED]      = { WORKER_KILLING,  ACTION_END },
        [EVENT_LEFT_RENEW]  = { WORKER_PENDING,  ACTION_ASK },
        [EVENT_LEFT_REST]   = { WORKER_RESTING,  ACTION_REST },
        [EVENT_LEFT_RETIRE] = { WORKER_ABSENT,   ACTION_NONE },
    },
    [WORKER_KILLING] = {
        [EVENT_ONLINE]      = { WORKER_KILLING,  ACTION_NONE },
        [EVENT_IDLE]        = { WORKER_KILLING,  ACTION_NONE },
        [EVENT_LEAVING]     = { WORKER_KILLING,  ACTION_NONE },
        [EVENT_OVERDUE]     = { WORKER_KILLING,  ACTION_END },
        [EVENT_DRAIN]       = { WORKER_KILLING,  ACTION_NONE },
        [EVENT_KILL]        = { WORKER_KILLING,  ACTION_KILL },
        [EVENT_CLOSED]      = { WORKER_KILLING,  ACTION_NONE },
        [EVENT_LEFT_RENEW]  = { WORKER_PENDING,  ACTION_ASK },
        [EVENT_LEFT_REST]   = { WORKER_RESTING,  ACTION_REST },
        [EVENT_LEFT_RETIRE] = { WORKER_ABSENT,   ACTION_NONE },
    },
    [WORKER_RESTING] = {
        [EVENT_RESTED]      = { WORKER_PENDING,  ACTION_ASK },
        [EVENT_DRAIN]       = { WORKER_ABSENT,   ACTION_NONE },
    },
};
/* clang-format on */

struct transition lifecycle_next(enum worker_state state,
                                 enum worker_event event)
{
    struct transition step = transitions[state][event];

    if (step.action == ACTION_REFUSE)
        step.next = state;
    return step;
}

bool worker_is_alive(enum worker_state state)
{
    switch (state) {
    case WORKER_STARTING:
    case WORKER_READY:
    case WORKER_BUSY:
    case WORKER_LEAVING:
    case WORKER_DRAINING:
    case WORKER_ABORTING:
    case WORKER_KILLING:
        return true;
    case WORKER_ABSENT:
    case WORKER_PENDING:
    case WORKER_RESTING:
    case WORKER_STATES:
        break;
    }
    return false;
}

const char *worker_state_name(enum worker_state state)
{
    switch (state) {
    case WORKER_ABSENT:
        return "absent";
    case WORKER_PENDING:
        return "pending";
    case WORKER_STARTING:
        return "starting";
    case WORKER_READY:
        return "ready";
    case WORKER_BUSY:
        return "busy";
    case WORKER_LEAVING:
        return "leaving";
    case WORKER_DRAINING:
        return "draining";
    case WORKER_ABORTING:
        return "aborting";
    case WORKER_KILLING:
        return "killing";
    case WORKER_RESTING:
        return "resting";
    case WORKER_STATES:
        break;
    }
    return "unknown";
}

const char *worker_event_name(enum worker_event event)
{
    switch (event) {
    case EVENT_WANTED:
        return "wanted";
    case EVENT_FORKED:
        return "forked";
    case EVENT_FORK_FAILED:
        return "fork failed";
    case EVENT_ONLINE:
        return "online";
    case EVENT_HANDED:
        return "handed";
    case EVENT_IDLE:
        return "idle";
    case EVENT_OVERDUE:
        return "overdue";
    case EVENT_LEAVING:
        return "leaving";
    case EVENT_DRAIN:
        return "drain";
    case EVENT_HUNG:
        return "hung";
    case EVENT_KILL:
        return "kill";
    case EVENT_CLOSED:
        return "closed";
    case EVENT_LEFT_RENEW:
        return "left, renew";
    case EVENT_LEFT_REST:
        return "left, rest";
    case EVENT_LEFT_RETIRE:
        return "left, retire";
    case EVENT_RESTED:
        return "rested";
    case WORKER_EVENTS:
        break;
    }
    return "unknown";
}
