/* SPDX-License-Identifier: MIT */
/*
 * fault_trial.h - one cell of the matrix, tried on a connection: the requests
 * before, with and behind the fault, and what came of them.
 *
 * Fails no test, so it may run in any thread.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_FAULT_TRIAL_H
#define TESTS_HARNESS_SUPERVISOR_FAULT_TRIAL_H

#include "tests/harness/complaint.h"
#include "tests/harness/supervisor/fault_matrix.h"

struct fault_trial {
    struct fault_cell cell;
    int port;
    size_t number;
    int status; /* as in a promise */
    enum fault_end end;
    size_t answered, refused; /* whole answers of this connection */
    struct complaint wrong;   /* of what no promise allows */
};

/* Tries trial->cell, as number trial->number, at trial->port, and fills in the
 * rest, which must be 0. */
void fault_trial(struct fault_trial *trial);

#endif
