/* SPDX-License-Identifier: MIT */
/*
 * exit_status.h - the exit statuses of chaos.
 */
#ifndef CHAOS_MEASURE_EXIT_STATUS_H
#define CHAOS_MEASURE_EXIT_STATUS_H

enum {
    EXIT_HELD = 0,         /* all claims held */
    EXIT_DID_NOT_HOLD = 1, /* a claim did not hold */
    EXIT_BAD_INPUT = 2,
    EXIT_INCONCLUSIVE = 3 /* the run allows no conclusion */
};

#endif
