/* test_schedules.c - workers that accept themselves: who answers, and how they
 * come and go in order. */
#include "tests/system/deadline.h"
#include "tests/system/http_expect.h"
#include "tests/system/process.h"
#include "tests/system/suite.h"
#include "tests/system/supervised.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char *const schedules[] = {
    "--schedule shared",
    "--schedule reuseport",
    "--schedule reuseport --keep-listeners",
};
#define SCHEDULES (int)(sizeof(schedules) / sizeof(*schedules))
#define SHARED    0
#define REUSEPORT 1

/* What the exits in the log say of all workers together. */
static double sum_of_exits(struct supervised *supervised, const char *field)
{
    const cJSON *event;
    double sum = 0;

    for (size_t i = 1;
         (event = event_log_find(&supervised->log, i, "{'event':'exit'}")); i++)
        sum += event_number(event, field);
    return sum;
}

/* ---- Who answers ---- */

START_TEST(the_answers_are_the_workers_and_add_up)
{
    enum { WORKERS = 4, ASKED = 200 };
    struct supervised supervised;
    int by[WORKERS + 1] = { 0 };
    const cJSON *totals;

    supervised_start(&supervised, "--workers %d --exit-after 0 %s", WORKERS,
                     schedules[_i]);
    supervised_await_online(&supervised, WORKERS + 1);
    for (int i = 0; i < ASKED; i++) {
        struct http_client client;
        struct http_answer answer;
        long worker;

        http_expect_connect(&client, supervised.port);
        http_expect_get(&client, "/", 200, &answer);
        worker = http_answer_number(&answer, "worker");
        ck_assert(worker >= 1 && worker <= WORKERS);
        by[worker]++;
        http_answer_free(&answer);
        http_disconnect(&client);
    }
    /* A hash leaves no listener out for long. */
    for (int i = 1; _i != SHARED && i <= WORKERS; i++)
        ck_assert_int_gt(by[i], 0);
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "connections.accepted") == ASKED);
    ck_assert(event_number(totals, "connections.closed") == ASKED);
    ck_assert(event_number(totals, "requests.begun") == ASKED);
    ck_assert(event_number(totals, "requests.answered") == ASKED);
    ck_assert(sum_of_exits(&supervised, "responses") == ASKED);
    for (int i = 1; i <= WORKERS; i++)
        ck_assert(event_number(event_log_find(&supervised.log, 1,
                                              "{'event':'exit','slot':%d}", i),
                               "responses") == by[i]);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(a_connection_stays_with_the_worker_that_accepted_it)
{
    struct supervised supervised;
    struct http_client clients[8];
    long pids[8] = { 0 };

    supervised_start(&supervised, "--workers 3 --exit-after 0 %s",
                     schedules[_i]);
    for (int i = 0; i < 3 * 8; i++) {
        struct http_answer answer;
        long pid;

        if (i < 8)
            http_expect_connect(&clients[i], supervised.port);
        http_expect_get(&clients[i % 8], "/", 200, &answer);
        pid = http_answer_number(&answer, "pid");
        ck_assert(i < 8 || pids[i % 8] == pid);
        pids[i % 8] = pid;
        http_answer_free(&answer);
    }
    for (int i = 0; i < 8; i++)
        http_disconnect(&clients[i]);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(a_spare_accepts_nothing_before_it_has_a_slot)
{
    struct supervised supervised;
    pid_t first, second;

    supervised_start(&supervised, "--workers 1 --spares 2 --exit-after 0 %s",
                     schedules[_i]);
    supervised_await_online(&supervised, 3);
    first = http_expect_hello(supervised.port);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(http_expect_hello(supervised.port), first);
    ck_assert(supervised_kill(&supervised, first));
    second = (pid_t)event_number(
        event_log_await(&supervised.log, 1, "{'event':'promote','slot':1}"),
        "pid");
    event_log_await(&supervised.log, 1, "{'event':'exit','pid':%d}", first);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(http_expect_hello(supervised.port), second);
    /* The first may not have seen yet that its last client had left. */
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    supervised_finish_cut_short(&supervised);
}
END_TEST

START_TEST(every_address_is_served)
{
    struct supervised supervised;
    const cJSON *second;

    supervised_start(&supervised,
                     "-l 127.0.0.1:0 -l 127.0.0.1:0 --workers 2 "
                     "--exit-after 0 %s",
                     schedules[_i]);
    second = event_log_await(&supervised.log, 3, "{'event':'listening'}");
    for (int i = 0; i < 10; i++) {
        http_expect_hello(supervised.port);
        http_expect_hello((int)event_number(second, "port"));
    }
    supervised_finish(&supervised);
}
END_TEST

START_TEST(workers_share_a_unix_socket_too)
{
    struct supervised supervised;
    char path[160];

    supervised_start(&supervised,
                     "-l unix:socket --workers 2 --exit-after 0 %s",
                     schedules[SHARED]);
    snprintf(path, sizeof(path), "%s/socket", supervised.folder.path);
    for (int i = 0; i < 10; i++) {
        struct http_client client;

        ck_assert_int_eq(http_connect_unix(&client, path), HTTP_ANSWERED);
        http_expect_page(&client, "/?t=a.", "t=a.");
        http_expect_page(&client, "/?t=b.", "t=b.");
        http_disconnect(&client);
    }
    supervised_finish(&supervised);
}
END_TEST

START_TEST(the_primary_counts_for_them)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "--workers 2 --exit-after 0 %s",
                     schedules[_i]);
    for (int i = 1; i <= 5; i++) {
        char total[8];

        snprintf(total, sizeof(total), "%d\n", i);
        http_expect_connect(&client, supervised.port);
        http_expect_send(&client, "POST /count HTTP/1.1\r\nHost: t\r\n"
                                  "Content-Length: 0\r\n\r\n");
        http_expect_answer(&client, 200, total);
        http_disconnect(&client);
    }
    supervised_finish(&supervised);
}
END_TEST

