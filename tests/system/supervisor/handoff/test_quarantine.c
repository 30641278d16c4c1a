/* SPDX-License-Identifier: MIT */
/* test_quarantine.c - a crash counts only against the request that caused it.
 */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/clients.h"
#include <signal.h>
#include <stdio.h>

#define PLENTY "--backoff none --restart-intensity 1000/1s "

static const struct {
    const char *options;
    bool retries; /* else a connection is lost when its worker dies */
} ways[] = {
    { "--exit-after 0 --schedule rr --handoff request", true },
    { "--exit-after 0 --schedule least --handoff connection", true },
    { "--exit-after 0 --schedule shared", false },
};
#define WAYS          3
#define WAYS_RETRYING 2 /* the first of them */

static void start(struct supervised *supervised, int way)
{
    supervised_start(
        supervised, "--workers 4 --spares 2 --faults " PLENTY "%s%s",
        ways[way].retries ? "--max-kills 100 " : "", ways[way].options);
    supervised_await_online(supervised, 6);
}

static void finish(struct supervised *supervised, int way)
{
    if (supervised->pid > 0)
        ck_assert_int_eq(supervised_drain(supervised), 0);
    if (ways[way].retries)
        supervised_finish_ended(supervised, 0);
    else
        supervised_finish_cut_short(supervised);
}

/* ---- Signals from outside ---- */

struct hit {
    int port;
    bool retries;
};

/* Two kinds of request: the responses to the short ones end a round of
 * injections, and the long ones are hit in several rounds. */
static void ask_the_same(struct clients_member *member)
{
    const struct hit *hit = member->clients->context;
    struct http_answer answer;
    enum http_outcome outcome =
        http_get(&member->client,
                 member->number % 2 ? "/?spin=1ms" : "/?spin=10ms", &answer);

    if (outcome == HTTP_ANSWERED) {
        ck_assert_int_eq(answer.status, 200);
        http_answer_free(&answer);
        return;
    }
    ck_assert_msg(!hit->retries, "%s", http_outcome_name(outcome));
    http_disconnect(&member->client);
    http_expect_connect(&member->client, hit->port);
}

START_TEST(fault_signals_from_another_process_count_against_no_request)
{
    static const int signals[] = { SIGSEGV, SIGABRT, SIGBUS,
                                   SIGFPE,  SIGILL,  SIGALRM };
    enum { INJECTIONS = 120 };
    static struct clients clients;
    pid_t workers[SUPERVISED_WORKERS_MAX];
    struct supervised supervised;
    struct hit hit = { .retries = ways[_i].retries };
    const cJSON *totals;
    size_t injections = 0;

    start(&supervised, _i);
    hit.port = supervised.port;
    clients_start(&clients, 16, supervised.port, ask_the_same, &hit);
    while (injections < INJECTIONS) {
        size_t count = supervised_workers(&supervised, workers);

        for (size_t i = 0; i < count; i++)
            injections += process_signal_safely(workers[i], supervised.pid,
                                                signals[(injections + i) % 6]);
        clients_await(&clients, 4);
    }
    clients_stop(&clients);
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    event_log_await(&supervised.log, INJECTIONS / 2,
                    "{'event':'exit','cause':'outside',"
                    "'sent_by':'another process'}");
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'exit','cause':'crash'}"),
        0);
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'quarantine'}"), 0);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "requests.refused") == 0);
    finish(&supervised, _i);
}
END_TEST

/* SIGSTOP during a request counts as a kill, whichever process sent it. */
START_TEST(stop_of_a_worker_is_not_counted_as_attempt)
{
    struct supervised supervised;
    struct http_client client;
    const cJSON *totals;

    supervised_start(&supervised,
                     "--workers 2 --spares 2 --faults --max-attempts 1 "
                     "--max-kills 2 --request-timeout %ums " PLENTY "%s",
                     300 * deadline_factor(), ways[_i].options);
    http_expect_ask(&client, supervised.port,
                    "GET /?fault=stop HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_answer(&client, 500, "");
    http_disconnect(&client);
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'hang','stopped':true}"), 2);
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'exit','cause':'outside'}"),
        2);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "quarantine.requests") == 0);
    finish(&supervised, _i);
}
END_TEST

/* ---- One poisonous request ---- */

#define LINE "GET /?t=tok. HTTP/1.1"
#define SAME LINE "\r\nHost: t\r\n"

/* Sends `text` on a new connection.  Returns the status of the response, or 0
 * if the connection is lost. */
static int status_of(int port, const char *text)
{
    struct http_client client;
    struct http_answer answer;
    int status = 0;

    http_expect_ask(&client, port, text);
    if (http_receive(&client, false, &answer) == HTTP_ANSWERED) {
        status = answer.status;
        http_answer_free(&answer);
    }
    http_disconnect(&client);
    return status;
}

/* Lets the request crash two workers, the default of --max-attempts, and waits
 * until their successors are online. */
