/* SPDX-License-Identifier: MIT */
/*
 * test_monkey.c - chaos monkey obeys its limits and reverts its effects.
 */
#include "chaos/target/process.h"
#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/chaos/process_tree.h"
#include "tests/harness/deadline.h"
#include "tests/harness/suite.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILDREN 8

static struct process_tree process_tree;
static struct chaos_run run;

static void await_alive(size_t alive)
{
    struct deadline deadline = deadline_start();

    while (process_tree_alive(&process_tree) != alive)
        ck_assert_msg(deadline_nap(deadline), "%zu are alive",
                      process_tree_alive(&process_tree));
}

START_TEST(monkey_kills_the_given_number)
{
    process_tree_start(&process_tree, CHILDREN);
    chaos_run(&run, "monkey --json --pid %d --interval 5ms --count 3",
              (int)process_tree.root);
    ck_assert_int_eq(run.status, 0);
    ck_assert(chaos_run_number(&run, "hit") == 3);
    await_alive(CHILDREN - 3);
    chaos_run_free(&run);
    process_tree_end(&process_tree);
}
END_TEST

START_TEST(monkey_spares_the_minimum_alive)
{
    process_tree_start(&process_tree, CHILDREN);
    chaos_run(&run,
              "monkey --json --pid %d --interval 5ms --count 50 --min-alive 2",
              (int)process_tree.root);
    ck_assert(chaos_run_number(&run, "hit") == CHILDREN - 2);
    ck_assert(chaos_run_number(&run, "spared by the blast radius") > 0);
    await_alive(2);
    chaos_run_free(&run);
    process_tree_end(&process_tree);
}
END_TEST

START_TEST(monkey_obeys_the_rate_limit)
{
    process_tree_start(&process_tree, CHILDREN);
    chaos_run(&run,
              "monkey --json --pid %d --interval 5ms --count 20 "
              "--max-per-minute 2",
              (int)process_tree.root);
    ck_assert(chaos_run_number(&run, "hit") == 2);
    await_alive(CHILDREN - 2);
    chaos_run_free(&run);
    process_tree_end(&process_tree);
}
END_TEST

START_TEST(monkey_kills_all_victims_together)
{
    process_tree_start(&process_tree, CHILDREN);
    chaos_run(&run,
              "monkey --json --pid %d --schedule once --interval 5ms "
              "--victim all",
              (int)process_tree.root);
    ck_assert(chaos_run_number(&run, "hit") == CHILDREN);
    await_alive(0);
    chaos_run_free(&run);
    process_tree_end(&process_tree);
}
END_TEST

START_TEST(monkey_spares_processes_that_do_not_match)
{
    process_tree_start(&process_tree, CHILDREN);
    chaos_run(&run,
              "monkey --json --pid %d --interval 5ms --count 5 "
              "--match '*no such command line*'",
              (int)process_tree.root);
    ck_assert_int_eq(run.status, 1);
    ck_assert(chaos_run_number(&run, "hit") == 0);
    ck_assert(chaos_run_number(&run, "found no victim") == 5);
    ck_assert_uint_eq(process_tree_alive(&process_tree), CHILDREN);
    chaos_run_free(&run);
    chaos_run(&run, "monkey --pid %d --interval 5ms --count 5 --min-alive %d",
              (int)process_tree.root, CHILDREN);
    ck_assert_int_eq(run.status, 1);
    ck_assert_ptr_nonnull(strstr(run.text, "\nNo injection hit"));
    ck_assert_uint_eq(process_tree_alive(&process_tree), CHILDREN);
    chaos_run_free(&run);
    process_tree_end(&process_tree);
}
END_TEST

START_TEST(monkey_stops_the_root_with_victim_root)
{
    process_tree_start(&process_tree, CHILDREN);
    chaos_run(&run,
              "monkey --json --pid %d --interval 5ms --count 1 "
              "--signal STOP --victim root",
              (int)process_tree.root);
    ck_assert_int_eq(run.status, 0);
    ck_assert(chaos_run_number(&run, "hit") == 1);
    ck_assert_uint_eq(process_tree_alive(&process_tree), CHILDREN);
    chaos_run_free(&run);
    ck_assert(kill(process_tree.root, SIGCONT) == 0);
    process_tree_end(&process_tree);
}
END_TEST

/* The signal is harmless: a monkey that is not refused hits this test. */
START_TEST(monkey_refuses_a_root_above_itself)
{
    process_tree_start(&process_tree, CHILDREN);
    chaos_run(&run, "monkey --json --pid %d --signal CONT --count 1",
              (int)getpid());
    ck_assert_int_eq(run.status, 2);
    ck_assert_ptr_nonnull(strstr(run.text, "chaos itself is below it"));
    chaos_run_free(&run);
    process_tree_end(&process_tree);
}
END_TEST

START_TEST(same_seed_injects_the_same_faults)
{
    char *first;

    process_tree_start(&process_tree, CHILDREN);
    chaos_run(&run,
              "monkey --json --pid %d --signal CONT --seed 7 --interval 2ms "
              "--schedule poisson --count 20",
              (int)process_tree.root);
    first = strdup(run.text);
    chaos_run_free(&run);
    chaos_run(&run,
              "monkey --json --pid %d --signal CONT --seed 7 --interval 2ms "
              "--schedule poisson --count 20",
              (int)process_tree.root);
    ck_assert_str_eq(first, run.text);
    free(first);
    chaos_run_free(&run);
    process_tree_end(&process_tree);
}
END_TEST

static const char *const stops[] = { "--kind stop --effect-duration 10m",
                                     "--signal STOP" };

