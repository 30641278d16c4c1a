/* SPDX-License-Identifier: MIT */
/*
 * stage.h - the stages of the supervisor, and which one may follow which.
 *
 * Pure.
 *
 *   SERVING ---------> DRAINING ---------> LEAVING
 */
#ifndef SUPERVISOR_POLICY_STAGE_H
#define SUPERVISOR_POLICY_STAGE_H

#include <stdbool.h>

enum stage {
    STAGE_SERVING,
    STAGE_DRAINING, /* the port is closed; requests received are answered */
    STAGE_LEAVING,  /* no request is waited for; workers are asked to exit */
    STAGES
};

/* May the stage `next` follow the stage `now`? */
bool stage_may_follow(enum stage now, enum stage next);

/* A static string, for the journal. */
const char *stage_name(enum stage stage);

#endif
