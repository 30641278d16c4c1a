/* test_slow_clients.c - clients that trickle, keep silent or do not read, and
 * more of them than there is room for: the others notice nothing. */
#include "tests/system/deadline.h"
#include "tests/system/http_expect.h"
#include "tests/system/process.h"
#include "tests/system/suite.h"
#include "tests/system/supervised.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Both kinds of worker: the one that goes after each response, and the one
 * that stays. */
static const char *const kinds[] = { "--workers 2 --exit-after 1",
                                     "--workers 2 --exit-after 0" };
#define KINDS (int)(sizeof(kinds) / sizeof(*kinds))

#define CROWD 1000

/* A thousand ends at once take as many forks where each answer takes one: how
 * long that lasts is the machine's affair. */
#define PATIENT "--queue-timeout 60s"

/* Raises the limit of descriptors as far as it goes. */
static void raise_limit(void)
{
    struct rlimit limit;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    ck_assert_uint_gt(limit.rlim_cur, CROWD + 100);
}

/* ---- One of them ---- */

START_TEST(half_a_request_is_answered_408)
{
    static const char *const halves[] = {
        "G",
        "GET / HTTP/1.1\r\nHost: te",
        "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: "
        "chunked\r\n\r\n5\r\nhel",
        "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\nA: b\r\n",
    };
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s --header-timeout 100ms", kinds[_i]);
    for (size_t i = 0; i < sizeof(halves) / sizeof(*halves); i++) {
        http_expect_connect(&client, supervised.port);
        http_expect_page(&client, "/?t=before.", "t=before.");
        http_expect_send(&client, halves[i]);
        http_expect_answer(&client, 408, "");
        http_expect_close(&client);
        http_disconnect(&client);
    }
    supervised_finish(&supervised);
}
END_TEST

