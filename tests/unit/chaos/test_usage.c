/* SPDX-License-Identifier: MIT */
/* test_usage.c - CPU time and memory of a process tree. */
#include "chaos/target/usage.h"
#include "tests/harness/run_suite.h"
#include "worker/clock.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORK_MS 200

/* /proc counts whole ticks of 10 ms: each of two counts of two processes may
 * lack one. */
#define LACK_MS_MAX 40

static uint64_t used_ms(void)
{
    return clock_process_us() / 1000;
}

/* Uses half of WORK_MS of CPU time in user mode, and half in the kernel. */
static void work(void)
{
    static char zeros[1 << 16];
    int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);

    while (used_ms() < WORK_MS / 2)
        for (volatile int i = 0; i < 100000; i++)
            ;
    while (used_ms() < WORK_MS && read(zero, zeros, sizeof(zeros)) > 0)
        ;
    close(zero);
}

static uint64_t cpu_ms(void)
{
    struct usage_mark mark = usage_mark(getpid(), 0, 0);

    ck_assert(mark.was_read);
    return mark.user_ms + mark.system_ms;
}

static pid_t worker(int *done)
{
    int ends[2];
    pid_t child;

    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        work();
        close(ends[1]);
        close(ends[0]);
        pause();
        _exit(0);
    }
    close(ends[1]);
    *done = ends[0];
    return child;
}

START_TEST(cpu_time_of_running_dead_and_reaped_children_counts)
{
    uint64_t before_ms = cpu_ms();
    int done;
    pid_t child = worker(&done);
    siginfo_t end;
    char byte;

    ck_assert_int_eq(read(done, &byte, 1), 0);
    ck_assert_uint_ge(cpu_ms() + LACK_MS_MAX, before_ms + WORK_MS);
    kill(child, SIGKILL);
    ck_assert_int_eq(waitid(P_PID, (id_t)child, &end, WEXITED | WNOWAIT), 0);
    ck_assert_uint_ge(cpu_ms() + LACK_MS_MAX, before_ms + WORK_MS);
    waitpid(child, NULL, 0);
    ck_assert_uint_ge(cpu_ms() + LACK_MS_MAX, before_ms + WORK_MS);
    close(done);
}
END_TEST

START_TEST(maximum_is_kept)
{
    struct usage usage = { 0 };
    uint64_t alone_bytes, both_bytes;
    int done;
    pid_t child;

    usage_look(&usage, getpid());
    ck_assert_uint_eq(usage.processes_max, 1);
    ck_assert_uint_gt(usage.rss_max_bytes, 0);
    alone_bytes = usage.rss_max_bytes;
    child = worker(&done);
    usage_look(&usage, getpid());
    ck_assert_uint_eq(usage.processes_max, 2);
    both_bytes = usage.rss_max_bytes;
    ck_assert_uint_gt(both_bytes, alone_bytes);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    usage_look(&usage, getpid());
    ck_assert_uint_eq(usage.processes_max, 2);
    ck_assert_uint_ge(usage.rss_max_bytes, both_bytes);
    ck_assert_uint_gt(usage_pss(getpid()), 0);
    close(done);
}
END_TEST

START_TEST(usage_of_a_reaped_process_is_unknown)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
    ck_assert(!usage_mark(child, 1, 1).was_read);
    ck_assert(!usage_mark(0, 1, 1).was_read);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("usage");

    tcase_add_test(cases, cpu_time_of_running_dead_and_reaped_children_counts);
    tcase_add_test(cases, maximum_is_kept);
    tcase_add_test(cases, usage_of_a_reaped_process_is_unknown);
    return run_suite("usage", cases);
}
