/* SPDX-License-Identifier: MIT */
/* test_half_close.c - clients that say no more: they are owed what they asked
 * for, and what is half a request stays one. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <string.h>
#include <sys/socket.h>

#define GET "GET /?t=tok. HTTP/1.1\r\nHost: test\r\n"

START_TEST(who_has_said_all_gets_every_answer)
{
    static const char *const faults[] = { "", "&fault=kill&at=committed",
                                          "&fault=kill&at=half-sent",
                                          "&fault=segv&at=consumed" };
    struct supervised supervised;
    struct http_client client;
    char text[256];

    supervised_start(&supervised, "%s --faults --backoff none", kinds[_i]);
    for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
        http_expect_connect(&client, supervised.port);
        snprintf(text, sizeof(text),
                 GET "\r\nGET /?t=next.%s HTTP/1.1\r\nHost: t\r\n\r\n" GET
                     "\r\n",
                 faults[i]);
        http_expect_send(&client, text);
        http_half_close(&client);
        http_expect_answer(&client, 200, "t=tok.");
        http_expect_answer(&client, 200, "t=next.");
        http_expect_answer(&client, 200, "t=tok.");
        http_expect_close(&client);
        http_disconnect(&client);
    }
    supervised_finish(&supervised);
}
END_TEST

/* What is half a request stays one. */
START_TEST(who_leaves_within_a_request_is_owed_nothing)
{
    static const char request[] = "POST /?t=tok. HTTP/1.1\r\nHost: test\r\n"
                                  "Content-Length: 5\r\n\r\nhello";
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s", kinds[_i]);
    for (size_t part = 0; part < strlen(request); part += 9) {
        http_expect_connect(&client, supervised.port);
        ck_assert_int_eq(http_send_bytes(&client, request, part),
                         HTTP_ANSWERED);
        http_half_close(&client);
        http_expect_close(&client);
        http_disconnect(&client);
    }
    supervised_drain(&supervised);
    ck_assert(event_number(supervised_totals(&supervised), "requests.begun") ==
              0);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(a_client_that_aborts_costs_nobody_anything)
{
    enum { ABORTS = 50 };
    const struct linger at_once = { .l_onoff = 1 };
    struct supervised supervised;
    struct http_client client;
    const cJSON *totals;

    supervised_start(&supervised, "%s", kinds[_i]);
    for (int i = 0; i < ABORTS; i++) {
        http_expect_connect(&client, supervised.port);
        setsockopt(client.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        http_expect_send(
            &client, i % 2 ? "GET /?size=1m HTTP/1.1\r\nHost: t\r\n\r\n"
                           : "GET /?sleep=10ms HTTP/1.1\r\nHost: t\r\n\r\n");
        if (i % 3 == 0)
            http_expect_ahead(&client, 1);
        http_disconnect(&client);
        http_expect_hello(supervised.port);
    }
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "connections.accepted") == 2 * ABORTS);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("farewells");

    tcase_add_loop_test(cases, who_has_said_all_gets_every_answer, 0,
                        KINDS_KEPT);
    tcase_add_loop_test(cases, who_leaves_within_a_request_is_owed_nothing, 0,
                        KINDS);
    tcase_add_loop_test(cases, a_client_that_aborts_costs_nobody_anything, 0,
                        KINDS);
    return suite_run(cases, "farewells");
}
