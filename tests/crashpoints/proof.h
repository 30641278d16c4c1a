/* SPDX-License-Identifier: MIT */
/*
 * proof.h - the progress of a proof, kept in a file, so that a proof can be
 * interrupted and continued, and printed to standard output.
 */
#ifndef TESTS_CRASHPOINTS_PROOF_H
#define TESTS_CRASHPOINTS_PROOF_H

#include "tests/crashpoints/trial.h"
#include <stdint.h>
#include <stdio.h>

struct proof {
    FILE *file;
    const struct trial_stage *stage;
    uint64_t points;
};

/* Returns the point to continue at: 0 unless an earlier proof of the same build
 * was interrupted. */
uint64_t proof_open(struct proof *proof, int number,
                    const struct trial_stage *stage, uint64_t points);

/* Saves that point `k` is the next. */
void proof_save(struct proof *proof, uint64_t k);

void proof_close(struct proof *proof);

#endif
