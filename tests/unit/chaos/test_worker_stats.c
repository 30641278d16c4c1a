/* SPDX-License-Identifier: MIT */
/* test_worker_stats.c - injections joined with the exits in the log. */
#include "chaos/target/log_reader.h"
#include "chaos/target/worker_stats.h"
#include "tests/harness/run_suite.h"
#include <stdio.h>
#include <string.h>

static struct worker_stats worker_stats;

static bool log_line(const char *line)
{
    struct log_event log_event;

    log_event_read(&log_event, line);
    return worker_stats_log_event(&worker_stats, &log_event);
}

START_TEST(kill_is_an_injection_and_an_exit_by_its_signal)
{
    worker_stats_injection(&worker_stats, 11);
    ck_assert(log_line("{\"event\":\"exit\",\"pid\":11,\"code\":null,"
                       "\"signal\":\"SIGKILL\",\"unfinished\":2}"));
    ck_assert_uint_eq(worker_stats.kills, 1);
    ck_assert_uint_eq(worker_stats.kills_busy, 1);
    ck_assert_uint_eq(worker_stats.kills_requests, 2);
}
END_TEST

START_TEST(worker_that_exits_before_the_signal_was_not_killed)
{
    worker_stats_injection(&worker_stats, 11);
    ck_assert(log_line("{\"event\":\"exit\",\"pid\":11,\"code\":1,"
                       "\"signal\":null,\"unfinished\":0}"));
    ck_assert_uint_eq(worker_stats.kills, 0);
    ck_assert_uint_eq(worker_stats.left_first, 1);
    ck_assert_uint_eq(worker_stats.own_exits, 1);
}
END_TEST

START_TEST(kill_without_an_injection_is_not_counted)
{
    ck_assert(!log_line("{\"event\":\"exit\",\"pid\":12,\"code\":null,"
                        "\"signal\":\"SIGKILL\",\"unfinished\":1}"));
    ck_assert_uint_eq(worker_stats.kills, 0);
    ck_assert_uint_eq(worker_stats.signal_deaths, 1);
}
END_TEST

START_TEST(reused_pid_does_not_count_as_killed_again)
{
    worker_stats_injection(&worker_stats, 11);
    log_line("{\"event\":\"exit\",\"pid\":11,\"signal\":\"SIGKILL\"}");
    ck_assert(
        !log_line("{\"event\":\"exit\",\"pid\":11,\"signal\":\"SIGKILL\"}"));
    ck_assert_uint_eq(worker_stats.kills, 1);
}
END_TEST

START_TEST(requested_exit_is_not_an_own_exit)
{
    log_line("{\"event\":\"exit\",\"pid\":11,\"code\":0,\"voluntary\":true}");
    ck_assert_uint_eq(worker_stats.exits, 1);
    ck_assert_uint_eq(worker_stats.own_exits, 0);
}
END_TEST

START_TEST(live_workers_are_forks_minus_exits)
{
    for (int i = 0; i < 5; i++)
        log_line("{\"event\":\"fork\",\"pid\":1}");
    log_line("{\"event\":\"exit\",\"pid\":1,\"code\":1}");
    ck_assert_uint_eq(worker_stats_live(&worker_stats), 4);
}
END_TEST

START_TEST(totals_are_kept)
{
    log_line("{\"event\":\"totals\",\"requests\":{\"begun\":9,"
             "\"answered_after_retry\":3},\"balanced\":true}");
    ck_assert(worker_stats.totals.were_logged && worker_stats.totals.balanced);
    ck_assert_uint_eq(worker_stats.totals.begun, 9);
    ck_assert_uint_eq(worker_stats.totals.answered_after_retry, 3);
}
END_TEST

static const char *const noise[] = { "",
                                     "hello",
                                     "{",
                                     "{}",
                                     "[1]",
                                     "{\"event\":5}",
                                     "{\"event\":\"dance\",\"pid\":1}" };

