/* SPDX-License-Identifier: MIT */
/*
 * test_forged.c - a corrupt worker gives a connection back with forged numbers
 * in its record; sound workers serve the connection after it.
 */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <stdlib.h>

#define NAME "socket"
#define COUNT_ONE                                                              \
    "POST /count HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\none"

static void start(struct supervised *supervised)
{
    supervised_start(supervised,
                     "-l unix:" NAME " --workers 2 --faults --backoff none "
                     "--handoff request --exit-after 0");
}

static void connect_to(struct http_client *client,
                       const struct supervised *supervised, bool over_unix)
{
    char path[160];

    snprintf(path, sizeof(path), "%s/" NAME, supervised->folder.path);
    if (over_unix)
        http_expect_connect_unix(client, path);
    else
        http_expect_connect(client, supervised->port);
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

/* Waits for the first execution, and gives further ones the time of 20 requests
 * to follow. */
static unsigned long settled_total_of(int port)
{
    struct deadline deadline = deadline_start();
    unsigned long total = 0;

    while ((total = total_of(port)) == 0)
        ck_assert(deadline_nap(deadline));
    for (int i = 0; i < 20; i++)
        total = total_of(port);
    return total;
}

/* Numbers for which the sum of start and length wraps, and one for which it
 * does not. */
static const char *const places[] = { "1", "11", "4m" };

START_TEST(forged_place_runs_no_request_twice)
{
    struct supervised supervised;
    struct http_client client;
    bool over_unix = _i % 2;
    char text[256];

    start(&supervised);
    connect_to(&client, &supervised, over_unix);
    snprintf(text, sizeof(text),
             "GET /?fault=forge-place:%s HTTP/1.1\r\nHost: t\r\n\r\n" COUNT_ONE,
             places[_i / 2]);
    http_expect_send(&client, text);
    http_expect_answer(&client, 200, "Hello");
    ck_assert_uint_eq(settled_total_of(supervised.port), 1);
    http_expect_answer(&client, 200, "1");
    http_expect_page(&client, "/?t=next.", "t=next.");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(forged_count_ends_the_connection_and_is_not_added)
{
    struct supervised supervised;
    struct http_client client;
    const cJSON *totals;

    start(&supervised);
    connect_to(&client, &supervised, _i);
    http_expect_send(&client, "GET /?fault=forge-count:1 HTTP/1.1\r\n"
                              "Host: t\r\n\r\n");
    http_expect_answer(&client, 200, "Hello");
    http_expect_close(&client);
    http_disconnect(&client);
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'record-invalid'}"), 1);
    totals = supervised_totals(&supervised);
    ck_assert_double_eq(supervised_answered(totals), 0);
    supervised_finish_cut_short(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("forged");

    tcase_add_loop_test(cases, forged_place_runs_no_request_twice, 0,
                        2 * sizeof(places) / sizeof(*places));
    tcase_add_loop_test(
        cases, forged_count_ends_the_connection_and_is_not_added, 0, 2);
    return suite_run(cases, "forged");
}
