/* SPDX-License-Identifier: MIT */
/*
 * test_interruptions.c - an experiment leaves no process, whatever ends it.
 */
#include "tests/harness/chaos/reports.h"
#include "tests/harness/deadline.h"
#include "tests/harness/leftover_processes.h"
#include "tests/harness/suite.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SUPERVISOR                                                             \
    BUILD_DIRECTORY "/supervisor -l 127.0.0.1:0 -w 4 --log-format json"

static struct reports reports;

/* Starts a run with the target `start` and the options `more`; writes its
 * output to the folder. */
static pid_t launch(const char *start, const char *more)
{
    char command[1024];
    pid_t pid;

    snprintf(command, sizeof(command),
             "exec " BUILD_DIRECTORY
             "/chaos run chaos/experiments/hang.ini --out %s "
             "-o target.start='%s' %s >%s/output 2>&1",
             reports.path, start, more, reports.path);
    pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", command, NULL);
        _exit(127);
    }
    return pid;
}

static void await_output(const char *word)
{
    struct deadline deadline = deadline_start();
    char command[160];

    snprintf(command, sizeof(command), "grep -q '%s' %s/output 2>/dev/null",
             word, reports.path);
    while (system(command) != 0)
        ck_assert_msg(deadline_nap(deadline), "no \"%s\"", word);
}

static const struct {
    const char *phase, *more;
    int signal, status; /* -1: ended by the signal */
} interruptions[] = {
    { "baseline", "-o run.baseline=10m", SIGINT, 3 },
    { "fault", "-o run.baseline=0 -o run.duration=10m", SIGINT, 3 },
    { "fault", "-o run.baseline=0 -o run.duration=10m", SIGTERM, 3 },
    { "fault", "-o run.baseline=0 -o run.duration=10m", SIGHUP, 3 },
    { "fault", "-o run.baseline=0 -o run.duration=10m", SIGKILL, -1 },
    { "fault:", "--watch -o run.baseline=0 -o run.duration=10m", SIGINT, 3 },
    { "recovery",
      "-o run.baseline=0 -o run.duration=1s -o 'fault hang.interval=300ms' "
      "-o run.recovery=10m",
      SIGINT, 3 },
};

START_TEST(ended_experiment_leaves_no_process)
{
    char start[256], mark[64];
    int status;
    pid_t pid;

    reports_make(&reports);
    snprintf(mark, sizeof(mark), "--seed %d", 800000000 + (int)getpid());
    snprintf(start, sizeof(start), SUPERVISOR " --exit-after 0 %s", mark);
    pid = launch(start, interruptions[_i].more);
    await_output(interruptions[_i].phase);
    ck_assert_uint_gt(left_behind(mark), 0);
    kill(pid, interruptions[_i].signal);
    waitpid(pid, &status, 0);
    if (interruptions[_i].status >= 0)
        ck_assert(WIFEXITED(status) &&
                  WEXITSTATUS(status) == interruptions[_i].status);
    else
        ck_assert(WIFSIGNALED(status));
    left_behind_none(mark);
    reports_remove(&reports);
}
END_TEST

START_TEST(interrupted_start_leaves_no_process)
{
    int status;
    pid_t pid;

    reports_make(&reports);
    pid = launch("sleep 4712",
                 "-o target.ready=10m -o target.url=http://127.0.0.1:1/");
    while (left_behind("sleep 4712") < 2)
        usleep(1000);
    kill(pid, SIGINT);
    waitpid(pid, &status, 0);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    left_behind_none("sleep 4712");
    reports_remove(&reports);
}
END_TEST

/* No request ends before: some are in progress, and others wait for a
 * connection. */
START_TEST(requests_of_an_interrupted_run_are_withdrawn)
{
    const cJSON *phase;
    cJSON *record;
    pid_t pid;

    reports_make(&reports);
    pid = launch(SUPERVISOR, "-o run.baseline=10m -o load.timeout=10m "
                             "-o load.connections=2 "
                             "-o 'target.url=http://127.0.0.1:0/?sleep=60s'");
    await_output("baseline");
    kill(pid, SIGINT);
    waitpid(pid, NULL, 0);
    record = reports_record(&reports);
    phase = record_member(record_member(record, "phases"), "baseline");
    ck_assert(record_number(phase, "requests") > 4);
    ck_assert(record_number(phase, "withdrawn") ==
              record_number(phase, "requests"));
    ck_assert(cJSON_IsTrue(record_member(phase, "balanced")));
    cJSON_Delete(record);
    reports_remove(&reports);
}
END_TEST

/* The target starts a sleep that does not end with its parent. */
START_TEST(process_that_survives_the_target_is_ended)
{
    int status;
    pid_t pid;

    reports_make(&reports);
    pid = launch("sh -c \"sleep 4713 & exec " SUPERVISOR "\"",
                 "-o run.baseline=0 -o run.duration=10m "
                 "-o 'fault hang.kind=signal' -o 'fault hang.victim=root'");
    waitpid(pid, &status, 0);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 1);
    left_behind_none("sleep 4713");
    reports_remove(&reports);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("interruptions");

    tcase_add_loop_test(
        cases, ended_experiment_leaves_no_process, 0,
        (int)(sizeof(interruptions) / sizeof(interruptions[0])));
    tcase_add_test(cases, interrupted_start_leaves_no_process);
    tcase_add_test(cases, requests_of_an_interrupted_run_are_withdrawn);
    tcase_add_test(cases, process_that_survives_the_target_is_ended);
    return suite_run(cases, "interruptions");
}
