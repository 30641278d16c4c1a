/* SPDX-License-Identifier: MIT */
/* test_fairness.c - hostile clients do not keep others from being served:
 * clients that request and reset, and many clients of one address that request
 * slow pages. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* The hosts of 127.0.0.0/24 from which the clients connect. */
#define GOOD_HOST    1
#define HOSTILE_HOST 2

#define POOL "--workers 4 --exit-after 0 --handoff request "

/* ---- The good client ---- */

/* Sends `count` requests, each on a new connection.  Returns the number of 200
 * responses.  Ends early once more than 5 % failed. */
static int ask_good(int port, int count)
{
    int answered = 0;

    for (int i = 0; i < count && i - answered <= count / 20; i++) {
        struct http_client client;
        struct http_answer answer;
        char target[32];

        snprintf(target, sizeof(target), "/?t=good-%d.", i);
        if (http_connect_from(&client, GOOD_HOST, port) == HTTP_ANSWERED &&
            http_get(&client, target, &answer) == HTTP_ANSWERED) {
            answered += answer.status == 200;
            http_answer_free(&answer);
        }
        http_disconnect(&client);
    }
    return answered;
}

/* ---- Clients that request and reset ---- */

#define RESETTERS 4

struct resetting {
    int port;
    unsigned host;
    atomic_bool over;
    atomic_uint resets;
};

static void *ask_and_reset(void *argument)
{
    struct resetting *resetting = argument;

    while (!atomic_load(&resetting->over)) {
        struct http_client client;

        if (http_connect_from(&client, resetting->host, resetting->port) !=
            HTTP_ANSWERED)
            continue;
        http_send(&client, "GET /?sleep=20ms HTTP/1.1\r\nHost: t\r\n\r\n");
        http_reset(&client);
        atomic_fetch_add(&resetting->resets, 1);
    }
    return NULL;
}

/* In the second run the good client has the address of the others. */
START_TEST(good_client_is_answered_while_others_request_and_reset)
{
    enum { HEAD_START = 3000, REQUESTS = 100 };
    struct resetting resetting = { .host = _i == 0 ? HOSTILE_HOST : GOOD_HOST };
    struct deadline deadline = deadline_start();
    struct supervised supervised;
    pthread_t threads[RESETTERS];
    int answered;

    supervised_start(&supervised, POOL);
    resetting.port = supervised.port;
    for (int i = 0; i < RESETTERS; i++)
        ck_assert_int_eq(
            pthread_create(&threads[i], NULL, ask_and_reset, &resetting), 0);
    while (atomic_load(&resetting.resets) < HEAD_START)
        ck_assert(deadline_nap(deadline));
    answered = ask_good(supervised.port, REQUESTS);
    atomic_store(&resetting.over, true);
    for (int i = 0; i < RESETTERS; i++)
        pthread_join(threads[i], NULL);
    printf("%d of %d answers, %u resets\n", answered, REQUESTS,
           atomic_load(&resetting.resets));
    ck_assert_int_ge(answered, REQUESTS * 95 / 100);
    supervised_finish(&supervised);
}
END_TEST

/* The only worker is busy until all clients have sent a request and reset. */
START_TEST(waiting_request_is_not_handled_after_a_reset)
{
    enum { RESETS = 50 };
    struct supervised supervised;
    struct http_client busy, client;
    const cJSON *totals;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 "
                                  "--handoff request --queue-timeout 60s");
    http_expect_ask(&busy, supervised.port,
                    "GET /?sleep=2s HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < RESETS; i++) {
        http_expect_ask(&client, supervised.port,
                        "GET / HTTP/1.1\r\nHost: t\r\n\r\n");
        http_reset(&client);
    }
    http_expect_answer(&busy, 200, "");
    http_expect_hello(supervised.port);
    http_disconnect(&busy);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "requests.begun") == 2);
    ck_assert(event_number(totals, "connections.client_gone") == RESETS);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* No worker is free before all clients have reset, and the supervisor accepts
 * no further connection until it has noticed the resets. */
