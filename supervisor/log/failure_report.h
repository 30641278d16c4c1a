/*
 * failure_report.h - tells the owner what the restarts hide.
 *
 * One line for each kind of failure there has been: how often, how often in the
 * last hour, since when, and how many responses such a worker gave.  Told every
 * --report-every, on SIGUSR1, and at the end.
 */
#ifndef SUPERVISOR_LOG_FAILURE_REPORT_H
#define SUPERVISOR_LOG_FAILURE_REPORT_H

#include "supervisor/supervisor.h"

/* Begins to tell regularly. */
void failure_report_start(struct supervisor *supervisor);

/* Tells now; nothing when nothing has failed. */
void failure_report(struct supervisor *supervisor);

#endif
