/* SPDX-License-Identifier: MIT */
/*
 * test_retries.c - a client that retries failed requests and counts the
 * retries.
 */
#include "chaos/measure/outcomes.h"
#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/http/bad_server.h"
#include "tests/harness/suite.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct chaos_run run;

/* Some 30 requests, with expectations that every run meets. */
#define ASK                                                                    \
    "client --json --rate 100 --duration 300ms --availability 0 --lost 1000 "

static double figure(const char *path)
{
    return chaos_run_number(&run, path);
}

static double class_of(enum outcome class)
{
    char path[64] = "classes.";

    return figure(strcat(path, outcome_key(class)));
}

static double classes(void)
{
    double sum = 0;

    for (int i = 0; i < OUTCOMES; i++)
        sum += class_of((enum outcome)i);
    return sum;
}

/* Equations that hold for every run. */
static void check_sums(void)
{
    ck_assert_msg(run.status == 0, "%s", run.text);
    ck_assert_msg(classes() == figure("requests"), "%s", run.text);
    ck_assert_msg(figure("intended") + figure("retries") == figure("requests"),
                  "%s", run.text);
    ck_assert(
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(run.last, "balanced")));
}

static const struct {
    const char *name;
    enum defect defect;
    const char *options;
    enum outcome class;
    int retries;
} defect[] = {
    { "no retries by default", DEFECT_RESET, "", OUTCOME_RESET, 0 },
    { "after a reset", DEFECT_RESET, "--retries 1", OUTCOME_RESET, 1 },
    { "after half a response", DEFECT_HALF_AND_CLOSE, "--retries 3",
      OUTCOME_TRUNCATED, 1 },
    { "after a reset, with a delay", DEFECT_RESET,
      "--retries 3 --retry-delay 200ms", OUTCOME_RESET, 1 },
    { "after a hang", DEFECT_SILENCE, "--retries 1 --timeout 2s",
      OUTCOME_TIMEOUT_WAITING, 1 },
    { "after 503", DEFECT_503, "--retries 1", OUTCOME_SERVER_ERROR, 1 },
    { "not after 404", DEFECT_404, "--retries 1", OUTCOME_OTHER_STATUS, 0 },
};

START_TEST(client_retries_failed_requests)
{
    struct bad_server server;

    bad_server_start(&server, defect[_i].defect, 5);
    chaos_run(&run, ASK "--timeout 1m %s http://127.0.0.1:%d/",
              defect[_i].options, server.port);
    check_sums();
    ck_assert_msg(figure("retries") == defect[_i].retries, "%s: %s",
                  defect[_i].name, run.text);
    ck_assert(class_of(defect[_i].class) == 1);
    ck_assert(class_of(OUTCOME_OK) == figure("requests") - 1);
    ck_assert((figure("goodput") == 1) == (defect[_i].retries == 1));
    ck_assert(figure("availability") < 1);
    chaos_run_free(&run);
    bad_server_stop(&server);
}
END_TEST

/* Binds a port without listening, so that connections are refused.  Returns the
 * socket. */
static int occupy(unsigned *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, length), 0);
    getsockname(fd, (struct sockaddr *)&address, &length);
    *port = ntohs(address.sin_port);
    return fd;
}

START_TEST(client_gives_up_after_the_configured_retries)
{
    unsigned port;
    int fd = occupy(&port);

    chaos_run(&run, ASK "--retries 3 http://127.0.0.1:%u/", port);
    check_sums();
    ck_assert(figure("intended") > 0);
    ck_assert(figure("retries") == 3 * figure("intended"));
    ck_assert(class_of(OUTCOME_REFUSED) == figure("requests"));
    ck_assert(figure("goodput") == 0);
    ck_assert(figure("retries_denied") == 0);
    chaos_run_free(&run);
    close(fd);
}
END_TEST

START_TEST(budget_limits_the_retries)
{
    unsigned port;
    int fd = occupy(&port);

    chaos_run(&run, ASK "--retries 3 --retry-budget 10%% http://127.0.0.1:%u/",
              port);
    check_sums();
    ck_assert(figure("retries") > 0);
    ck_assert(figure("retries") <= figure("intended") / 10);
    /* Each request and each retry failed, and would be retried again. */
    ck_assert(figure("retries") + figure("retries_denied") <=
              figure("requests"));
    ck_assert(figure("retries_denied") > 0);
    chaos_run_free(&run);
    close(fd);
}
END_TEST

START_TEST(summary_contains_the_retries)
{
    struct bad_server server;

    bad_server_start(&server, DEFECT_RESET, 5);
    chaos_run(&run,
              "client --rate 100 --duration 300ms --availability 0 --lost 1 "
              "--retries 1 http://127.0.0.1:%d/",
              server.port);
    ck_assert_msg(run.status == 0, "%s", run.text);
    ck_assert_ptr_nonnull(strstr(run.text, "of them retries"));
    ck_assert_ptr_nonnull(strstr(run.text, "goodput"));
    chaos_run_free(&run);
    bad_server_stop(&server);
}
END_TEST

/* Each connection always has one request in progress. */
START_TEST(closed_loop_sends_the_next_request_after_each_response)
{
    struct bad_server server;

    bad_server_start(&server, DEFECT_NONE, 0);
    chaos_run(&run,
              "client --json --closed --connections 4 --new-connections 0 "
              "--duration 300ms "
              "http://127.0.0.1:%d/",
              server.port);
    check_sums();
    ck_assert_msg(figure("requests") > 100, "%s", run.text);
    ck_assert(class_of(OUTCOME_OK) == figure("requests"));
    chaos_run_free(&run);
    bad_server_stop(&server);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("retries");

    tcase_add_loop_test(cases, client_retries_failed_requests, 0,
                        (int)(sizeof(defect) / sizeof(defect[0])));
    tcase_add_test(cases, client_gives_up_after_the_configured_retries);
    tcase_add_test(cases, budget_limits_the_retries);
    tcase_add_test(cases, summary_contains_the_retries);
    tcase_add_test(cases,
                   closed_loop_sends_the_next_request_after_each_response);
    return suite_run(cases, "retries");
}
