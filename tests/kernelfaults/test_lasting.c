/* SPDX-License-Identifier: MIT */
/* test_lasting.c - system calls of the supervisor fail for a while, or
 * permanently.  The supervisor must not spin, and must recover by itself. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include "tests/kernelfaults/injector.h"
#include "worker/clock.h"
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define FAILING_MS 300
#define CLIENTS    8

/* Successive connections while accept4 fails intermittently. */
#define CONNECTIONS 600

/* The maximum number of failed calls in that time, with a pause of up to 20 ms
 * between two tries; a spinning loop makes thousands of calls. */
#define CALLS_MAX(ms) (100 + (ms) / 2)

#define ANY -1, 0

static struct supervised supervised;
static struct injector injector;

static void start(long call, int argument, uint64_t value, int error,
                  const char *options)
{
    const struct call_kind kind = { call, argument, value };

    supervised_launch_stopped(&supervised, "--workers 2 --spares 1 --faults %s",
                              options);
    injector_start(&injector, supervised.pid, &kind, error, 0);
    supervised.port = (int)event_number(
        event_log_await(&supervised.log, 1, "{'event':'listening'}"), "port");
    supervised_await_online(&supervised, 3);
}

static void finish(void)
{
    injector_stop(&injector);
    supervised_finish(&supervised);
}

/* Returns the supervisor's descriptor of the log. */
static int log_descriptor(void)
{
    static const char name[] = "/" RUN_FOLDER_LOG;

    for (int fd = 3; fd < 64; fd++) {
        char link[64], path[256] = "";

        snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)supervised.pid, fd);
        if (readlink(link, path, sizeof(path) - 1) > (ssize_t)strlen(name) &&
            strcmp(path + strlen(path) - strlen(name), name) == 0)
            return fd;
    }
    ck_abort_msg("the supervisor has no log open");
}

static void fail_log_writes(void)
{
    injector.kind.argument = 0;
    injector.kind.value = (uint64_t)log_descriptor();
    atomic_store(&injector.failing, true);
}

static void sleep_ms(long ms)
{
    const struct timespec nap = { .tv_sec = ms / 1000,
                                  .tv_nsec = ms % 1000 * 1000000 };

    nanosleep(&nap, NULL);
}

static bool log_contains(const char *text)
{
    char *log = run_folder_read(&supervised.folder, RUN_FOLDER_LOG);
    bool found = strstr(log, text) != NULL;

    free(log);
    return found;
}

static void expect_logged(int error)
{
    struct deadline deadline = deadline_start();

    while (!log_contains(strerror(error)))
        ck_assert_msg(deadline_nap(deadline), "the log does not contain: %s",
                      strerror(error));
}

/* ---- Temporary failures ---- */

static const struct {
    const char *name;
    long call;
    int argument;
    uint64_t value;
    int error;
} lasting[] = {
    { "accept4", SYS_accept4, ANY, EMFILE },
    { "accept4", SYS_accept4, ANY, EBADF },
    { "clone3", SYS_clone3, ANY, EAGAIN },
    { "socketpair", SYS_socketpair, ANY, EMFILE },
    { "sendmsg", SYS_sendmsg, ANY, ENOBUFS },
    { "sendmsg", SYS_sendmsg, ANY, ETOOMANYREFS },
    { "epoll_ctl", SYS_epoll_ctl, 1, EPOLL_CTL_ADD, ENOSPC },
    { "write", SYS_write, ANY, ENOSPC },
};

/* Requests sent during the failures are answered after them. */
START_TEST(supervisor_does_not_spin_while_calls_fail)
{
    struct http_client clients[CLIENTS];
    uint64_t from_ms;
    unsigned failed;

    start(lasting[_i].call, lasting[_i].argument, lasting[_i].value,
          lasting[_i].error, "");
    atomic_store(&injector.failing, true);
    from_ms = clock_monotonic_ms();
    for (int i = 0; i < CLIENTS; i++) {
        http_expect_ask(&clients[i], supervised.port,
                        "GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    }
    sleep_ms(FAILING_MS);
    atomic_store(&injector.failing, false);
    failed = atomic_load(&injector.failed);
    ck_assert_msg(failed > 0, "%s never failed", lasting[_i].name);
    ck_assert_uint_lt(failed, CALLS_MAX(clock_monotonic_ms() - from_ms));
    for (int i = 0; i < CLIENTS; i++) {
        http_expect_answer(&clients[i], 200, "Hello");
        http_disconnect(&clients[i]);
    }
    http_expect_hello(supervised.port);
    expect_logged(lasting[_i].error);
    finish();
}
END_TEST

/* Each connection meets one failure on average.  With pauses of 100 ms the
 * connections would take longer than the deadline. */
START_TEST(intermittent_failures_of_accept4_cost_little_time)
{
    struct deadline deadline;

    start(SYS_accept4, ANY, EMFILE, "");
    deadline = deadline_start();
    atomic_store(&injector.one_in, 2);
    for (int i = 0; i < CONNECTIONS; i++)
        http_expect_hello(supervised.port);
    atomic_store(&injector.one_in, 0);
    ck_assert_uint_gt(atomic_load(&injector.failed), CONNECTIONS / 2);
    ck_assert_msg(!deadline_passed(deadline), "%d connections took too long",
                  CONNECTIONS);
    finish();
}
END_TEST

/* ---- Signals ---- */

START_TEST(hung_worker_is_killed_after_signals_failed_at_first)
{
    struct http_client client;

    start(SYS_pidfd_send_signal, ANY, EPERM,
          "--exit-after 0 --handoff request --request-timeout 500ms");
    atomic_store(&injector.failing, true);
    http_expect_ask(&client, supervised.port,
                    "GET /?fault=hang&at=committed HTTP/1.1\r\n"
                    "Host: test\r\n\r\n");
    event_log_await(&supervised.log, 2, "{'event':'kill-failed'}");
    atomic_store(&injector.failing, false);
    http_expect_answer(&client, 200, "Hello");
    http_disconnect(&client);
    finish();
}
END_TEST

/* ---- The log ---- */

START_TEST(full_disk_is_reported_on_standard_error)
{
    struct deadline deadline = deadline_start();
    char *errors;

    start(SYS_write, ANY, ENOSPC, "");
    fail_log_writes();
    for (int i = 0; i < CLIENTS; i++)
        http_expect_hello(supervised.port);
    supervised_signal(&supervised, SIGTERM);
    while (!injector_is_over(&injector))
        ck_assert_msg(deadline_nap(deadline), "the supervisor does not end");
    injector_stop(&injector);
    ck_assert_int_eq(supervised_wait(&supervised), 1);
    errors = supervised_errors(&supervised);
    ck_assert_str_eq(errors, "supervisor: the end of the log is missing: "
                             "No space left on device\n");
    free(errors);
    event_log_close(&supervised.log);
    run_folder_remove(&supervised.folder);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("lasting");

    tcase_add_loop_test(cases, supervisor_does_not_spin_while_calls_fail, 0,
                        sizeof(lasting) / sizeof(*lasting));
    tcase_add_test(cases, intermittent_failures_of_accept4_cost_little_time);
    tcase_add_test(cases, hung_worker_is_killed_after_signals_failed_at_first);
    tcase_add_test(cases, full_disk_is_reported_on_standard_error);
    return suite_run(cases, "lasting");
}
