/* SPDX-License-Identifier: MIT */
/* test_overdue.c - a worker that announces its exit but does not exit. */
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include "worker/protocol/channel.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POLLS_MAX 2000 /* of 5 ms each */

/* Starts a process that never exits as the worker of `child`. */
static pid_t start_worker(struct child *child)
{
    pid_t pid = fork();

    ck_assert(pid >= 0);
    if (pid == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (pid == 0)
        pause();
    child->pid = pid;
    child->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    ck_assert_int_ge(child->pidfd, 0);
    return pid;
}

static void send_leaving(struct no_workers *no_workers)
{
    const struct channel_message leaving = { .kind = CHANNEL_LEAVING };

    ck_assert_int_eq(channel_send(no_workers->channels[0], &leaving, -1), 0);
}

START_TEST(worker_that_announces_its_exit_and_stays_is_killed)
{
    const struct timespec pause = { .tv_nsec = 5000000 };
    struct no_workers no_workers;
    struct child *child;
    int status = 0, polls = 0;
    pid_t pid;

    no_workers_open(&no_workers,
                    "--workers 1 --spares 0 --request-timeout 50ms "
                    "--drain-timeout 50ms");
    child = &no_workers.supervisor.children[0];
    pid = start_worker(child);
    while (waitpid(pid, &status, WNOHANG) == 0 && polls++ < POLLS_MAX) {
        /* Repeating the message must not extend the deadline. */
        send_leaving(&no_workers);
        ev_run(no_workers.supervisor.loop, EVRUN_NOWAIT);
        ck_assert(child->state == WORKER_LEAVING ||
                  child->state == WORKER_KILLING);
        nanosleep(&pause, NULL);
    }
    ck_assert_int_le(polls, POLLS_MAX);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    ck_assert_int_eq(child->last_request, REQUESTED_KILL);
    close(child->pidfd);
    no_workers_close(&no_workers);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("overdue");

    tcase_add_test(cases, worker_that_announces_its_exit_and_stays_is_killed);
    return run_suite("overdue", cases);
}