START_TEST(line_without_known_event_changes_nothing)
{
    const struct worker_stats empty = { 0 };

    ck_assert(!log_line(noise[_i]));
    ck_assert_mem_eq(&worker_stats, &empty, sizeof(worker_stats));
}
END_TEST

static void count_line(void *context, const struct log_event *log_event)
{
    unsigned *lines = context;

    ++*lines;
    ck_assert_str_eq(log_event->text, *lines == 1 ? "one" : "three");
}

START_TEST(lines_are_assembled_from_any_fragments)
{
    static const char text[] = "one\n";
    static char overlong[LOG_LINE_MAX + 10];
    struct log_reader reader = { .length = 0 };
    unsigned lines = 0;

    for (size_t i = 0; i < strlen(text); i++)
        log_reader_feed(&reader, text + i, 1, count_line, &lines);
    memset(overlong, 'x', sizeof(overlong));
    overlong[sizeof(overlong) - 1] = '\n';
    log_reader_feed(&reader, overlong, sizeof(overlong), count_line, &lines);
    log_reader_feed(&reader, "three\nfo", 8, count_line, &lines);
    ck_assert_uint_eq(lines, 2);
}
END_TEST

START_TEST(exits_are_grouped_by_cause_code_and_signal)
{
    static const char *const exits[] = {
        "{\"event\":\"exit\",\"pid\":1,\"code\":1,\"cause\":\"own exit\"}",
        "{\"event\":\"exit\",\"pid\":2,\"code\":1,\"cause\":\"own exit\"}",
        "{\"event\":\"exit\",\"pid\":3,\"code\":2,\"cause\":\"own exit\"}",
        "{\"event\":\"exit\",\"pid\":4,\"signal\":\"SIGSEGV\","
        "\"cause\":\"crash\"}",
        "{\"event\":\"exit\",\"pid\":5,\"signal\":\"SIGKILL\","
        "\"cause\":\"outside\"}",
    };

    worker_stats_injection(&worker_stats, 5);
    for (int i = 0; i < ROWS(exits); i++)
        log_line(exits[i]);
    ck_assert_uint_eq(worker_stats.cause_count, 4);
    ck_assert_uint_eq(worker_stats.causes[0].count, 2);
    ck_assert_int_eq(worker_stats.causes[1].code, 2);
    ck_assert_str_eq(worker_stats.causes[2].signal, "SIGSEGV");
    ck_assert_str_eq(worker_stats.causes[2].cause, "crash");
    ck_assert_uint_eq(worker_stats.causes[3].injected, 1);
}
END_TEST

START_TEST(exits_beyond_the_kinds_kept_are_still_counted)
{
    uint64_t sum = 0;
    char line[64];

    for (int i = 0; i < 100; i++) {
        snprintf(line, sizeof(line),
                 "{\"event\":\"exit\",\"pid\":1,\"code\":%d}", i);
        log_line(line);
    }
    for (int i = 0; i < WORKER_STATS_CAUSES_MAX; i++)
        sum += worker_stats.causes[i].count;
    ck_assert_uint_eq(sum, 100);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("worker_stats");

    tcase_add_test(cases, kill_is_an_injection_and_an_exit_by_its_signal);
    tcase_add_test(cases, worker_that_exits_before_the_signal_was_not_killed);
    tcase_add_test(cases, kill_without_an_injection_is_not_counted);
    tcase_add_test(cases, reused_pid_does_not_count_as_killed_again);
    tcase_add_test(cases, requested_exit_is_not_an_own_exit);
    tcase_add_test(cases, live_workers_are_forks_minus_exits);
    tcase_add_test(cases, totals_are_kept);
    tcase_add_loop_test(cases, line_without_known_event_changes_nothing, 0,
                        ROWS(noise));
    tcase_add_test(cases, lines_are_assembled_from_any_fragments);
    tcase_add_test(cases, exits_are_grouped_by_cause_code_and_signal);
    tcase_add_test(cases, exits_beyond_the_kinds_kept_are_still_counted);
    return run_suite("worker_stats", cases);
}
