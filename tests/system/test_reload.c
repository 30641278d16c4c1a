/* test_reload.c - all workers renewed, one after the other. */
#include "tests/system/http_expect.h"
#include "tests/system/process.h"
#include "tests/system/suite.h"
#include "tests/system/supervised.h"
#include <signal.h>

static const char *const kinds[] = {
    "--workers 3 --spares 1 --exit-after 0 --hand-over connection",
    "--workers 3 --spares 1 --exit-after 0 --hand-over request",
    "--workers 3 --spares 0 --exit-after 0 --respawn never",
};
#define KINDS (int)(sizeof(kinds) / sizeof(*kinds))

START_TEST(every_worker_is_renewed_and_no_client_notices)
{
    struct supervised supervised;
    struct http_client kept, slow;
    pid_t before[SUPERVISED_MOST_WORKERS];
    size_t count;

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_hello(supervised.port);
    supervised_await_online(&supervised, 3);
    http_expect_connect(&kept, supervised.port);
    http_expect_page(&kept, "/", "");
    http_expect_connect(&slow, supervised.port);
    http_expect_send(&slow,
                     "GET /?sleep=300ms&t=slow. HTTP/1.1\r\nHost: t\r\n\r\n");
    count = supervised_workers(&supervised, before);
    supervised_signal(&supervised, SIGUSR2);
    while (event_log_count(&supervised.log, "{'event':'reloaded'}") == 0)
        http_expect_page(&kept, "/", "");
    http_expect_answer(&slow, 200, "t=slow.");
    for (size_t i = 0; i < count; i++)
        event_log_await(&supervised.log, 1,
                        "{'event':'exit','pid':%d,'code':0,'voluntary':true,"
                        "'cause':'supervisor'}",
                        (int)before[i]);
    /* To be renewed is no failure. */
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'failure'}"),
                      0);
    http_disconnect(&kept);
    http_disconnect(&slow);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(where_a_new_one_does_not_start_the_old_ones_stay)
{
    struct supervised supervised;
    const cJSON *forked;
    pid_t successor;

    supervised_start(&supervised, "--workers 2 --spares 0 --exit-after 0 "
                                  "--start-delay 200ms --start-timeout 60s");
    supervised_await_online(&supervised, 2);
    supervised_signal(&supervised, SIGUSR2);
    forked = event_log_await(&supervised.log, 3, "{'event':'fork'}");
    successor = (pid_t)event_number(forked, "pid");
    process_strike(successor, supervised.pid, SIGSTOP);
    for (int i = 0; i < 100; i++)
        http_expect_hello(supervised.port);
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'disconnect'}"), 1);
    process_strike(successor, supervised.pid, SIGCONT);
    event_log_await(&supervised.log, 1, "{'event':'reloaded'}");
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'disconnect'}"), 2);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(a_reload_amid_deliberate_exits_comes_to_its_end)
{
    struct supervised supervised;

    supervised_start(&supervised, "--workers 2 --spares 1");
    for (size_t reload = 1; reload <= 3; reload++) {
        http_expect_hello(supervised.port);
        supervised_signal(&supervised, SIGUSR2);
        for (int i = 0; i < 20; i++)
            http_expect_hello(supervised.port);
        event_log_await(&supervised.log, reload, "{'event':'reloaded'}");
    }
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("reload");

    tcase_add_loop_test(cases, every_worker_is_renewed_and_no_client_notices, 0,
                        KINDS);
    tcase_add_test(cases, where_a_new_one_does_not_start_the_old_ones_stay);
    tcase_add_test(cases, a_reload_amid_deliberate_exits_comes_to_its_end);
    return suite_run(cases, "reload");
}
