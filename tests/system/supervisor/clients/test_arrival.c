/* SPDX-License-Identifier: MIT */
/* test_arrival.c - a request has one deadline to arrive, whether the worker or
 * the supervisor waits for it. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <time.h>

static const char *const kinds[] = {
    "--exit-after 0 --handoff connection",
    "--exit-after 0 --handoff request",
    "--exit-after 1",
};
#define KINDS (int)(sizeof(kinds) / sizeof(*kinds))

/* The longest pause between two deaths during one request: less than the
 * deadline, which every death would extend. */
#define PAUSE_MAX_MS 900

static void nap_ms(long ms)
{
    const struct timespec pause = { .tv_nsec = ms * 1000000 };

    nanosleep(&pause, NULL);
}

START_TEST(worker_death_does_not_extend_the_deadline)
{
    struct deadline deadline = deadline_start();
    struct supervised supervised;
    struct http_client client;
    long pause_ms = 50;

    supervised_start(&supervised,
                     "%s --workers 1 --spares 1 --header-timeout 1s "
                     "--max-kills 200 --backoff none --healthy-after 1ms "
                     "--restart-intensity 1000/1ms",
                     kinds[_i]);
    http_expect_connect(&client, supervised.port);
    http_expect_send(&client, "GET / HTTP/1.1\r\nHost: t\r\nX-Slow: ");
    while (!http_has_answer(&client)) {
        http_send(&client, "s");
        supervised_kill_all(&supervised);
        nap_ms(pause_ms);
        /* A slow machine needs more time for a worker that answers. */
        if (pause_ms < PAUSE_MAX_MS)
            pause_ms += 10;
        ck_assert_msg(deadline_nap(deadline), "no response");
    }
    http_expect_answer(&client, 408, "");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* The byte that the first client sends while both wait gives it no more time.
 */
START_TEST(further_bytes_do_not_extend_the_deadline)
{
    struct supervised supervised;
    struct http_client first, second;

    supervised_start(&supervised,
                     "%s --workers 1 --spares 0 --header-timeout 2s",
                     kinds[_i]);
    http_expect_connect(&first, supervised.port);
    http_expect_send(&first, "GET / HTTP/1.1\r\nHost: ");
    nap_ms(400);
    http_expect_connect(&second, supervised.port);
    http_expect_send(&second, "GET / HTTP/1.1\r\nHost: ");
    nap_ms(400);
    http_expect_send(&first, "t");
    http_expect_answer(&second, 408, "");
    ck_assert_msg(http_has_answer(&first), "the first client still waits");
    http_expect_answer(&first, 408, "");
    http_disconnect(&first);
    http_disconnect(&second);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("arrival");

    tcase_add_loop_test(cases, worker_death_does_not_extend_the_deadline, 0,
                        KINDS);
    tcase_add_loop_test(cases, further_bytes_do_not_extend_the_deadline, 0,
                        KINDS);
    return suite_run(cases, "arrival");
}