START_TEST(who_is_refused_amid_its_body_reads_why)
{
    static char body[256 * 1024];
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "--workers 1 --exit-after 0 %s",
                     schedules[_i]);
    memset(body, 'x', sizeof(body));
    http_expect_connect(&client, supervised.port);
    http_expect_send(&client, "POST / HTTP/1.1\r\nHost: t\r\n"
                              "Content-Length: 1000000\r\n\r\n");
    ck_assert_int_eq(http_send_bytes(&client, body, sizeof(body)),
                     HTTP_ANSWERED);
    http_expect_answer(&client, 413, "");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(at_its_limit_a_worker_lets_others_wait)
{
    struct supervised supervised;
    struct http_client first, second, third;

    supervised_start(&supervised,
                     "--workers 1 --exit-after 0 --max-connections 2 %s",
                     schedules[_i]);
    http_expect_connect(&first, supervised.port);
    http_expect_page(&first, "/", "");
    http_expect_connect(&second, supervised.port);
    http_expect_page(&second, "/", "");
    http_expect_connect(&third, supervised.port);
    http_expect_send(&third, "GET /?t=third. HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_page(&second, "/?sleep=50ms", "");
    ck_assert(!http_has_answer(&third));
    http_disconnect(&first);
    http_expect_answer(&third, 200, "t=third.");
    http_disconnect(&second);
    http_disconnect(&third);
    supervised_finish(&supervised);
}
END_TEST

/* ---- How they go ---- */

START_TEST(after_its_last_response_a_worker_ends_its_connections_first)
{
    enum { ASKED = 30 };
    struct deadline deadline = deadline_start();
    struct supervised supervised;
    int answered = 0;

    supervised_start(&supervised, "--workers 2 --spares 1 --exit-after 1 %s",
                     schedules[_i]);
    while (answered < ASKED) {
        struct http_client client;
        struct http_answer answer;
        enum http_outcome outcome = http_connect(&client, supervised.port);

        if (outcome == HTTP_ANSWERED)
            outcome = http_get(&client, "/", &answer);
        if (outcome == HTTP_ANSWERED) {
            ck_assert_int_eq(answer.status, 200);
            ck_assert(!answer.keep_alive);
            http_expect_close(&client);
            http_answer_free(&answer);
            answered++;
        } else {
            /* Where nobody keeps it, a listener may be on its way out, or none
             * may be there. */
            ck_assert_int_eq(_i, REUSEPORT);
            ck_assert(deadline_nap(deadline));
        }
        http_disconnect(&client);
    }
    event_log_await(&supervised.log, 5, "{'event':'exit','code':1}");
    supervised_finish(&supervised);
}
END_TEST

#define WAITING 5

/* Connections wait in the listener while `worker` is stopped.  When it goes on,
 * it has been told to leave, as a `signal` to the supervisor has it. */
static void let_wait(struct supervised *supervised, pid_t worker, int signal,
                     struct http_client clients[WAITING])
{
    struct deadline deadline = deadline_start();

    ck_assert(process_strike(worker, supervised->pid, SIGSTOP));
    while (process_state(worker) != 'T')
        ck_assert(deadline_nap(deadline));
    for (int i = 0; i < WAITING; i++) {
        http_expect_connect(&clients[i], supervised->port);
        http_expect_send(&clients[i], "GET /?t=w. HTTP/1.1\r\nHost: t\r\n\r\n");
    }
    supervised_signal(supervised, signal);
    event_log_await(&supervised->log, 1, "{'event':'disconnect'}");
    ck_assert(process_strike(worker, supervised->pid, SIGCONT));
}

static void expect_last_answers(struct http_client clients[WAITING])
{
    for (int i = 0; i < WAITING; i++) {
        http_expect_answer(&clients[i], 200, "t=w.");
        http_expect_close(&clients[i]);
        http_disconnect(&clients[i]);
    }
}

START_TEST(what_waits_in_the_listener_is_answered_before_the_end)
{
    struct supervised supervised;
    struct http_client clients[WAITING], idle;
    pid_t worker;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 %s",
                     schedules[_i]);
    worker = http_expect_hello(supervised.port);
    http_expect_connect(&idle, supervised.port);
    http_expect_page(&idle, "/", "");
    let_wait(&supervised, worker, SIGTERM, clients);
    expect_last_answers(clients);
    http_expect_close(&idle);
    http_disconnect(&idle);
    ck_assert_int_eq(supervised_wait(&supervised), 0);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* Nothing else keeps the worker: the first of them that ends is not its end. */
START_TEST(what_waits_in_a_listener_is_answered_before_a_renewal)
{
    struct supervised supervised;
    struct http_client clients[WAITING];
    pid_t worker;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 %s",
                     schedules[REUSEPORT]);
    worker = http_expect_hello(supervised.port);
    let_wait(&supervised, worker, SIGUSR2, clients);
    expect_last_answers(clients);
    event_log_await(&supervised.log, 1, "{'event':'reloaded'}");
    supervised_finish(&supervised);
}
END_TEST

