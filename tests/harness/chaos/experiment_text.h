/* SPDX-License-Identifier: MIT */
/*
 * experiment_text.h - experiments given as a string.
 */
#ifndef TESTS_HARNESS_CHAOS_EXPERIMENT_TEXT_H
#define TESTS_HARNESS_CHAOS_EXPERIMENT_TEXT_H

#include "chaos/experiment/experiment.h"

/* Reads `text` like a file, over the defaults and a seed of 7. */
bool experiment_text_read(struct experiment *into, const char *text,
                          char why[EXPERIMENT_WHY]);

#endif
