/* SPDX-License-Identifier: MIT */
/* test_effects.c - effects on a process are reverted completely, also when they
 * overlap. */
#include "chaos/faults/inject.h"
#include "chaos/target/process.h"
#include "chaos/trial/internal.h"
#include "tests/harness/process.h"
#include "tests/harness/run_suite.h"
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOWERED 64
#define NAPS    10000 /* of 1 ms each: only reached on failure */

static struct effects effects;
static struct victim victim;

static void start_victim(void)
{
    victim.pid = fork();
    ck_assert_int_ge(victim.pid, 0);
    if (victim.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            pause();
    }
    ck_assert(victim_look_up(&victim));
}

static void end_victim(void)
{
    effects_revert_all(&effects);
    kill(victim.pid, SIGKILL);
    waitpid(victim.pid, NULL, 0);
}

static uint64_t limit_of(enum __rlimit_resource resource)
{
    struct rlimit limit;

    ck_assert_int_eq(prlimit(victim.pid, resource, NULL, &limit), 0);
    return limit.rlim_cur;
}

static uint64_t memory(void)
{
    return limit_of(RLIMIT_AS);
}

static uint64_t files(void)
{
    return limit_of(RLIMIT_NOFILE);
}

static uint64_t niceness(void)
{
    return (uint64_t)getpriority(PRIO_PROCESS, (id_t)victim.pid);
}

static uint64_t is_stopped(void)
{
    struct process process;

    ck_assert(process_read(victim.pid, &process));
    return process.state == 'T';
}

static int lower_memory(int pidfd, uint64_t ends_us)
{
    (void)pidfd;
    return inject_limit(&effects, &victim, RLIMIT_AS, LOWERED, ends_us);
}

static int lower_files(int pidfd, uint64_t ends_us)
{
    (void)pidfd;
    return inject_limit(&effects, &victim, RLIMIT_NOFILE, LOWERED, ends_us);
}

static int slow_down(int pidfd, uint64_t ends_us)
{
    (void)pidfd;
    return inject_slow(&effects, &victim, ends_us);
}

static int stop(int pidfd, uint64_t ends_us)
{
    return inject_stop(&effects, &victim, pidfd, ends_us);
}

static const struct {
    int (*injection)(int pidfd, uint64_t ends_us);
    uint64_t (*look)(void);
    uint64_t affected;
} kinds[] = {
    { lower_memory, memory, LOWERED },
    { lower_files, files, LOWERED },
    { slow_down, niceness, 19 },
    { stop, is_stopped, 1 },
};

static void injection(int kind, uint64_t ends_us)
{
    int pidfd = victim_hold(&victim, true);

    ck_assert_int_ge(pidfd, 0);
    ck_assert_int_eq(kinds[kind].injection(pidfd, ends_us), 0);
    close(pidfd);
}

/* A signal takes effect later. */
static void wait_for(int kind, uint64_t wanted)
{
    for (int i = 0; i < NAPS && kinds[kind].look() != wanted; i++)
        usleep(1000);
    ck_assert_msg(kinds[kind].look() == wanted, "kind %d: %llu, want %llu",
                  kind, (unsigned long long)kinds[kind].look(),
                  (unsigned long long)wanted);
}

START_TEST(original_state_is_restored_after_two_injections)
{
    uint64_t before;

    start_victim();
    before = kinds[_i].look();
    ck_assert(before != kinds[_i].affected);
    injection(_i, 100);
    injection(_i, 200);
    effects_revert(&effects, 100);
    wait_for(_i, kinds[_i].affected);
    effects_revert(&effects, 200);
    wait_for(_i, before);
    ck_assert_uint_eq(effects_next_us(&effects), UINT64_MAX);
    end_victim();
}
END_TEST

START_TEST(shorter_effect_does_not_end_a_longer_one)
{
    uint64_t before;

    start_victim();
    before = kinds[_i].look();
    injection(_i, 200);
    injection(_i, 100);
    effects_revert(&effects, 100);
    wait_for(_i, kinds[_i].affected);
    effects_revert(&effects, 200);
    wait_for(_i, before);
    end_victim();
}
END_TEST

