/* SPDX-License-Identifier: MIT */
/* stage.c - see stage.h. */
#include "supervisor/policy/stage.h"

static const bool steps[STAGES][STAGES] = {
    [STAGE_SERVING] = { [STAGE_DRAINING] = true },
    [STAGE_DRAINING] = { [STAGE_LEAVING] = true },
};

bool stage_may_follow(enum stage now, enum stage next)
{
    return steps[now][next];
}

const char *stage_name(enum stage stage)
{
    switch (stage) {
    case STAGE_SERVING:
        return "serving";
    case STAGE_DRAINING:
        return "draining";
    case STAGE_LEAVING:
        return "leaving";
    case STAGES:
        break;
    }
    return "unknown";
}