/* The deadline is that of the request, not of its next byte. */
START_TEST(no_byte_puts_the_deadline_off)
{
    struct supervised supervised;
    struct http_client client;
    struct deadline deadline;

    supervised_start(&supervised, "%s --header-timeout 300ms", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    http_expect_send(&client, "GET / HTTP/1.1\r\nHost: t\r\nX-Endless: ");
    deadline = deadline_start();
    while (!http_has_answer(&client)) {
        http_expect_send(&client, "a");
        ck_assert(deadline_nap(deadline));
    }
    http_expect_answer(&client, 408, "");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(silence_is_ended_without_a_word)
{
    struct supervised supervised;
    struct http_client fresh, used;
    const cJSON *totals;

    supervised_start(&supervised, "%s --idle-timeout 100ms", kinds[_i]);
    http_expect_connect(&fresh, supervised.port);
    http_expect_close(&fresh);
    http_expect_connect(&used, supervised.port);
    http_expect_page(&used, "/", "");
    http_expect_close(&used);
    http_disconnect(&fresh);
    http_disconnect(&used);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "connections.closed") == 2);
    ck_assert(event_number(totals, "requests.begun") == 1);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* A client that takes its time has waited for no worker: the queue's deadline
 * is not over when its turn comes, though all workers are busy then. */
START_TEST(time_that_the_client_took_is_not_time_in_the_queue)
{
    struct http_client reader, writer, other;
    struct supervised supervised;
    struct http_answer answer;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 "
                                  "--hand-over request --queue-timeout 500ms");
    ck_assert_int_eq(http_connect_narrow(&reader, supervised.port),
                     HTTP_ANSWERED);
    http_expect_connect(&writer, supervised.port);
    http_expect_connect(&other, supervised.port);
    http_expect_send(&reader, "GET /?size=1m HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_send(&writer, "GET /?t=writer. HTTP/1.1\r\nHost: t\r\n");
    http_expect_ahead(&reader, 1);
    /* In all longer than the queue's deadline; and while the worker goes on so,
     * both go on, too. */
    for (int i = 0; i < 3; i++) {
        http_expect_page(&other, "/?sleep=250ms", "");
    }
    http_expect_send(&other, "GET /?sleep=200ms HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_send(&writer, "\r\n");
    http_expect_ahead(&reader, 500 * 1024);
    http_expect(&reader, 200, &answer);
    ck_assert_uint_eq(answer.body_bytes, 1024 * 1024);
    http_expect_filling(&answer);
    http_answer_free(&answer);
    http_expect_answer(&writer, 200, "t=writer.");
    http_expect_answer(&other, 200, "");
    http_disconnect(&reader);
    http_disconnect(&writer);
    http_disconnect(&other);
    supervised_finish(&supervised);
}
END_TEST

/* ---- A thousand of them ---- */

struct crowd {
    struct http_client clients[CROWD];
    atomic_bool over;
};

static void gather(struct crowd *crowd, int port, bool narrow,
                   const char *request)
{
    for (size_t i = 0; i < CROWD; i++) {
        ck_assert_int_eq(narrow ? http_connect_narrow(&crowd->clients[i], port)
                                : http_connect(&crowd->clients[i], port),
                         HTTP_ANSWERED);
        http_expect_send(&crowd->clients[i], request);
    }
}

static void *trickle(void *argument)
{
    const struct timespec pause = { .tv_nsec = 200000000 };
    struct crowd *crowd = argument;

    while (!atomic_load(&crowd->over)) {
        for (size_t i = 0; i < CROWD; i++)
            if (!http_has_answer(&crowd->clients[i]))
                http_send(&crowd->clients[i], "a");
        nanosleep(&pause, NULL);
    }
    return NULL;
}

/* On new connections, and on one that goes on. */
static void serve_others(int port, int requests)
{
    struct http_client client;
    char target[32];

    for (int i = 0; i < requests; i++)
        http_expect_hello(port);
    http_expect_connect(&client, port);
    for (int i = 0; i < requests; i++) {
        snprintf(target, sizeof(target), "/?t=%d.", i);
        http_expect_page(&client, target, target + 2);
    }
    http_disconnect(&client);
}

START_TEST(a_thousand_tricklers_are_ended_while_others_are_served)
{
    static struct crowd crowd;
    struct supervised supervised;
    const cJSON *totals;
    pthread_t thread;

    raise_limit();
    supervised_start(&supervised, "%s --header-timeout 2s " PATIENT, kinds[_i]);
    gather(&crowd, supervised.port, false,
           "GET / HTTP/1.1\r\nHost: t\r\nX-Endless: ");
    ck_assert_int_eq(pthread_create(&thread, NULL, trickle, &crowd), 0);
    serve_others(supervised.port, 100);
    for (size_t i = 0; i < CROWD; i++) {
        http_expect_answer(&crowd.clients[i], 408, "");
        if (i % 100 == 0)
            http_expect_hello(supervised.port);
    }
    atomic_store(&crowd.over, true);
    pthread_join(thread, NULL);
    for (size_t i = 0; i < CROWD; i++)
        http_disconnect(&crowd.clients[i]);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "requests.refused") == CROWD);
    ck_assert(event_number(totals, "requests.client_gone") == 0);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(a_thousand_that_never_read_are_ended_while_others_are_served)
{
    static struct crowd crowd;
    struct supervised supervised;
    struct deadline deadline;
    const cJSON *totals;
    size_t descriptors;

    raise_limit();
    supervised_start(&supervised, "%s --idle-timeout 2s " PATIENT, kinds[_i]);
    supervised_await_online(&supervised, 3);
    descriptors = process_descriptors(supervised.pid);
    gather(&crowd, supervised.port, true,
           "GET /?size=300k HTTP/1.1\r\nHost: test\r\n\r\n");
    serve_others(supervised.port, 100);
    deadline = deadline_start();
    while (process_descriptors(supervised.pid) > descriptors + 10)
        ck_assert_msg(deadline_nap(deadline), "they are kept for ever");
    serve_others(supervised.port, 10);
    for (size_t i = 0; i < CROWD; i++)
        http_disconnect(&crowd.clients[i]);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    /* None of them took so much. */
    ck_assert(event_number(totals, "requests.client_gone") == CROWD);
    ck_assert(event_number(totals, "requests.answered") +
                  event_number(totals, "requests.answered_after_retry") ==
              220);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* ---- More than there is room for ---- */

/* As many as `room` are served, the others wait, and get their turn. */
static void fill_up(struct supervised *supervised, int room)
{
    enum { WAITING = 10 };
    struct http_client held[64], waiting[WAITING];

    ck_assert_int_le(room, 64);
    for (int i = 0; i < room; i++) {
        http_expect_connect(&held[i], supervised->port);
        http_expect_page(&held[i], "/", "");
    }
    for (int i = 0; i < WAITING; i++) {
        http_expect_connect(&waiting[i], supervised->port);
        http_expect_send(&waiting[i], "GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    }
    event_log_await(&supervised->log, 1, "{'event':'pause'}");
    /* Nothing else suffers. */
    for (int i = 0; i < room; i++) {
        http_expect_page(&held[i], "/", "");
    }
    for (int i = 0; i < WAITING; i++)
        ck_assert(!http_has_answer(&waiting[i]));
    for (int i = 0; i < WAITING; i++) {
        http_disconnect(&held[i]);
        http_expect_answer(&waiting[i], 200, "");
    }
    for (int i = 0; i < WAITING; i++)
        http_disconnect(&waiting[i]);
    for (int i = WAITING; i < room; i++)
        http_disconnect(&held[i]);
}

START_TEST(at_the_limit_accept_stops_and_that_is_said_once)
{
    struct supervised supervised;

    supervised_start(&supervised, "%s --max-connections 20", kinds[_i]);
    fill_up(&supervised, 20);
    supervised_drain(&supervised);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'pause'}"), 1);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* Where the system allows fewer descriptors than --max-connections, they are
 * the limit: workers are forked all the same. */
START_TEST(descriptors_are_a_limit_like_another)
{
    const struct rlimit few = { 120, 120 };
    struct supervised supervised;
    const cJSON *bound;

    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    supervised_start(&supervised, "%s --backoff none", kinds[_i]);
    bound = event_log_await(&supervised.log, 1, "{'event':'bound'}");
    fill_up(&supervised, (int)event_number(bound, "connections"));
    ck_assert_uint_gt(supervised_kill_all(&supervised), 0);
    http_expect_hello(supervised.port);
    supervised_await_workers(&supervised, 3);
    supervised_drain(&supervised);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'pause'}"), 1);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("slow clients");

    tcase_add_loop_test(cases, half_a_request_is_answered_408, 0, KINDS);
    tcase_add_loop_test(cases, no_byte_puts_the_deadline_off, 0, KINDS);
    tcase_add_loop_test(cases, silence_is_ended_without_a_word, 0, KINDS);
    tcase_add_test(cases, time_that_the_client_took_is_not_time_in_the_queue);
    tcase_add_loop_test(cases,
                        a_thousand_tricklers_are_ended_while_others_are_served,
                        0, KINDS);
    tcase_add_loop_test(
        cases, a_thousand_that_never_read_are_ended_while_others_are_served, 0,
        KINDS);
    tcase_add_loop_test(cases, at_the_limit_accept_stops_and_that_is_said_once,
                        0, KINDS);
    tcase_add_loop_test(cases, descriptors_are_a_limit_like_another, 0, KINDS);
    return suite_run(cases, "slow clients");
}