START_TEST(limits_are_reverted_independently)
{
    uint64_t memory_before, files_before;

    start_victim();
    memory_before = memory();
    files_before = files();
    injection(0, 100);
    injection(1, 200);
    effects_revert(&effects, 100);
    ck_assert_uint_eq(memory(), memory_before);
    ck_assert_uint_eq(files(), LOWERED);
    effects_revert(&effects, 200);
    ck_assert_uint_eq(files(), files_before);
    end_victim();
}
END_TEST

/* The rollback helper alone, as if this process had died. */
START_TEST(rollback_helper_forgets_the_right_limit)
{
    struct rollback_helper rollback_helper = { 0 };
    struct effect of_memory, of_files;
    struct rlimit lower;

    start_victim();
    of_memory = (struct effect){ .kind = EFFECT_LIMITED,
                                 .pid = victim.pid,
                                 .started_ticks = victim.started_ticks,
                                 .resource = RLIMIT_AS };
    of_files = of_memory;
    of_files.resource = RLIMIT_NOFILE;
    prlimit(victim.pid, RLIMIT_AS, NULL, &of_memory.before);
    prlimit(victim.pid, RLIMIT_NOFILE, NULL, &of_files.before);
    ck_assert(rollback_helper_watch(&rollback_helper, &of_memory));
    ck_assert(rollback_helper_watch(&rollback_helper, &of_files));
    lower = of_memory.before;
    lower.rlim_cur = LOWERED;
    ck_assert_int_eq(prlimit(victim.pid, RLIMIT_AS, &lower, NULL), 0);
    rollback_helper_forget(&rollback_helper, &of_files);
    rollback_helper_dismiss(&rollback_helper);
    ck_assert_uint_eq(memory(), of_memory.before.rlim_cur);
    end_victim();
}
END_TEST

/* Otherwise the rollback helper would see the end of its pipe only when the CPU
 * hog ends. */
START_TEST(cpu_hog_inherits_no_descriptors)
{
    int cpu_hogs = 0;

    start_victim();
    injection(2, 100);
    for (uint32_t i = 0; i < effects.count; i++) {
        const struct effect *effect = &effects.list[i];

        if (effect->kind != EFFECT_CPU_HOG)
            continue;
        cpu_hogs++;
        for (int n = 0; n < NAPS && process_descriptors(effect->pid) > 0; n++)
            usleep(1000);
        ck_assert_uint_eq(process_descriptors(effect->pid), 0);
    }
    ck_assert_int_gt(cpu_hogs, 0);
    end_victim();
}
END_TEST

/* The CPU hog competes with its victim, so it must not inherit the raised
 * priority of chaos. */
START_TEST(cpu_hog_has_the_original_niceness_of_its_victim)
{
    int ours = trial_raise_priority(), cpu_hogs = 0;

    start_victim();
    ck_assert_int_eq(setpriority(PRIO_PROCESS, (id_t)victim.pid, ours), 0);
    injection(2, 100);
    setpriority(PRIO_PROCESS, 0, ours);
    ck_assert_int_eq(getpriority(PRIO_PROCESS, 0), ours);
    for (uint32_t i = 0; i < effects.count; i++) {
        pid_t pid = effects.list[i].pid;

        if (effects.list[i].kind != EFFECT_CPU_HOG)
            continue;
        cpu_hogs++;
        for (int n = 0; n < NAPS && process_descriptors(pid) > 0; n++)
            usleep(1000);
        ck_assert_int_eq(getpriority(PRIO_PROCESS, (id_t)pid), ours);
    }
    ck_assert_int_gt(cpu_hogs, 0);
    end_victim();
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("effects");

    tcase_add_loop_test(cases, original_state_is_restored_after_two_injections,
                        0, ROWS(kinds));
    tcase_add_loop_test(cases, shorter_effect_does_not_end_a_longer_one, 0,
                        ROWS(kinds));
    tcase_add_test(cases, limits_are_reverted_independently);
    tcase_add_test(cases, rollback_helper_forgets_the_right_limit);
    tcase_add_test(cases, cpu_hog_inherits_no_descriptors);
    tcase_add_test(cases, cpu_hog_has_the_original_niceness_of_its_victim);
    return run_suite("effects", cases);
}
