/* SPDX-License-Identifier: MIT */
/* test_worker.c - calls of a worker fail at random for a while.  The worker
 * must not exit or lose a connection, and after the failures it must watch all
 * descriptors that it should. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include "tests/kernelfaults/injector.h"
#include "tests/kernelfaults/watched.h"
#include "worker/clock.h"
#include <check.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>

/* There are PHASES phases of failures, of ROUNDS rounds of ROUND_MS each. */
#define PHASES   4
#define ROUNDS   10
#define ROUND_MS 5

/* Clients in each phase that read a large response slowly. */
#define SLOW 4

/* Duration of the test in which every call fails. */
#define LASTING_MS 300

/* The maximum number of failed calls in that time, with a pause of up to 20 ms
 * between two tries for a descriptor; a spinning loop makes thousands. */
#define CALLS_MAX(ms) (ROUNDS * (20 + (ms) / 10))

/* Time limit until everything is watched after the last failure; the worker
 * retries within 20 ms. */
#define WATCHED_WITHIN_MS UINT64_C(10000)

/* Each connection meets one failure of accept4 on average.  With pauses of
 * 100 ms they would take 30 seconds. */
#define CONNECTIONS           300
#define CONNECTIONS_WITHIN_MS UINT64_C(15000)

/* The handler waits, so that the worker needs an event loop. */
#define GET_LATER "GET /?sleep=1ms HTTP/1.1\r\nHost: test\r\n\r\n"

static const struct {
    const char *options;
    int error;
} kinds[] = {
    { "--handoff connection", ENOMEM },
    { "--handoff request", ENOMEM },
    { "--schedule shared", ENOMEM },
    /* The worker often stops and resumes watching its listener. */
    { "--schedule shared --max-connections 6", ENOMEM },
    { "--schedule reuseport", ENOSPC },
};
#define KINDS (int)(sizeof(kinds) / sizeof(*kinds))

static struct supervised supervised;
static struct injector injector;

static void nap_ms(long ms)
{
    const struct timespec nap = { .tv_nsec = ms * 1000000 };

    nanosleep(&nap, NULL);
}

static void start(const char *options, const struct call_kind *kind, int error)
{
    pid_t worker;

    supervised_start(&supervised,
                     "--workers 1 --spares 0 --exit-after 0 "
                     "--drain-timeout 60s --request-timeout 60s %s",
                     options);
    supervised_await_online(&supervised, 1);
    ck_assert_uint_eq(supervised_workers(&supervised, &worker), 1);
    injector_attach(&injector, worker, kind, error, 0);
}

/* The first worker must still be running. */
static void finish(void)
{
    injector_stop(&injector);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'exit'}"), 0);
    supervised_finish(&supervised);
}

static void expect_watched(void)
{
    struct deadline deadline = { clock_monotonic_ms() +
                                 WATCHED_WITHIN_MS * deadline_factor() };
    struct complaint complaint;

    do {
        complaint.words[0] = '\0';
        if (watched_completely(injector.pid, true, &complaint))
            return;
    } while (deadline_nap(deadline));
    ck_abort_msg("after %u of %u calls failed: %s",
                 atomic_load(&injector.failed), atomic_load(&injector.seen),
                 complaint.words);
}

/* ---- epoll_ctl ---- */

struct traced_clients {
    struct http_client kept[ROUNDS]; /* send two requests */
    struct http_client bad[ROUNDS];  /* are refused and closed with linger */
    struct http_client slow[SLOW];
};

static void connect_clients(struct traced_clients *clients)
{
    for (int i = 0; i < SLOW; i++) {
        ck_assert_int_eq(
            http_connect_narrow(&clients->slow[i], supervised.port),
            HTTP_ANSWERED);
        http_expect_send(&clients->slow[i],
                         "GET /?size=300k HTTP/1.1\r\nHost: test\r\n\r\n");
    }
    for (int i = 0; i < ROUNDS; i++) {
        http_expect_ask(&clients->kept[i], supervised.port, GET_LATER);
        http_expect_ask(&clients->bad[i], supervised.port, "BAD\r\n\r\nmore");
        nap_ms(ROUND_MS);
    }
}

static void expect_answers(struct traced_clients *clients)
{
    for (int i = 0; i < SLOW; i++) {
        http_expect_answer(&clients->slow[i], 200, "");
        http_disconnect(&clients->slow[i]);
    }
    for (int i = 0; i < ROUNDS; i++) {
        http_expect_answer(&clients->bad[i], 400, "");
        http_disconnect(&clients->bad[i]);
        http_expect_answer(&clients->kept[i], 200, "Hello");
        http_expect_page(&clients->kept[i], "/", "Hello");
        http_disconnect(&clients->kept[i]);
    }
}

START_TEST(worker_watches_its_descriptors_after_failures)
{
    const struct call_kind all = { SYS_epoll_ctl, -1, 0 };
    struct traced_clients clients;

    start(kinds[_i].options, &all, kinds[_i].error);
    for (int phase = 0; phase < PHASES; phase++) {
        atomic_store(&injector.one_in, 2);
        connect_clients(&clients);
        atomic_store(&injector.one_in, 0);
        expect_answers(&clients);
        expect_watched();
    }
    finish();
}
END_TEST

START_TEST(worker_does_not_spin_while_calls_fail)
{
    const struct call_kind add = { SYS_epoll_ctl, 1, EPOLL_CTL_ADD };
    struct http_client clients[ROUNDS];
    uint64_t from_ms;
    unsigned failed;

    start(kinds[_i].options, &add, kinds[_i].error);
    atomic_store(&injector.failing, true);
    from_ms = clock_monotonic_ms();
    for (int i = 0; i < ROUNDS; i++)
        http_expect_ask(&clients[i], supervised.port, GET_LATER);
    nap_ms(LASTING_MS);
    atomic_store(&injector.failing, false);
    failed = atomic_load(&injector.failed);
    ck_assert_uint_lt(failed, CALLS_MAX(clock_monotonic_ms() - from_ms));
    for (int i = 0; i < ROUNDS; i++) {
        http_expect_answer(&clients[i], 200, "Hello");
        http_expect_page(&clients[i], "/", "Hello");
        http_disconnect(&clients[i]);
    }
    expect_watched();
    finish();
}
END_TEST

/* ---- accept4 ---- */

START_TEST(intermittent_failures_of_accept4_in_a_worker_cost_little_time)
{
    const struct call_kind accepts = { SYS_accept4, -1, 0 };
    struct deadline deadline;

    start("--schedule shared", &accepts, EMFILE);
    deadline = (struct deadline){ clock_monotonic_ms() +
                                  CONNECTIONS_WITHIN_MS * deadline_factor() };
    atomic_store(&injector.one_in, 2);
    for (int i = 0; i < CONNECTIONS; i++) {
        ck_assert_msg(!deadline_passed(deadline),
                      "%d of %d connections took too long", i, CONNECTIONS);
        http_expect_hello(supervised.port);
    }
    atomic_store(&injector.one_in, 0);
    ck_assert_uint_gt(atomic_load(&injector.failed), CONNECTIONS / 2);
    finish();
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("worker");

    tcase_add_loop_test(cases, worker_watches_its_descriptors_after_failures, 0,
                        KINDS);
    tcase_add_loop_test(cases, worker_does_not_spin_while_calls_fail, 0, KINDS);
    tcase_add_test(
        cases, intermittent_failures_of_accept4_in_a_worker_cost_little_time);
    return suite_run(cases, "worker");
}
