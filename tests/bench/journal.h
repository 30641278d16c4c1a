/* SPDX-License-Identifier: MIT */
/*
 * journal.h - reads the supervisor's JSON log while it is written.
 */
#ifndef TESTS_BENCH_JOURNAL_H
#define TESTS_BENCH_JOURNAL_H

#include "chaos/target/log_reader.h"
#include <stdbool.h>
#include <stdio.h>

/* Reads the next complete line; event->text is not valid after that.  Returns
 * false if there is none yet, or if `file` is NULL; call again later. */
bool journal_next(FILE *file, struct log_event *event);

#endif
