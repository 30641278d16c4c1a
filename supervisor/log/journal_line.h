/* SPDX-License-Identifier: MIT */
/*
 * journal_line.h - private to journal.c and journal_line.c.
 */
#ifndef SUPERVISOR_LOG_JOURNAL_LINE_H
#define SUPERVISOR_LOG_JOURNAL_LINE_H

#include "supervisor/log/journal.h"

/* To be called once the buffer is empty: adds the events "log-failed" and
 * "suppressed" if there is something to report. */
void journal_report_gap(struct journal *journal);

#endif
