/*
 * left_behind.h - processes that a test started through others, and that must
 * not outlive it.
 */
#ifndef TESTS_SYSTEM_LEFT_BEHIND_H
#define TESTS_SYSTEM_LEFT_BEHIND_H

/* How many processes have `mark` in their command line. */
unsigned left_behind(const char *mark);

/* Waits until there is none. */
void left_behind_none(const char *mark);

#endif
