/* SPDX-License-Identifier: MIT */
/* test_count.c - a counter in the supervisor shows how often a request was
 * executed. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/clients.h"
#include "tests/harness/supervisor/kinds.h"
#include <stdlib.h>
#include <string.h>

#define KILLS   100
#define MEMBERS 8

static void start(struct supervised *supervised, const char *handoff)
{
    supervised_start(supervised,
                     "--workers 3 --spares 2 --faults --backoff none %s",
                     handoff);
}

/* ---- Requests that count ---- */

/* Sends a POST with a body and, if `key` is not NULL, an Idempotency-Key.
 * Returns the status; sets *total to the count in the response if it is 200. */
static int count_request(struct http_client *client, const char *target,
                         const char *key, unsigned long *total)
{
    struct http_answer answer;
    char text[512];
    int status;

    snprintf(text, sizeof(text),
             "POST %s HTTP/1.1\r\nHost: test\r\n%s%s%sContent-Length: 3\r\n\r\n"
             "one",
             target, key ? "Idempotency-Key: " : "", key ? key : "",
             key ? "\r\n" : "");
    http_expect_send(client, text);
    ck_assert_int_eq(http_receive(client, false, &answer), HTTP_ANSWERED);
    status = answer.status;
    if (status == 200)
        *total = strtoul(answer.body, NULL, 10);
    http_answer_free(&answer);
    return status;
}

static unsigned long total_of(int port)
{
    struct http_client client;
    struct http_answer answer;
    unsigned long total;

    http_expect_connect(&client, port);
    http_expect_get(&client, "/count", 200, &answer);
    total = strtoul(answer.body, NULL, 10);
    http_answer_free(&answer);
    http_disconnect(&client);
    return total;
}

START_TEST(supervisor_counts_for_all_workers)
{
    enum { TIMES = 20 };
    struct supervised supervised;
    struct http_client client;
    unsigned long total = 0;

    start(&supervised, handoffs[_i]);
    for (unsigned long n = 1; n <= TIMES; n++) {
        http_expect_connect(&client, supervised.port);
        ck_assert_int_eq(count_request(&client, "/count", NULL, &total), 200);
        ck_assert_uint_eq(total, n);
        http_disconnect(&client);
        ck_assert_uint_eq(total_of(supervised.port), n);
    }
    supervised_kill_all(&supervised);
    ck_assert_uint_eq(total_of(supervised.port), TIMES);
    supervised_finish(&supervised);
}
END_TEST

/* ---- One death ---- */

static const struct {
    const char *name, *target, *key;
    int status;
    unsigned long counted;
} deaths[] = {
    { "without a key, killed while handling", "/count?fault=kill&at=handling",
      NULL, 502, 0 },
    { "with a key, crashed while handling", "/count?fault=segv&at=handling",
      "\"a\"", 500, 0 },
    { "killed when committed", "/count?fault=kill&at=committed", NULL, 200, 1 },
    { "crashed when half sent", "/count?fault=segv&at=half-sent", NULL, 200,
      1 },
    { "exited when sent", "/count?fault=exit:3&at=sent", NULL, 200, 1 },
    { "killed when consumed", "/count?fault=kill&at=consumed", NULL, 200, 1 },
    { "with a key, killed when consumed", "/count?fault=kill&at=consumed",
      "\"b\"", 200, 1 },
};

START_TEST(worker_death_does_not_change_the_count)
{
    struct supervised supervised;
    struct http_client client;

    start(&supervised, handoffs[_i]);
    http_expect_connect(&client, supervised.port);
    for (size_t i = 0; i < sizeof(deaths) / sizeof(*deaths); i++) {
        unsigned long before = total_of(supervised.port), total = 0;
        int status =
            count_request(&client, deaths[i].target, deaths[i].key, &total);

        ck_assert_msg(status == deaths[i].status, "%s: status %d",
                      deaths[i].name, status);
        ck_assert_msg(status != 200 || total == before + 1,
                      "%s: response with count %lu", deaths[i].name, total);
        ck_assert_msg(total_of(supervised.port) == before + deaths[i].counted,
                      "%s: counted wrongly", deaths[i].name);
    }
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(request_repeated_with_its_key_counts_once)
{
    struct supervised supervised;
    struct http_client client;
    unsigned long total = 0;

    start(&supervised, handoffs[_i]);
    for (int i = 0; i < 5; i++) {
        http_expect_connect(&client, supervised.port);
        ck_assert_int_eq(count_request(&client, "/count", "\"once\"", &total),
                         200);
        ck_assert_uint_eq(total, 1);
        http_disconnect(&client);
    }
    http_expect_connect(&client, supervised.port);
    ck_assert_int_eq(count_request(&client, "/count", "\"twice\"", &total),
                     200);
    ck_assert_uint_eq(total, 2);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* ---- Many deaths ---- */

struct count_ledger {
    bool with_keys;
    atomic_size_t counted, doubtful; /* answered 200, and 502 */
    atomic_uchar seen[1 << 20];      /* by total: responses with it */
};

static void add_one(struct clients_member *member)
{
    struct count_ledger *ledger = member->clients->context;
    unsigned long total = 0;
    char key[32];
    int status;

    snprintf(key, sizeof(key), "\"%u-%zu\"", member->number, member->asked);
    status = count_request(&member->client, "/count?sleep=3ms",
                           ledger->with_keys ? key : NULL, &total);
    if (status == 200) {
        ck_assert_uint_gt(total, 0);
        ck_assert_uint_lt(total, sizeof(ledger->seen));
        ck_assert_msg(atomic_fetch_add(&ledger->seen[total], 1) == 0,
                      "two responses with count %lu", total);
        atomic_fetch_add(&ledger->counted, 1);
    } else {
        ck_assert_int_eq(status, 502);
        ck_assert(!ledger->with_keys);
        atomic_fetch_add(&ledger->doubtful, 1);
    }
}

static unsigned long count_under_kills(struct supervised *supervised,
                                       struct count_ledger *ledger)
{
    static struct clients clients;

    clients_start(&clients, MEMBERS, supervised->port, add_one, ledger);
    clients_suffer(&clients, supervised, KILLS);
    clients_stop(&clients);
    return total_of(supervised->port);
}

/* Each request with status 200 was counted once, each with 502 at most once. */
START_TEST(request_without_a_key_counts_at_most_once)
{
    static struct count_ledger ledger;
    struct supervised supervised;
    unsigned long total;

    start(&supervised, handoffs[_i]);
    total = count_under_kills(&supervised, &ledger);
    ck_assert_uint_ge(total, ledger.counted);
    ck_assert_uint_le(total, ledger.counted + ledger.doubtful);
    ck_assert_uint_gt(ledger.doubtful, 0);
    supervised_finish(&supervised);
}
END_TEST

/* A request with a key is retried until it is answered. */
START_TEST(request_with_a_key_counts_exactly_once)
{
    static struct count_ledger ledger = { .with_keys = true };
    struct supervised supervised;

    start(&supervised, handoffs[_i]);
    ck_assert_uint_eq(count_under_kills(&supervised, &ledger), ledger.counted);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("count");

    tcase_add_loop_test(cases, supervisor_counts_for_all_workers, 0, HANDOFFS);
    tcase_add_loop_test(cases, worker_death_does_not_change_the_count, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases, request_repeated_with_its_key_counts_once, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases, request_without_a_key_counts_at_most_once, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases, request_with_a_key_counts_exactly_once, 0,
                        HANDOFFS);
    return suite_run(cases, "count");
}
