/* SPDX-License-Identifier: MIT */
/* test_poison.c - a poison request costs as many workers as it may, its twins
 * none, and its neighbours nothing. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/clients.h"
#include "tests/harness/supervisor/kinds.h"

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

static const unsigned attempts[] = { 1, 2, 5 };

START_TEST(a_poison_request_costs_as_many_workers_as_it_may)
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

START_TEST(its_twins_are_refused_at_the_door)
{
    enum { TWINS = 20 };
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "--workers 3 --faults " PLENTY "%s",
                     handoffs[_i]);
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
                     handoffs[_i]);
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
static void be_innocent(struct clients_member *member)
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
    static struct clients clients;
    struct supervised supervised;
    struct http_client client;
    char target[64];

    supervised_start(&supervised,
                     "--workers 2 --spares 2 --faults --max-kills 3 " PLENTY
                     "%s",
                     handoffs[_i]);
    clients_start(&clients, NEIGHBOURS, supervised.port, be_innocent, NULL);
    http_expect_connect(&client, supervised.port);
    for (int i = 0; i < DOSES; i++) {
        snprintf(target, sizeof(target), "/?fault=%s&t=%d", poisons[i % 4], i);
        ck_assert_int_eq(status_of(&client, target), 500);
        clients_await(&clients, 4);
    }
    http_disconnect(&client);
    clients_stop(&clients);
    supervised_drain(&supervised);
    ck_assert(event_number(supervised_totals(&supervised),
                           "requests.refused") == DOSES);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("poison");

    tcase_add_loop_test(cases, a_poison_request_costs_as_many_workers_as_it_may,
                        0, 3 * HANDOFFS_STAYING);
    tcase_add_loop_test(cases, its_twins_are_refused_at_the_door, 0,
                        HANDOFFS_STAYING);
    tcase_add_loop_test(cases, after_the_quarantine_they_have_another_chance, 0,
                        HANDOFFS_STAYING);
    tcase_add_loop_test(cases, neighbours_of_a_poison_request_get_every_answer,
                        0, HANDOFFS_STAYING);
    return suite_run(cases, "poison");
}
