/* test_blame.c - who is to blame when a worker dies: the request it was working
 * on, not its neighbours, and nobody when it was killed from outside. */
#include "tests/system/crew.h"
#include "tests/system/deadline.h"
#include "tests/system/http_expect.h"
#include "tests/system/process.h"
#include "tests/system/storm.h"
#include "tests/system/suite.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char *const hand_overs[] = {
    "--exit-after 0 --hand-over request",
    "--exit-after 0 --hand-over connection",
};
#define HAND_OVERS (int)(sizeof(hand_overs) / sizeof(*hand_overs))

#define PLENTY "--backoff none --restart-intensity 1000/1s "

#define POISON "/?fault=segv&t=poison"

/* Sends a GET and returns the status; what comes is an answer, and the
 * connection goes on. */
static int status_of(struct http_client *client, const char *target)
{
    struct http_answer answer;
    enum http_outcome outcome = http_get(client, target, &answer);
    int status;

    ck_assert_msg(outcome == HTTP_ANSWERED, "%s: %s", target,
                  http_outcome_name(outcome));
    ck_assert(answer.keep_alive);
    status = answer.status;
    http_answer_free(&answer);
    return status;
}

/* Waits until that many exits are told, and sees that no more come with them.
 */
static void expect_crashes(struct supervised *supervised, size_t count)
{
    if (count > 0)
        event_log_await(&supervised->log, count,
                        "{'event':'exit','signal':'SIGSEGV'}");
    http_expect_hello(supervised->port);
    ck_assert_uint_eq(event_log_count(&supervised->log,
                                      "{'event':'exit','signal':'SIGSEGV'}"),
                      count);
}

/* ---- Poison ---- */

static const unsigned attempts[] = { 1, 2, 5 };

