/* SPDX-License-Identifier: MIT */
/* priority.c - see priority.h. */
#include "chaos/trial/priority.h"
#include <sys/resource.h>

/* In niceness: others then have about a tenth of this process's weight. */
#define AHEAD 10

int priority_raise(void)
{
    int niceness = getpriority(PRIO_PROCESS, 0);

    setpriority(PRIO_PROCESS, 0, niceness - AHEAD);
    return niceness;
}

void priority_restore(int niceness)
{
    setpriority(PRIO_PROCESS, 0, niceness);
}