static void poison(struct supervised *supervised, int way, const char *text)
{
    size_t exits = event_log_count(&supervised->log, "{'event':'exit'}");
    size_t online = event_log_count(&supervised->log, "{'event':'online'}");

    if (ways[way].retries) {
        ck_assert_int_eq(status_of(supervised->port, text), 500);
        exits++;
        online++;
    } else {
        ck_assert_int_eq(status_of(supervised->port, text), 0);
        event_log_await(&supervised->log, ++exits, "{'event':'exit'}");
        event_log_await(&supervised->log, ++online, "{'event':'online'}");
        ck_assert_int_eq(status_of(supervised->port, text), 0);
    }
    event_log_await(&supervised->log, exits + 1, "{'event':'exit'}");
    event_log_await(&supervised->log, online + 1, "{'event':'online'}");
}

START_TEST(request_with_another_header_is_served_after_a_poisonous_one)
{
    struct supervised supervised;

    start(&supervised, _i);
    poison(&supervised, _i, SAME "X-Fault: segv\r\n\r\n");
    ck_assert_int_eq(status_of(supervised.port, SAME "X-Fault: segv\r\n\r\n"),
                     503);
    ck_assert_int_eq(status_of(supervised.port, SAME "\r\n"), 200);
    finish(&supervised, _i);
}
END_TEST

#define POST                                                                   \
    "POST /?fault=abort HTTP/1.1\r\nHost: t\r\nIdempotency-Key: \"k\"\r\n"     \
    "Content-Length: 3\r\n\r\n"

START_TEST(request_with_another_body_is_tried_after_a_poisonous_one)
{
    struct supervised supervised;

    start(&supervised, _i);
    poison(&supervised, _i, POST "one");
    ck_assert_int_eq(status_of(supervised.port, POST "one"), 503);
    poison(&supervised, _i, POST "two");
    ck_assert_int_eq(status_of(supervised.port, POST "two"), 503);
    finish(&supervised, _i);
}
END_TEST

START_TEST(request_line_is_refused_after_several_poisonous_requests)
{
    struct supervised supervised;
    const cJSON *totals;
    char text[160];

    start(&supervised, _i);
    for (int i = 1; i <= 3; i++) {
        ck_assert_int_eq(status_of(supervised.port, SAME "\r\n"), 200);
        snprintf(text, sizeof(text), SAME "X-Fault: segv\r\nX-Id: %d\r\n\r\n",
                 i);
        poison(&supervised, _i, text);
    }
    ck_assert_int_eq(status_of(supervised.port, SAME "\r\n"), 503);
    ck_assert_int_eq(status_of(supervised.port,
                               "GET /?t=other. HTTP/1.1\r\nHost: t\r\n\r\n"),
                     200);
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    ck_assert_uint_eq(event_log_count(&supervised.log,
                                      "{'event':'quarantine','scope':'request',"
                                      "'request':'" LINE "'}"),
                      3);
    ck_assert_uint_eq(event_log_count(&supervised.log,
                                      "{'event':'quarantine','scope':'line',"
                                      "'request':'" LINE "'}"),
                      1);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "quarantine.requests") == 3);
    ck_assert(event_number(totals, "quarantine.lines") == 1);
    ck_assert(event_number(totals, "quarantine.refused") == 1);
    finish(&supervised, _i);
}
END_TEST

/* ---- Log and totals ---- */

#define POISON SAME "X-Fault: segv\r\n\r\n"

static void ask_poison(struct clients_member *member)
{
    http_expect_send(&member->client, POISON);
    http_expect_answer(&member->client, 503, "");
}

/* With retries, workers are killed while they refuse. */
START_TEST(quarantine_is_logged_once_and_its_refusals_are_counted)
{
    static struct clients clients;
    struct supervised supervised;
    const cJSON *totals;
    size_t refused;

    start(&supervised, _i);
    poison(&supervised, _i, POISON);
    clients_start(&clients, 8, supervised.port, ask_poison, NULL);
    if (ways[_i].retries)
        clients_suffer(&clients, &supervised, 100);
    else
        clients_await(&clients, 1000);
    clients_stop(&clients);
    refused = atomic_load(&clients.asked);
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'quarantine'}"), 1);
    ck_assert_uint_eq(event_log_count(&supervised.log,
                                      "{'event':'quarantine','scope':'request',"
                                      "'request':'" LINE "','time_ms':60000}"),
                      1);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "quarantine.requests") == 1);
    ck_assert(event_number(totals, "quarantine.lines") == 0);
    ck_assert(event_number(totals, "quarantine.refused") == (double)refused);
    ck_assert(event_number(totals, "requests.refused") ==
              (double)refused + (ways[_i].retries ? 1 : 0));
    finish(&supervised, _i);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("quarantine");

    tcase_add_loop_test(
        cases, fault_signals_from_another_process_count_against_no_request, 0,
        WAYS);
    tcase_add_loop_test(cases, stop_of_a_worker_is_not_counted_as_attempt, 0,
                        WAYS_RETRYING);
    tcase_add_loop_test(
        cases, request_with_another_header_is_served_after_a_poisonous_one, 0,
        WAYS);
    tcase_add_loop_test(
        cases, request_with_another_body_is_tried_after_a_poisonous_one, 0,
        WAYS);
    tcase_add_loop_test(
        cases, request_line_is_refused_after_several_poisonous_requests, 0,
        WAYS);
    tcase_add_loop_test(
        cases, quarantine_is_logged_once_and_its_refusals_are_counted, 0, WAYS);
    return suite_run(cases, "quarantine");
}
