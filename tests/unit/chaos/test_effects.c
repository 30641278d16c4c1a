/* test_effects.c - whoever was struck, however often, is at last as he was. */
#include "chaos/faults/inject.h"
#include "chaos/target/process.h"
#include "chaos/trial/priority.h"
#include "tests/harness/run_suite.h"
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOWERED 64
#define NAPS    10000 /* of a millisecond: only reached on failure */

static struct wounds wounds;
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
    wounds_heal_all(&wounds);
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

static enum strike_result lower_memory(int *pidfd, uint64_t heals_us)
{
    return strike_limit(&wounds, &victim, pidfd, RLIMIT_AS, LOWERED, heals_us);
}

static enum strike_result lower_files(int *pidfd, uint64_t heals_us)
{
    return strike_limit(&wounds, &victim, pidfd, RLIMIT_NOFILE, LOWERED,
                        heals_us);
}

static enum strike_result slow_down(int *pidfd, uint64_t heals_us)
{
    return strike_slow(&wounds, &victim, pidfd, heals_us);
}

static enum strike_result stop(int *pidfd, uint64_t heals_us)
{
    return strike_stop(&wounds, &victim, pidfd, heals_us);
}

static const struct {
    enum strike_result (*strike)(int *pidfd, uint64_t heals_us);
    uint64_t (*look)(void);
    uint64_t wounded;
} kinds[] = {
    { lower_memory, memory, LOWERED },
    { lower_files, files, LOWERED },
    { slow_down, niceness, 19 },
    { stop, is_stopped, 1 },
};

static void strike(int kind, uint64_t heals_us)
{
    int pidfd = victim_hold(&victim);

    ck_assert_int_ge(pidfd, 0);
    ck_assert_int_eq(kinds[kind].strike(&pidfd, heals_us), STRIKE_HIT);
    if (pidfd >= 0)
        close(pidfd);
}

/* A signal takes its time. */
static void await(int kind, uint64_t wanted)
{
    for (int i = 0; i < NAPS && kinds[kind].look() != wanted; i++)
        usleep(1000);
    ck_assert_msg(kinds[kind].look() == wanted, "kind %d: %llu, want %llu",
                  kind, (unsigned long long)kinds[kind].look(),
                  (unsigned long long)wanted);
}

START_TEST(struck_again_comes_back_to_what_it_was_before_the_first)
{
    uint64_t before;

    start_victim();
    before = kinds[_i].look();
    ck_assert(before != kinds[_i].wounded);
    strike(_i, 100);
    strike(_i, 200);
    wounds_heal(&wounds, 100);
    await(_i, kinds[_i].wounded);
    wounds_heal(&wounds, 200);
    await(_i, before);
    ck_assert_uint_eq(wounds_next_us(&wounds), UINT64_MAX);
    end_victim();
}
END_TEST

START_TEST(a_shorter_one_ends_no_longer_one)
{
    uint64_t before;

    start_victim();
    before = kinds[_i].look();
    strike(_i, 200);
    strike(_i, 100);
    wounds_heal(&wounds, 100);
    await(_i, kinds[_i].wounded);
    wounds_heal(&wounds, 200);
    await(_i, before);
    end_victim();
}
END_TEST

START_TEST(one_limit_is_healed_without_the_other)
{
    uint64_t memory_before, files_before;

    start_victim();
    memory_before = memory();
    files_before = files();
    strike(0, 100);
    strike(1, 200);
    wounds_heal(&wounds, 100);
    ck_assert_uint_eq(memory(), memory_before);
    ck_assert_uint_eq(files(), LOWERED);
    wounds_heal(&wounds, 200);
    ck_assert_uint_eq(files(), files_before);
    end_victim();
}
END_TEST

/* The guardian alone, as if we had died. */
START_TEST(the_guardian_forgets_the_right_limit)
{
    struct guardian guardian = { 0 };
    struct ward of_memory, of_files;
    struct rlimit lower;

    start_victim();
    of_memory = (struct ward){ .kind = WARD_LIMITED,
                               .pid = victim.pid,
                               .started_ticks = victim.started_ticks,
                               .resource = RLIMIT_AS };
    of_files = of_memory;
    of_files.resource = RLIMIT_NOFILE;
    prlimit(victim.pid, RLIMIT_AS, NULL, &of_memory.before);
    prlimit(victim.pid, RLIMIT_NOFILE, NULL, &of_files.before);
    ck_assert(guardian_watch(&guardian, &of_memory));
    ck_assert(guardian_watch(&guardian, &of_files));
    lower = of_memory.before;
    lower.rlim_cur = LOWERED;
    ck_assert_int_eq(prlimit(victim.pid, RLIMIT_AS, &lower, NULL), 0);
    guardian_forget(&guardian, &of_files);
    guardian_dismiss(&guardian);
    ck_assert_uint_eq(memory(), of_memory.before.rlim_cur);
    end_victim();
}
END_TEST

static int descriptors(pid_t pid)
{
    char path[64];
    DIR *directory;
    int count = 0;

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
    directory = opendir(path);
    ck_assert_ptr_nonnull(directory);
    for (const struct dirent *entry; (entry = readdir(directory));)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

/* Were it the guardian's pipe, it would wait for the burner's end too. */
START_TEST(a_burner_holds_nothing_of_ours)
{
    int burners = 0;

    start_victim();
    strike(2, 100);
    for (uint32_t i = 0; i < wounds.count; i++) {
        const struct ward *ward = &wounds.list[i].ward;

        if (ward->kind != WARD_BURNER)
            continue;
        burners++;
        for (int n = 0; n < NAPS && descriptors(ward->pid) > 0; n++)
            usleep(1000);
        ck_assert_int_eq(descriptors(ward->pid), 0);
    }
    ck_assert_int_gt(burners, 0);
    end_victim();
}
END_TEST

/* It stands beside its victim, not before it as we do. */
START_TEST(a_burner_is_as_nice_as_its_victim_was)
{
    int ours = precedence_take(), burners = 0;

    start_victim();
    ck_assert_int_eq(setpriority(PRIO_PROCESS, (id_t)victim.pid, ours), 0);
    strike(2, 100);
    precedence_leave(ours);
    ck_assert_int_eq(getpriority(PRIO_PROCESS, 0), ours);
    for (uint32_t i = 0; i < wounds.count; i++) {
        pid_t pid = wounds.list[i].ward.pid;

        if (wounds.list[i].ward.kind != WARD_BURNER)
            continue;
        burners++;
        for (int n = 0; n < NAPS && descriptors(pid) > 0; n++)
            usleep(1000);
        ck_assert_int_eq(getpriority(PRIO_PROCESS, (id_t)pid), ours);
    }
    ck_assert_int_gt(burners, 0);
    end_victim();
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("wounds");

    tcase_add_loop_test(cases,
                        struck_again_comes_back_to_what_it_was_before_the_first,
                        0, ROWS(kinds));
    tcase_add_loop_test(cases, a_shorter_one_ends_no_longer_one, 0,
                        ROWS(kinds));
    tcase_add_test(cases, one_limit_is_healed_without_the_other);
    tcase_add_test(cases, the_guardian_forgets_the_right_limit);
    tcase_add_test(cases, a_burner_holds_nothing_of_ours);
    tcase_add_test(cases, a_burner_is_as_nice_as_its_victim_was);
    return run_suite("wounds", cases);
}
