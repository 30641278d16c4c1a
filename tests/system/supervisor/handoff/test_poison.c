/* SPDX-License-Identifier: MIT */
/* test_poison.c - a request that crashes workers costs at most --max-attempts
 * workers and is then refused; concurrent requests are answered. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/clients.h"
#include "tests/harness/supervisor/kinds.h"

#define PLENTY "--backoff none --restart-intensity 1000/1s "

#define POISON "/?fault=segv&t=poison"

/* Sends a GET and returns the status of the response, which must keep the
 * connection open. */
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

/* Waits for `count` exits by SIGSEGV in the log, and fails if there are more.
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

static const unsigned attempts[] = { 1, 2, 5 };

START_TEST(poison_request_crashes_max_attempts_workers)
{
    unsigned max = attempts[_i / HANDOFFS_STAYING];
    struct supervised supervised;
    struct http_client client;
    const cJSON *exit;

    supervised_start(&supervised,
                     "--workers 3 --faults --max-attempts %u " PLENTY "%s", max,
                     handoffs[_i % HANDOFFS_STAYING]);
    http_expect_connect(&client, supervised.port);
    ck_assert_int_eq(status_of(&client, POISON), 500);
    expect_crashes(&supervised, max);
    exit = event_log_await(&supervised.log, 1,
                           "{'event':'exit','signal':'SIGSEGV'}");
    ck_assert_str_eq(event_text(exit, "cause"), "crash");
    ck_assert_str_eq(event_text(exit, "request"), "GET " POISON " HTTP/1.1");
    http_expect_page(&client, "/?t=after.", "t=after.");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(same_request_is_refused_while_in_quarantine)
{
    enum { REPEATS = 20 };
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "--workers 3 --faults " PLENTY "%s",
                     handoffs[_i]);
    http_expect_connect(&client, supervised.port);
    ck_assert_int_eq(status_of(&client, POISON), 500);
    http_disconnect(&client);
    for (int i = 0; i < REPEATS; i++) {
        http_expect_connect(&client, supervised.port);
        ck_assert_int_eq(status_of(&client, POISON), 503);
        /* Only the same request is refused. */
        http_expect_page(&client, "/?t=poison", "t=poison");
        ck_assert_int_eq(status_of(&client, POISON), 503);
        http_disconnect(&client);
    }
    expect_crashes(&supervised, 2);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(same_request_is_handled_again_after_the_quarantine)
{
    struct supervised supervised;
    struct http_client client;
    struct deadline deadline = deadline_start();

    supervised_start(&supervised,
                     "--workers 3 --faults --quarantine 200ms " PLENTY "%s",
                     handoffs[_i]);
    http_expect_connect(&client, supervised.port);
    for (size_t rounds = 1; rounds <= 3; rounds++) {
        while (status_of(&client, POISON) == 503)
            ck_assert(deadline_nap(deadline));
        expect_crashes(&supervised, 2 * rounds);
    }
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* ---- Concurrent requests ---- */

/* Sends one harmless request that takes so long that its worker may die
 * meanwhile. */
static void ask_harmlessly(struct clients_member *member)
{
    char target[64], token[32];

    snprintf(token, sizeof(token), "t=%u-%zu.", member->number, member->asked);
    snprintf(target, sizeof(target), "/?sleep=5ms&%s", token);
    http_expect_page(&member->client, target, token);
}

static const char *const poisons[] = { "segv", "abort", "exit:7", "kill" };

START_TEST(concurrent_requests_survive_poison_requests)
{
    enum { NEIGHBOURS = 16, POISONS = 40 };
    static struct clients clients;
    struct supervised supervised;
    struct http_client client;
    char target[64];

    supervised_start(&supervised,
                     "--workers 2 --spares 2 --faults --max-kills 3 " PLENTY
                     "%s",
                     handoffs[_i]);
    clients_start(&clients, NEIGHBOURS, supervised.port, ask_harmlessly, NULL);
    http_expect_connect(&client, supervised.port);
    for (int i = 0; i < POISONS; i++) {
        snprintf(target, sizeof(target), "/?fault=%s&t=%d", poisons[i % 4], i);
        ck_assert_int_eq(status_of(&client, target), 500);
        clients_await(&clients, 4);
    }
    http_disconnect(&client);
    clients_stop(&clients);
    supervised_drain(&supervised);
    ck_assert(event_number(supervised_totals(&supervised),
                           "requests.refused") == POISONS);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("poison");

    tcase_add_loop_test(cases, poison_request_crashes_max_attempts_workers, 0,
                        3 * HANDOFFS_STAYING);
    tcase_add_loop_test(cases, same_request_is_refused_while_in_quarantine, 0,
                        HANDOFFS_STAYING);
    tcase_add_loop_test(cases,
                        same_request_is_handled_again_after_the_quarantine, 0,
                        HANDOFFS_STAYING);
    tcase_add_loop_test(cases, concurrent_requests_survive_poison_requests, 0,
                        HANDOFFS_STAYING);
    return suite_run(cases, "poison");
}
