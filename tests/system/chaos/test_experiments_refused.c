/* SPDX-License-Identifier: MIT */
/*
 * test_experiments_refused.c - invalid experiments and arguments are refused
 * with a message, and nothing is started.
 */
#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/chaos/reports.h"
#include "tests/harness/leftover_processes.h"
#include "tests/harness/suite.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct chaos_run run;
static struct reports reports;

static const struct {
    const char *arguments;
    int status;
    const char *complaint;
} failures[] = {
    { "run", 2, "EXPERIMENT.ini: missing (usage: chaos run" },
    { "run /nowhere.ini", 2, "No such file" },
    { "run chaos/experiments", 2, "chaos/experiments: Is a directory" },
    { "run /dev/null", 2, "/dev/null: the file is empty" },
    { "check chaos/experiments/hang.ini -o load.methods=FOO", 2,
      "chaos: -o load.methods=FOO: not GET" },
    { "check chaos/experiments/hang.ini -o target.url=http://x:99999/", 2,
      "chaos: -o target.url=http://x:99999/: the port is greater than 65535" },
    { "check chaos/experiments/hang.ini -o 'fault hang.start=10s'", 2,
      "chaos: -o fault hang.start=10s: the fault phase lasts" },
    { "check chaos/experiments/hang.ini -o run.duration=1s", 2,
      "chaos: chaos/experiments/hang.ini:29: [fault hang] interval = 1s: no "
      "injection would occur" },
    { "check chaos/experiments/hang.ini -o 'fault hang.count=0'", 2,
      "invalid value '0' (allowed: a whole number from 1 to" },
    { "check chaos/experiments/hang.ini chaos/experiments/mixed-faults.ini", 2,
      "mixed-faults.ini': unexpected argument (allowed: 1 EXPERIMENT.ini" },
    { "run chaos/experiments/hang.ini more", 2, "'more': unexpected argument" },
    { "replay one.json two.json", 2,
      "'two.json': unexpected argument (allowed: 1 RUN.json" },
    { "report one.json two.json", 2,
      "'two.json': unexpected argument (allowed: 1 RUN.json" },
    { "lesson 1 2", 2, "'2': unexpected argument" },
    { "demo", 2, "'demo': unknown command" },
    { "run --watch=2 chaos/experiments/hang.ini", 2, "watch" },
    { "--version more", 2, "--version: takes no arguments" },
    { "compare", 2, "RUN.json: missing (usage: chaos compare" },
    { "compare --out /dev/null /nowhere.json", 2,
      "/dev/null/attempt.unfinished: Not a directory" },
    { "lesson 1 --out /dev/null", 2, "/dev/null/attempt.unfinished: Not a" },
    { "run chaos/experiments/hang.ini --out /dev/null/reports "
      "-o target.start='touch /tmp/this-must-not-be-started'",
      2, "so nothing is started: /dev/null/reports: Not a directory" },
    { "run chaos/experiments/hang.ini -o load.speed=5", 2,
      "has no key 'speed'" },
    { "check chaos/experiments/hang.ini -o 'fault stup.count=1'", 2,
      "has no fault stup" },
    { "run chaos/experiments/hang.ini -o load.rate=x", 2,
      "rate: invalid value 'x' (allowed: a number" },
    { "run chaos/experiments/hang.ini -o target.start=/nowhere/server", 2,
      "/nowhere/server: No such file" },
    { "run chaos/experiments/hang.ini -o target.url=https://x/", 2,
      "https is not supported" },
    { "run chaos/experiments/hang.ini -o target.url=http://127.0.0.1:1/ "
      "-o target.ready=200ms -o target.start='sleep 4711'",
      3, "accepted no connection in time" },
    { "run chaos/experiments/hang.ini -o target.url=http://127.0.0.1:0/ "
      "-o target.ready=200ms -o target.start='sleep 4711'",
      3, "port 0 requires a log line that names the port" },
    { "run chaos/experiments/hang.ini -o target.url=http://127.0.0.1:1/ "
      "-o target.start='ls /nowhere-to-be-found'",
      3, "ended before it accepted a connection; last line of its log: " },
    { "run chaos/experiments/hang.ini -o about.needs=no-such-program", 0,
      "Skipped: " },
    { "replay /nowhere.json", 2, "No such file" },
    { "replay chaos/experiments/hang.ini", 2, "not the record of a run" },
    { "report chaos/experiments/hang.ini", 2, "not the record of a run" },
};

START_TEST(failure_gets_a_message_and_an_exit_status)
{
    chaos_run(&run, "%s", failures[_i].arguments);
    ck_assert_msg(run.status == failures[_i].status, "%d: %s", run.status,
                  run.text);
    ck_assert_msg(strstr(run.text, failures[_i].complaint) != NULL, "%s",
                  run.text);
    left_behind_none("sleep 4711");
    ck_assert_int_ne(access("/tmp/this-must-not-be-started", F_OK), 0);
    chaos_run_free(&run);
}
END_TEST

/* Keys that name the root of a running target. */
static const struct {
    const char *root;
    const char *complaint;
} roots[] = {
    { "pidfile = /nowhere.pid", "attached.ini:2: [target] pidfile = "
                                "/nowhere.pid: no process ID can be read" },
    { "pid = 4194304", "attached.ini:2: [target] pid = 4194304: process "
                       "4194304 does not exist" }, /* proc(5) pid_max */
    { "pid = some", "attached.ini:2: [target] pid = some: not a process ID" },
};

START_TEST(missing_target_process_is_refused)
{
    char path[128];
    FILE *file;

    reports_make(&reports);
    snprintf(path, sizeof(path), "%s/attached.ini", reports.path);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file,
            "[target]\n%s\nurl = http://127.0.0.1:1/\n"
            "[fault kill]\nkind = signal\n",
            roots[_i].root);
    fclose(file);
    chaos_run(&run, "run %s --out %s", path, reports.path);
    ck_assert_int_eq(run.status, 2);
    ck_assert_msg(strstr(run.text, roots[_i].complaint) != NULL, "%s",
                  run.text);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("experiments refused");

    tcase_add_loop_test(cases, failure_gets_a_message_and_an_exit_status, 0,
                        (int)(sizeof(failures) / sizeof(failures[0])));
    tcase_add_loop_test(cases, missing_target_process_is_refused, 0,
                        (int)(sizeof(roots) / sizeof(roots[0])));
    return suite_run(cases, "experiments refused");
}
