/* priority.c - see priority.h. */
#include "chaos/trial/priority.h"
#include <sys/resource.h>

/* Less nice by this: a tenth of the processor's weight for all others. */
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