START_TEST(a_poison_request_costs_as_many_workers_as_it_may)
{
    unsigned most = attempts[_i / HAND_OVERS];
    struct supervised supervised;
    struct http_client client;
    const cJSON *exit;

    supervised_start(&supervised,
                     "--workers 3 --faults --max-attempts %u " PLENTY "%s",
                     most, hand_overs[_i % HAND_OVERS]);
    http_expect_connect(&client, supervised.port);
    ck_assert_int_eq(status_of(&client, POISON), 500);
    expect_crashes(&supervised, most);
    exit = event_log_await(&supervised.log, 1,
                           "{'event':'exit','signal':'SIGSEGV'}");
    ck_assert_str_eq(event_text(exit, "cause"), "crash");
    ck_assert_str_eq(event_text(exit, "request"), "GET " POISON " HTTP/1.1");
    http_expect_page(&client, "/?t=after.", "t=after.");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(its_twins_are_refused_at_the_door)
{
    enum { TWINS = 20 };
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "--workers 3 --faults " PLENTY "%s",
                     hand_overs[_i]);
    http_expect_connect(&client, supervised.port);
    ck_assert_int_eq(status_of(&client, POISON), 500);
    http_disconnect(&client);
    for (int i = 0; i < TWINS; i++) {
        http_expect_connect(&client, supervised.port);
        ck_assert_int_eq(status_of(&client, POISON), 503);
        /* The door is shut for them alone. */
        http_expect_page(&client, "/?t=poison", "t=poison");
        ck_assert_int_eq(status_of(&client, POISON), 503);
        http_disconnect(&client);
    }
    expect_crashes(&supervised, 2);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(after_the_quarantine_they_have_another_chance)
{
    struct supervised supervised;
    struct http_client client;
    struct deadline deadline = deadline_start();

    supervised_start(&supervised,
                     "--workers 3 --faults --quarantine 200ms " PLENTY "%s",
                     hand_overs[_i]);
    http_expect_connect(&client, supervised.port);
    for (size_t chances = 1; chances <= 3; chances++) {
        while (status_of(&client, POISON) == 503)
            ck_assert(deadline_nap(deadline));
        expect_crashes(&supervised, 2 * chances);
    }
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* ---- Neighbours ---- */

/* One innocent request, long enough in the worker's hands to be there when it
 * dies. */
static void be_innocent(struct crew_member *member)
{
    char target[64], token[32];

    snprintf(token, sizeof(token), "t=%u-%zu.", member->number, member->asked);
    snprintf(target, sizeof(target), "/?sleep=5ms&%s", token);
    http_expect_page(&member->client, target, token);
}

static const char *const poisons[] = { "segv", "abort", "exit:7", "kill" };

START_TEST(neighbours_of_a_poison_request_get_every_answer)
{
    enum { NEIGHBOURS = 16, DOSES = 40 };
    static struct crew crew;
    struct supervised supervised;
    struct http_client client;
    char target[64];

    supervised_start(&supervised,
                     "--workers 2 --spares 2 --faults --max-kills 3 " PLENTY
                     "%s",
                     hand_overs[_i]);
    crew_start(&crew, NEIGHBOURS, supervised.port, be_innocent, NULL);
    http_expect_connect(&client, supervised.port);
    for (int i = 0; i < DOSES; i++) {
        snprintf(target, sizeof(target), "/?fault=%s&t=%d", poisons[i % 4], i);
        ck_assert_int_eq(status_of(&client, target), 500);
        crew_await(&crew, 4);
    }
    http_disconnect(&client);
    crew_stop(&crew);
    supervised_drain(&supervised);
    ck_assert(event_number(supervised_totals(&supervised),
                           "requests.refused") == DOSES);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* Some are hit again and again, and none of them is to blame. */
START_TEST(kills_from_outside_blame_no_request)
{
    const struct storm storm = {
        .clients = 16, .keep_alive = true, .query = "sleep=20ms", .kills = 150
    };
    struct supervised supervised;
    struct storm_result result;
    const cJSON *totals;

    supervised_start(&supervised, "--workers 4 --spares 2 %s", hand_overs[_i]);
    result = storm_rage(&supervised, &storm);
    storm_expect_no_loss(&result);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "requests.refused") == 0);
    ck_assert(event_number(totals, "requests.answered_after_retry") > 0);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* Waits for a worker that has stopped itself. */
static pid_t await_stopped(const struct supervised *supervised)
{
    struct deadline deadline = deadline_start();
    pid_t workers[SUPERVISED_MOST_WORKERS];

    for (;;) {
        size_t count = supervised_workers(supervised, workers);

        for (size_t i = 0; i < count; i++)
            if (process_state(workers[i]) == 'T')
                return workers[i];
        ck_assert_msg(deadline_nap(deadline), "no worker is stopped");
    }
}

/* It stands still in the midst of the request, so that nobody can doubt which
 * one the kill has hit. */
START_TEST(a_kill_is_no_attempt)
{
    enum { KILLS = 5 };
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised,
                     "--workers 2 --spares 2 --faults --max-attempts 1 "
                     "--max-kills %d " PLENTY "%s",
                     KILLS + 1, hand_overs[_i]);
    http_expect_connect(&client, supervised.port);
    http_expect_send(&client,
                     "GET /?fault=stop&t=tok. HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < KILLS; i++)
        ck_assert(supervised_kill(&supervised, await_stopped(&supervised)));
    process_strike(await_stopped(&supervised), supervised.pid, SIGCONT);
    http_expect_answer(&client, 200, "t=tok.");
    /* But no request may cost any number of workers. */
    http_expect_send(&client,
                     "GET /?fault=stop&t=tok. HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < KILLS + 1; i++)
        ck_assert(supervised_kill(&supervised, await_stopped(&supervised)));
    http_expect_answer(&client, 500, "");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* ---- Hung, stopped, slow ---- */

/* The worker that answers on this connection. */
static long worker_of(struct http_client *client)
{
    struct http_answer answer;
    long pid;

    http_expect_get(client, "/", 200, &answer);
    pid = http_answer_number(&answer, "pid");
    http_answer_free(&answer);
    return pid;
}

static const char *const hangs[] = { "hang", "stop" };

START_TEST(neighbours_of_a_hung_worker_go_on_elsewhere)
{
    enum { NEIGHBOURS = 8 };
    struct http_client hung, neighbours[NEIGHBOURS];
    struct supervised supervised;
    char request[128];
    long pid;

    supervised_start(&supervised,
                     "--workers 1 --spares 2 --faults --exit-after 0 "
                     "--hand-over connection --request-timeout %ums " PLENTY,
                     300 * deadline_factor());
    supervised_await_online(&supervised, 3);
    http_expect_connect(&hung, supervised.port);
    pid = worker_of(&hung);
    for (int i = 0; i < NEIGHBOURS; i++) {
        http_expect_connect(&neighbours[i], supervised.port);
        ck_assert_int_eq(worker_of(&neighbours[i]), pid);
    }
    snprintf(request, sizeof(request),
             "GET /?fault=%s HTTP/1.1\r\nHost: t\r\n\r\n", hangs[_i]);
    http_expect_send(&hung, request);
    for (int i = 0; i < NEIGHBOURS; i++)
        http_expect_send(&neighbours[i], "POST / HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < NEIGHBOURS; i++)
        http_expect_answer(&neighbours[i], 200, "");
    http_expect_answer(&hung, 500, "");
    event_log_await(&supervised.log, 2, "{'event':'exit','cause':'hang'}");
    supervised_await_workers(&supervised, 3);
    for (int i = 0; i < NEIGHBOURS; i++) {
        ck_assert_int_ne(worker_of(&neighbours[i]), pid);
        http_disconnect(&neighbours[i]);
    }
    ck_assert_int_ne(worker_of(&hung), pid);
    http_disconnect(&hung);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(workers_that_are_stopped_from_outside_are_replaced)
{
    enum { CLIENTS = 6 };
    pid_t stopped[SUPERVISED_MOST_WORKERS];
    struct http_client clients[CLIENTS];
    struct supervised supervised;
    size_t count;

    supervised_start(&supervised,
                     "--workers 2 --spares 1 --request-timeout %ums " PLENTY
                     "%s",
                     300 * deadline_factor(), hand_overs[_i]);
    supervised_await_online(&supervised, 3);
    for (int i = 0; i < CLIENTS; i++) {
        http_expect_connect(&clients[i], supervised.port);
        http_expect_page(&clients[i], "/", "");
    }
    count = supervised_workers(&supervised, stopped);
    for (size_t i = 0; i < count; i++)
        process_strike(stopped[i], supervised.pid, SIGSTOP);
    for (int i = 0; i < CLIENTS; i++)
        http_expect_send(&clients[i], "POST / HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < CLIENTS; i++) {
        http_expect_answer(&clients[i], 200, "");
        http_disconnect(&clients[i]);
    }
    event_log_await(&supervised.log, count, "{'event':'exit','cause':'hang'}");
    supervised_await_workers(&supervised, 3);
    supervised_finish(&supervised);
}
END_TEST

/* A handler that waits lets its worker turn. */
START_TEST(slow_is_not_hung)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised,
                     "--workers 1 --spares 0 --request-timeout 1s %s",
                     hand_overs[_i]);
    http_expect_connect(&client, supervised.port);
    http_expect_page(&client, "/?sleep=400ms&t=a.", "t=a.");
    http_expect_page(&client, "/?sleep=400ms&t=b.", "t=b.");
    http_expect_page(&client, "/?sleep=400ms&t=c.", "t=c.");
    http_disconnect(&client);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'exit'}"), 0);
    supervised_finish(&supervised);
}
END_TEST

/* If it waits too long, it is the request alone that is refused, long before
 * its wait is over. */
START_TEST(a_handler_that_waits_too_long_is_not_waited_for)
{
    struct supervised supervised;
    struct http_client hopeless, other;
    int others = 0;

    supervised_start(&supervised,
                     "--workers 2 --spares 0 --request-timeout 500ms %s",
                     hand_overs[_i]);
    http_expect_connect(&hopeless, supervised.port);
    http_expect_connect(&other, supervised.port);
    http_expect_send(&hopeless, "GET /?sleep=60s HTTP/1.1\r\nHost: t\r\n\r\n");
    while (!http_has_answer(&hopeless)) {
        http_expect_page(&other, "/?sleep=200ms", "");
        ck_assert_int_lt(others++, 100);
    }
    http_expect_answer(&hopeless, 500, "");
    http_expect_page(&hopeless, "/?t=next.", "t=next.");
    http_disconnect(&hopeless);
    http_disconnect(&other);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'exit'}"), 0);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("blame");

    tcase_add_loop_test(cases, a_poison_request_costs_as_many_workers_as_it_may,
                        0, 3 * HAND_OVERS);
    tcase_add_loop_test(cases, its_twins_are_refused_at_the_door, 0,
                        HAND_OVERS);
    tcase_add_loop_test(cases, after_the_quarantine_they_have_another_chance, 0,
                        HAND_OVERS);
    tcase_add_loop_test(cases, neighbours_of_a_poison_request_get_every_answer,
                        0, HAND_OVERS);
    tcase_add_loop_test(cases, kills_from_outside_blame_no_request, 0,
                        HAND_OVERS);
    tcase_add_loop_test(cases, a_kill_is_no_attempt, 0, HAND_OVERS);
    tcase_add_loop_test(cases, neighbours_of_a_hung_worker_go_on_elsewhere, 0,
                        2);
    tcase_add_loop_test(cases,
                        workers_that_are_stopped_from_outside_are_replaced, 0,
                        HAND_OVERS);
    tcase_add_loop_test(cases, slow_is_not_hung, 0, HAND_OVERS);
    tcase_add_loop_test(cases, a_handler_that_waits_too_long_is_not_waited_for,
                        0, HAND_OVERS);
    return suite_run(cases, "blame");
}
