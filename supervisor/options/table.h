/* SPDX-License-Identifier: MIT */
/*
 * table.h - the options of the supervisor, which fill struct options.
 *
 * Private to supervisor/options; the rest of the program uses options.h.
 */
#ifndef SUPERVISOR_OPTIONS_TABLE_H
#define SUPERVISOR_OPTIONS_TABLE_H

#include "supervisor/options/option.h"
#include "supervisor/options/options.h"

#define SUPERVISOR_ROWS_MAX 64

/* In the order of --help. */
extern const struct option_row supervisor_rows[];
extern const size_t supervisor_row_count;

#endif
