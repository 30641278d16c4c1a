/* SPDX-License-Identifier: MIT */
/* test_half_close.c - clients that half-close or reset: complete requests are
 * answered, an incomplete one is not. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <string.h>
#include <sys/socket.h>

#define GET "GET /?t=tok. HTTP/1.1\r\nHost: test\r\n"

START_TEST(client_that_half_closes_gets_every_response)
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

START_TEST(half_close_within_a_request_closes_the_connection)
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

START_TEST(client_that_resets_does_not_affect_others)
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
    TCase *cases = suite_case("half close");

    tcase_add_loop_test(cases, client_that_half_closes_gets_every_response, 0,
                        KINDS_KEPT);
    tcase_add_loop_test(
        cases, half_close_within_a_request_closes_the_connection, 0, KINDS);
    tcase_add_loop_test(cases, client_that_resets_does_not_affect_others, 0,
                        KINDS);
    return suite_run(cases, "half close");
}