START_TEST(connection_reset_by_its_client_leaves_the_queue)
{
    enum { CAPACITY = 20 };
    struct http_client busy, clients[CAPACITY], idle;
    struct supervised supervised;
    const cJSON *totals;

    supervised_start(&supervised,
                     "--workers 1 --spares 0 --exit-after 0 "
                     "--handoff request --queue-timeout 60s "
                     "--max-connections %d",
                     CAPACITY);
    http_expect_ask(&busy, supervised.port,
                    "GET /?sleep=5s HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < CAPACITY - 1; i++)
        http_expect_ask(&clients[i], supervised.port,
                        "GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    event_log_await(&supervised.log, 1, "{'event':'accept-paused'}");
    for (int i = 0; i < CAPACITY - 1; i++)
        http_reset(&clients[i]);
    http_expect_ask(&idle, supervised.port,
                    "GET /nonsense HTTP/1.1\r\nHost: t\r\n\r\n");
    /* The freed places are filled again while the worker is busy. */
    for (int i = 0; i < CAPACITY - 2; i++)
        http_expect_ask(&clients[i], supervised.port,
                        "GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    event_log_await(&supervised.log, 2, "{'event':'accept-paused'}");
    ck_assert(!http_has_answer(&busy));
    http_expect_answer(&busy, 200, "");
    http_expect_answer(&idle, 200, "");
    for (int i = 0; i < CAPACITY - 2; i++) {
        http_expect_answer(&clients[i], 200, "");
        http_disconnect(&clients[i]);
    }
    http_disconnect(&idle);
    http_disconnect(&busy);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "requests.begun") == CAPACITY);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(client_that_half_closes_after_its_request_is_answered)
{
    enum { WAITING = 10 };
    struct http_client busy, clients[WAITING];
    struct supervised supervised;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 "
                                  "--handoff request --queue-timeout 60s");
    http_expect_ask(&busy, supervised.port,
                    "GET /?sleep=1s HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < WAITING; i++) {
        http_expect_ask(&clients[i], supervised.port,
                        "GET /?t=half. HTTP/1.1\r\nHost: t\r\n\r\n");
        http_half_close(&clients[i]);
    }
    http_expect_answer(&busy, 200, "");
    for (int i = 0; i < WAITING; i++) {
        http_expect_answer(&clients[i], 200, "t=half.");
        http_disconnect(&clients[i]);
    }
    http_disconnect(&busy);
    supervised_finish(&supervised);
}
END_TEST

/* ---- One address that requests slow pages ---- */

#define CROWD 2000

struct address_crowd {
    struct http_client clients[CROWD];
    int count, port;
    const char *request;
    atomic_bool over;
    atomic_uint answers; /* refusals included */
    pthread_t thread;
};

static void ask_slowly(struct address_crowd *crowd, int i)
{
    ck_assert_int_eq(
        http_connect_from(&crowd->clients[i], HOSTILE_HOST, crowd->port),
        HTTP_ANSWERED);
    http_expect_send(&crowd->clients[i], crowd->request);
}

/* Each client that has got a response, whichever, sends its request again. */
static void *insist(void *argument)
{
    const struct timespec pause = { .tv_nsec = 10000000 };
    struct address_crowd *crowd = argument;

    while (!atomic_load(&crowd->over)) {
        for (int i = 0; i < crowd->count; i++) {
            if (!http_has_answer(&crowd->clients[i]))
                continue;
            atomic_fetch_add(&crowd->answers, 1);
            http_disconnect(&crowd->clients[i]);
            ask_slowly(crowd, i);
        }
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void crowd_start(struct address_crowd *crowd, int count, int port,
                        const char *request)
{
    *crowd = (struct address_crowd){ .count = count,
                                     .port = port,
                                     .request = request };
    for (int i = 0; i < count; i++)
        ask_slowly(crowd, i);
    ck_assert_int_eq(pthread_create(&crowd->thread, NULL, insist, crowd), 0);
}

static void crowd_stop(struct address_crowd *crowd)
{
    atomic_store(&crowd->over, true);
    pthread_join(crowd->thread, NULL);
    for (int i = 0; i < crowd->count; i++)
        http_reset(&crowd->clients[i]);
}

START_TEST(good_client_is_answered_while_another_address_requests_slow_pages)
{
    enum { REQUESTS = 40 };
    static struct address_crowd crowd;
    struct supervised supervised;
    int answered;

    supervised_allow_descriptors(CROWD + 100);
    supervised_start(&supervised, POOL);
    crowd_start(&crowd, CROWD, supervised.port,
                "GET /?sleep=200ms HTTP/1.1\r\nHost: t\r\n\r\n");
    answered = ask_good(supervised.port, REQUESTS);
    crowd_stop(&crowd);
    printf("%d of %d answers, %u to the others\n", answered, REQUESTS,
           atomic_load(&crowd.answers));
    ck_assert_int_ge(answered, REQUESTS * 95 / 100);
    supervised_finish(&supervised);
}
END_TEST

/* If no worker were left, each good request would wait for a slow one. */
START_TEST(slow_requests_of_one_address_leave_a_worker_to_the_others)
{
    enum { REQUESTS = 60, SLOW = 40 };
    static struct address_crowd crowd;
    struct supervised supervised;
    unsigned before, after;

    supervised_start(&supervised, POOL "--queue-timeout 60s");
    crowd_start(&crowd, SLOW, supervised.port,
                "GET /?sleep=1s HTTP/1.1\r\nHost: t\r\n\r\n");
    ck_assert_int_eq(ask_good(supervised.port, 2), 2);
    before = atomic_load(&crowd.answers);
    ck_assert_int_eq(ask_good(supervised.port, REQUESTS), REQUESTS);
    after = atomic_load(&crowd.answers);
    crowd_stop(&crowd);
    printf("%u slow answers before %d good ones\n", after - before, REQUESTS);
    ck_assert_uint_lt(after - before, REQUESTS / 2);
    supervised_finish(&supervised);
}
END_TEST

/* The requests are handled at the same time, so all pids differ. */
START_TEST(only_address_uses_every_worker)
{
    enum { WORKERS = 4, ROUNDS = 3 };
    struct http_client clients[WORKERS];
    struct supervised supervised;
    struct http_answer answer;
    long pids[WORKERS];

    supervised_start(&supervised, POOL);
    supervised_await_online(&supervised, WORKERS);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < WORKERS; i++)
            http_expect_ask(&clients[i], supervised.port,
                            "GET /?sleep=1s HTTP/1.1\r\nHost: t\r\n\r\n");
        for (int i = 0; i < WORKERS; i++) {
            http_expect(&clients[i], 200, &answer);
            pids[i] = http_answer_number(&answer, "pid");
            http_answer_free(&answer);
            http_disconnect(&clients[i]);
            for (int j = 0; j < i; j++)
                ck_assert_int_ne(pids[i], pids[j]);
        }
    }
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("fairness");

    tcase_add_loop_test(
        cases, good_client_is_answered_while_others_request_and_reset, 0, 2);
    tcase_add_test(cases, waiting_request_is_not_handled_after_a_reset);
    tcase_add_test(cases, connection_reset_by_its_client_leaves_the_queue);
    tcase_add_test(cases,
                   client_that_half_closes_after_its_request_is_answered);
    tcase_add_test(
        cases,
        good_client_is_answered_while_another_address_requests_slow_pages);
    tcase_add_test(cases,
                   slow_requests_of_one_address_leave_a_worker_to_the_others);
    tcase_add_test(cases, only_address_uses_every_worker);
    return suite_run(cases, "fairness");
}
