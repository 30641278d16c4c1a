/*
 * exit_status.h - what chaos exits with.
 */
#ifndef CHAOS_MEASURE_EXIT_STATUS_H
#define CHAOS_MEASURE_EXIT_STATUS_H

enum {
    EXIT_HELD = 0,         /* what was claimed held */
    EXIT_DID_NOT_HOLD = 1, /* it did not */
    EXIT_BAD_INPUT = 2,
    EXIT_INCONCLUSIVE = 3 /* the run supports no conclusion */
};

#endif