START_TEST(stopped_processes_continue_after_the_run)
{
    process_tree_start(&process_tree, CHILDREN);
    chaos_run(&run,
              "monkey --json --pid %d %s --interval 5ms "
              "--schedule rolling --count %d --duration 1s",
              (int)process_tree.root, stops[_i], CHILDREN);
    ck_assert(chaos_run_number(&run, "hit") == CHILDREN);
    ck_assert_uint_eq(process_tree_stopped(&process_tree), 0);
    ck_assert_uint_eq(process_tree_alive(&process_tree), CHILDREN);
    chaos_run_free(&run);
    process_tree_end(&process_tree);
}
END_TEST

/* Starts a monkey that stops `count` processes, each for `duration`. */
static pid_t stopper(const char *count, const char *duration)
{
    char root[16];
    pid_t pid;

    snprintf(root, sizeof(root), "%d", (int)process_tree.root);
    pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stdout))
            _exit(126);
        execl(BUILD_DIRECTORY "/chaos", "chaos", "monkey", "--pid", root,
              "--kind", "stop", "--effect-duration", duration, "--interval",
              "5ms", "--schedule", "rolling", "--count", count, "--duration",
              "10m", "--json", NULL);
        _exit(127);
    }
    return pid;
}

static void await_stopped(size_t stopped)
{
    struct deadline deadline = deadline_start();

    while (process_tree_stopped(&process_tree) != stopped)
        ck_assert_msg(deadline_nap(deadline), "%zu are stopped",
                      process_tree_stopped(&process_tree));
}

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGKILL };

START_TEST(stopped_processes_continue_if_a_signal_ends_the_monkey)
{
    pid_t monkey;
    int status;

    process_tree_start(&process_tree, CHILDREN);
    monkey = stopper("1000000", "10m");
    await_stopped(CHILDREN);
    kill(monkey, ending_signals[_i]);
    waitpid(monkey, &status, 0);
    await_stopped(0);
    ck_assert_uint_eq(process_tree_alive(&process_tree), CHILDREN);
    process_tree_end(&process_tree);
}
END_TEST

START_TEST(monkey_waits_for_the_end_of_the_last_effect)
{
    pid_t monkey;
    int status;

    process_tree_start(&process_tree, CHILDREN);
    monkey = stopper("1", "3s");
    await_stopped(1);
    waitpid(monkey, &status, 0);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    await_stopped(0);
    process_tree_end(&process_tree);
}
END_TEST

static unsigned long ignored_signals(pid_t pid)
{
    static const char label[] = "\nSigIgn:";
    char text[4096];
    const char *line;

    ck_assert_int_gt(process_slurp(pid, "status", text, sizeof(text)), 0);
    line = strstr(text, label);
    ck_assert_ptr_nonnull(line);
    return strtoul(line + strlen(label), NULL, 16);
}

/* nohup(1) ignores SIGHUP. */
START_TEST(ignored_signal_stays_ignored)
{
    pid_t monkey;
    int status;

    process_tree_start(&process_tree, CHILDREN);
    signal(SIGHUP, SIG_IGN);
    monkey = stopper("1000000", "10m");
    signal(SIGHUP, SIG_DFL);
    await_stopped(CHILDREN);
    ck_assert_uint_ne(ignored_signals(monkey) & (1UL << (SIGHUP - 1)), 0);
    kill(monkey, SIGHUP);
    kill(monkey, SIGTERM);
    waitpid(monkey, &status, 0);
    await_stopped(0);
    process_tree_end(&process_tree);
}
END_TEST

/* Starts a process that kills the root as soon as a child is dead. */
static pid_t start_root_killer(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        while (process_tree_alive(&process_tree) == CHILDREN)
            usleep(1000);
        kill(process_tree.root, SIGKILL);
        _exit(0);
    }
    return pid;
}

START_TEST(monkey_ends_if_the_root_exits)
{
    pid_t pid;

    process_tree_start(&process_tree, CHILDREN);
    pid = start_root_killer();
    chaos_run(&run, "monkey --pid %d --interval 50ms --duration 10m",
              (int)process_tree.root);
    ck_assert_int_eq(run.status, 1);
    ck_assert_ptr_nonnull(strstr(run.text, "has ended"));
    waitpid(pid, NULL, 0);
    chaos_run_free(&run);
    process_tree_end(&process_tree);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("monkey");

    tcase_add_test(cases, monkey_kills_the_given_number);
    tcase_add_test(cases, monkey_spares_the_minimum_alive);
    tcase_add_test(cases, monkey_obeys_the_rate_limit);
    tcase_add_test(cases, monkey_kills_all_victims_together);
    tcase_add_test(cases, monkey_spares_processes_that_do_not_match);
    tcase_add_test(cases, monkey_stops_the_root_with_victim_root);
    tcase_add_test(cases, monkey_refuses_a_root_above_itself);
    tcase_add_test(cases, same_seed_injects_the_same_faults);
    tcase_add_loop_test(cases, stopped_processes_continue_after_the_run, 0,
                        (int)(sizeof(stops) / sizeof(stops[0])));
    tcase_add_loop_test(
        cases, stopped_processes_continue_if_a_signal_ends_the_monkey, 0,
        (int)(sizeof(ending_signals) / sizeof(ending_signals[0])));
    tcase_add_test(cases, monkey_waits_for_the_end_of_the_last_effect);
    tcase_add_test(cases, ignored_signal_stays_ignored);
    tcase_add_test(cases, monkey_ends_if_the_root_exits);
    return suite_run(cases, "monkey");
}
