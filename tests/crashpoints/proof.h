/*
 * proof.h - how far a proof of a case has come, kept in a file, so that a proof
 * of hours may be interrupted; and said on standard output.
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

/* Returns the point to go on with: 0 unless an earlier proof of the same
 * program stopped at one. */
uint64_t proof_open(struct proof *proof, int number,
                    const struct trial_stage *stage, uint64_t points);

/* Point `k` is the next. */
void proof_note(struct proof *proof, uint64_t k);

void proof_close(struct proof *proof);

#endif
