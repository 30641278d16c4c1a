/* SPDX-License-Identifier: MIT */
/*
 * failure_report.h - logs a summary of the failures, which restarts hide.
 *
 * One "failure" event for each kind of failure so far: every --report-every, on
 * SIGUSR1, and at the end.
 */
#ifndef SUPERVISOR_LOG_FAILURE_REPORT_H
#define SUPERVISOR_LOG_FAILURE_REPORT_H

#include "supervisor/supervisor.h"

/* Starts the timer of --report-every. */
void failure_report_start(struct supervisor *supervisor);

/* Logs the summary now; no line if there was no failure. */
void failure_report(struct supervisor *supervisor);

#endif
