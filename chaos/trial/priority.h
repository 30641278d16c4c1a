/*
 * priority.h - the instrument before what it measures.
 *
 * A client that is late measures itself.  It needs little of a processor but
 * needs it at once, on a machine that others keep busy, its target first of
 * all.  So it goes before them where the system allows that (CAP_SYS_NICE);
 * elsewhere nothing changes.
 */
#ifndef CHAOS_TRIAL_PRIORITY_H
#define CHAOS_TRIAL_PRIORITY_H

/* Takes it for this process, and for what it forks from now on.  Returns the
 * niceness that it had, for priority_restore. */
int priority_raise(void);

void priority_restore(int niceness);

#endif