START_TEST(workers_are_renewed_one_after_the_other)
{
    enum { WORKERS = 3 };
    struct supervised supervised;

    supervised_start(&supervised, "--workers %d --spares 1 --exit-after 0 %s",
                     WORKERS, schedules[_i]);
    supervised_await_online(&supervised, WORKERS + 1);
    http_expect_hello(supervised.port);
    supervised_signal(&supervised, SIGUSR2);
    event_log_await(&supervised.log, WORKERS + 1,
                    "{'event':'exit','voluntary':true}");
    http_expect_hello(supervised.port);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(without_respawn_the_port_closes_with_the_last)
{
    struct supervised supervised;

    supervised_start(&supervised,
                     "--workers 2 --spares 0 --exit-after 0 --respawn never %s",
                     schedules[_i]);
    supervised_await_online(&supervised, 2);
    http_expect_hello(supervised.port);
    ck_assert_uint_eq(supervised_kill_all(&supervised), 2);
    ck_assert_int_eq(supervised_wait(&supervised), 0);
    ck_assert(!http_can_connect(supervised.port));
    supervised_finish_cut_short(&supervised);
}
END_TEST

START_TEST(a_crash_loop_is_noticed_all_the_same)
{
    struct supervised supervised;

    supervised_start(&supervised,
                     "--workers 2 --faults --crash-at-start --backoff none "
                     "--on-crash-loop give-up %s",
                     schedules[_i]);
    ck_assert_int_eq(supervised_wait(&supervised), 70);
    supervised_finish_ended(&supervised, 70);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("schedules");

    tcase_add_loop_test(cases, the_answers_are_the_workers_and_add_up, 0,
                        SCHEDULES);
    tcase_add_loop_test(cases,
                        a_connection_stays_with_the_worker_that_accepted_it, 0,
                        SCHEDULES);
    tcase_add_loop_test(cases, a_spare_accepts_nothing_before_it_has_a_slot, 0,
                        SCHEDULES);
    tcase_add_loop_test(cases, every_address_is_served, 0, SCHEDULES);
    tcase_add_test(cases, workers_share_a_unix_socket_too);
    tcase_add_loop_test(cases, the_primary_counts_for_them, 0, SCHEDULES);
    tcase_add_loop_test(cases, who_is_refused_amid_its_body_reads_why, 0,
                        SCHEDULES);
    tcase_add_loop_test(cases, at_its_limit_a_worker_lets_others_wait, 0,
                        SCHEDULES);
    tcase_add_loop_test(
        cases, after_its_last_response_a_worker_ends_its_connections_first, 0,
        SCHEDULES);
    tcase_add_loop_test(cases,
                        what_waits_in_the_listener_is_answered_before_the_end,
                        0, SCHEDULES);
    tcase_add_test(cases,
                   what_waits_in_a_listener_is_answered_before_a_renewal);
    tcase_add_loop_test(cases, workers_are_renewed_one_after_the_other, 0,
                        SCHEDULES);
    tcase_add_loop_test(cases, without_respawn_the_port_closes_with_the_last, 0,
                        SCHEDULES);
    tcase_add_loop_test(cases, a_crash_loop_is_noticed_all_the_same, 0,
                        SCHEDULES);
    return suite_run(cases, "schedules");
}
