/* SPDX-License-Identifier: MIT */
/* quiescence.c - reads from /proc in which system call a process sleeps. */
#include "tests/crashpoints/quiescence.h"
#include "chaos/target/process.h"
#include "tests/harness/deadline.h"
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

/* Returns whether a process waits for events or messages in this call. */
static bool is_wait(long call_number)
{
#ifdef SYS_epoll_wait
    if (call_number == SYS_epoll_wait)
        return true;
#endif
    return call_number == SYS_epoll_pwait || call_number == SYS_recvmsg;
}

/* See proc_pid_syscall(5). */
static bool is_still(pid_t pid)
{
    char text[256];
    long call_number;

    return process_slurp(pid, "syscall", text, sizeof(text)) > 0 &&
           sscanf(text, "%ld", &call_number) == 1 && is_wait(call_number);
}

static bool are_still(const pid_t *pids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_still(pids[i]))
            return false;
    return true;
}

bool quiescence_reached(const struct supervised *supervised, size_t count)
{
    pid_t workers[SUPERVISED_WORKERS_MAX];

    /* The workers again: the supervisor may have woken one before it slept. */
    return supervised_workers(supervised, workers) == count &&
           are_still(workers, count) && is_still(supervised->pid) &&
           are_still(workers, count) &&
           supervised_workers(supervised, workers) == count;
}

void quiescence_await(const struct supervised *supervised, size_t count,
                      pid_t *workers)
{
    struct deadline deadline = deadline_start();

    while (!quiescence_reached(supervised, count))
        ck_assert_msg(deadline_nap(deadline), "never %zu workers at rest",
                      count);
    supervised_workers(supervised, workers);
}
