/* SPDX-License-Identifier: MIT */
/*
 * signal_name.h - the names of signals.
 *
 * Pure.  The names are static strings.
 */
#ifndef SUPERVISOR_POLICY_SIGNAL_NAME_H
#define SUPERVISOR_POLICY_SIGNAL_NAME_H

/* Returns a name like "SIGKILL", or "real-time signal"; NULL for 0. */
const char *signal_name(int signal);

/* Returns a name like "KILL"; NULL for 0 and for real-time signals. */
const char *signal_abbreviation(int signal);

/* Returns the number of "SIGKILL" or "KILL", in upper or lower case; 0 if no
 * signal has this name. */
int signal_number(const char *name);

#endif
