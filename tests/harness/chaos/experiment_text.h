/* SPDX-License-Identifier: MIT */
/*
 * experiment_text.h - experiments that stand in a test, not in a file.
 */
#ifndef TESTS_HARNESS_CHAOS_EXPERIMENT_TEXT_H
#define TESTS_HARNESS_CHAOS_EXPERIMENT_TEXT_H

#include "chaos/experiment/experiment.h"

/* Reads `text` as if it stood in a file, over the presets and a seed of 7. */
bool experiment_text_read(struct experiment *into, const char *text,
                          char why[EXPERIMENT_WHY]);

#endif
