/* SPDX-License-Identifier: MIT */
/* test_count.c - a counter that the primary keeps proves how often a request
 * was executed. */
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

/* ---- Telling ---- */

/* Sends a request with a body and perhaps a key; returns the status, and in
 * *total what was counted. */
static int tell(struct http_client *client, const char *target, const char *key,
                unsigned long *total)
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

START_TEST(the_primary_counts_for_all_workers)
{
    enum { TIMES = 20 };
    struct supervised supervised;
    struct http_client client;
    unsigned long total = 0;

    start(&supervised, handoffs[_i]);
    for (unsigned long n = 1; n <= TIMES; n++) {
        http_expect_connect(&client, supervised.port);
        ck_assert_int_eq(tell(&client, "/count", NULL, &total), 200);
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
    const char *because, *target, *key;
    int status;
    unsigned long counted;
} deaths[] = {
    { "it may have run: it is not repeated", "/count?fault=kill&at=handling",
      NULL, 502, 0 },
    { "it may be repeated, and dies so often", "/count?fault=segv&at=handling",
      "\"a\"", 500, 0 },
    { "its answer is there", "/count?fault=kill&at=committed", NULL, 200, 1 },
    { "its answer is on its way", "/count?fault=segv&at=half-sent", NULL, 200,
      1 },
    { "its answer is out", "/count?fault=exit:3&at=sent", NULL, 200, 1 },
    { "it is done", "/count?fault=kill&at=consumed", NULL, 200, 1 },
    { "with a key it is the same", "/count?fault=kill&at=consumed", "\"b\"",
      200, 1 },
};

START_TEST(a_death_adds_nothing_and_takes_nothing_away)
{
    struct supervised supervised;
    struct http_client client;

    start(&supervised, handoffs[_i]);
    http_expect_connect(&client, supervised.port);
    for (size_t i = 0; i < sizeof(deaths) / sizeof(*deaths); i++) {
        unsigned long before = total_of(supervised.port), total = 0;
        int status = tell(&client, deaths[i].target, deaths[i].key, &total);

        ck_assert_msg(status == deaths[i].status, "%s: status %d",
                      deaths[i].because, status);
        ck_assert_msg(status != 200 || total == before + 1, "%s: said %lu",
                      deaths[i].because, total);
        ck_assert_msg(total_of(supervised.port) == before + deaths[i].counted,
                      "%s: counted wrongly", deaths[i].because);
    }
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(what_a_client_repeats_with_its_key_counts_once)
{
    struct supervised supervised;
    struct http_client client;
    unsigned long total = 0;

    start(&supervised, handoffs[_i]);
    for (int i = 0; i < 5; i++) {
        http_expect_connect(&client, supervised.port);
        ck_assert_int_eq(tell(&client, "/count", "\"once\"", &total), 200);
        ck_assert_uint_eq(total, 1);
        http_disconnect(&client);
    }
    http_expect_connect(&client, supervised.port);
    ck_assert_int_eq(tell(&client, "/count", "\"twice\"", &total), 200);
    ck_assert_uint_eq(total, 2);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* ---- Many deaths ---- */

struct count_ledger {
    bool with_keys;
    atomic_size_t counted, doubtful; /* answered 200, and 502 */
    atomic_uchar seen[1 << 20];      /* which totals were said */
};

static void add_one(struct clients_member *member)
{
    struct count_ledger *ledger = member->clients->context;
    unsigned long total = 0;
    char key[32];
    int status;

    snprintf(key, sizeof(key), "\"%u-%zu\"", member->number, member->asked);
    status = tell(&member->client, "/count?sleep=3ms",
                  ledger->with_keys ? key : NULL, &total);
    if (status == 200) {
        ck_assert_uint_gt(total, 0);
        ck_assert_uint_lt(total, sizeof(ledger->seen));
        ck_assert_msg(atomic_fetch_add(&ledger->seen[total], 1) == 0,
                      "two requests were told %lu", total);
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

/* Each 200 was counted once, and each 502 once or not at all. */
START_TEST(without_a_key_nothing_counts_twice)
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

/* Killed as often, but tried again until it is answered: exactly once. */
START_TEST(with_a_key_everything_counts_once)
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

    tcase_add_loop_test(cases, the_primary_counts_for_all_workers, 0, HANDOFFS);
    tcase_add_loop_test(cases, a_death_adds_nothing_and_takes_nothing_away, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases, what_a_client_repeats_with_its_key_counts_once,
                        0, HANDOFFS);
    tcase_add_loop_test(cases, without_a_key_nothing_counts_twice, 0, HANDOFFS);
    tcase_add_loop_test(cases, with_a_key_everything_counts_once, 0, HANDOFFS);
    return suite_run(cases, "count");
}
