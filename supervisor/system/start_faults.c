/* SPDX-License-Identifier: MIT */
/* start_faults.c - see start_faults.h. */
#include "supervisor/system/start_faults.h"
#include "worker/clock.h"
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

/* The lock is an abstract Unix address (unix(7)): one process can have it at a
 * time, and the kernel frees it when that process dies.  Returns a descriptor
 * that holds the lock, or -1. */
static int take_lock(pid_t supervisor)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int length;

    if (fd < 0)
        return -1;
    length = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1,
                      "supervisor-%d-start-lock", (int)supervisor);
    if (bind(fd, (struct sockaddr *)&name,
             (socklen_t)(sizeof(name.sun_family) + 1 + (size_t)length)) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void wait_for(uint64_t delay_us)
{
    struct timespec left = { .tv_sec = (time_t)(delay_us / 1000000),
                             .tv_nsec = (long)(delay_us % 1000000) * 1000 };

    while (nanosleep(&left, &left) < 0)
        ;
}

void start_faults(const struct start_faults *start)
{
    int lock = -1;

    if (start->crash_until_us > 0 &&
        clock_monotonic_us() < start->crash_until_us)
        _exit(1);
    if (start->exclusive && (lock = take_lock(start->supervisor)) < 0)
        _exit(EX_TEMPFAIL);
    if (start->delay_us > 0)
        wait_for(start->delay_us);
    if (lock >= 0)
        close(lock);
}
