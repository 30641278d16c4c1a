/* SPDX-License-Identifier: MIT */
/* test_intermittent.c - calls of the supervisor fail at random for a while,
 * together with kills, signals and requests.  After the failures the supervisor
 * must watch all descriptors that it should. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include "tests/kernelfaults/injector.h"
#include "tests/kernelfaults/watched.h"
#include "worker/clock.h"
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

#define WORKERS 4 /* including spares */

/* There are PHASES phases of failures, of ROUNDS rounds of ROUND_MS each: in
 * each round one worker is killed and one request is sent. */
#define PHASES   8
#define ROUNDS   20
#define ROUND_MS 5

/* Clients in each phase that read a large response slowly. */
#define SLOW 4

/* Time limit until everything is watched after the last failure; the supervisor
 * retries within 20 ms. */
#define WATCHED_WITHIN_MS UINT64_C(10000)

static const struct {
    const char *options;
    int error;
    unsigned one_in; /* each epoll_ctl fails with this chance */
    bool connections_are_watched;
} failures[] = {
    { "--handoff request --exit-after 1", ENOMEM, 2, true },
    { "--handoff request --exit-after 0", ENOSPC, 2, true },
    { "--handoff request --exit-after 1", ENOSPC, 4, true },
    { "--handoff connection --exit-after 4", ENOMEM, 2, false },
    { "--handoff connection --exit-after 0", ENOSPC, 2, false },
    { "--handoff connection --exit-after 4", ENOSPC, 4, false },
};

static struct supervised supervised;
static struct injector injector;

static void start(const char *options, long call, int error)
{
    const struct call_kind kind = { call, -1, 0 };

    supervised_launch_stopped(
        &supervised,
        "--workers 3 --spares 1 --backoff-base 2ms --backoff-cap 10ms "
        "--restart-intensity 1000/1s --drain-timeout 60s "
        "--request-timeout 60s --queue-timeout 60s --seed 1 %s",
        options);
    injector_start(&injector, supervised.pid, &kind, error, 0);
    supervised.port = (int)event_number(
        event_log_await(&supervised.log, 1, "{'event':'listening'}"), "port");
    supervised_await_online(&supervised, WORKERS);
}

/* Kills a different worker in each round.  SIGHUP and SIGUSR1 stop nothing. */
static void inject(unsigned round)
{
    pid_t workers[SUPERVISED_WORKERS_MAX];
    size_t count = supervised_workers(&supervised, workers);

    if (count > 0)
        supervised_kill(&supervised, workers[round % count]);
    if (round % 4 == 0)
        supervised_signal(&supervised, round % 8 == 0 ? SIGUSR1 : SIGHUP);
}

static void expect_watched(bool connections)
{
    struct deadline deadline = { clock_monotonic_ms() +
                                 WATCHED_WITHIN_MS * deadline_factor() };
    struct complaint complaint;

    do {
        complaint.words[0] = '\0';
        if (watched_completely(supervised.pid, connections, &complaint))
            return;
    } while (deadline_nap(deadline));
    ck_abort_msg("after %u of %u calls failed: %s",
                 atomic_load(&injector.failed), atomic_load(&injector.seen),
                 complaint.words);
}

static void nap(void)
{
    const struct timespec round = { .tv_nsec = ROUND_MS * 1000000 };

    nanosleep(&round, NULL);
}

static void expect_signal_is_handled(void)
{
    size_t before = event_log_count(&supervised.log, "{'event':'signal'}");

    supervised_signal(&supervised, SIGUSR2);
    event_log_await(&supervised.log, before + 1, "{'event':'signal'}");
}

/* With narrow buffers, so that the supervisor must wait for the client. */
static void request_slowly(struct http_client *slow)
{
    ck_assert_int_eq(http_connect_narrow(slow, supervised.port), HTTP_ANSWERED);
    http_expect_send(slow, "GET /?size=300k HTTP/1.1\r\nHost: test\r\n\r\n");
}

static void run_phase(unsigned one_in, bool connections_are_watched)
{
    struct http_client clients[ROUNDS], slow[SLOW];

    atomic_store(&injector.one_in, one_in);
    for (int i = 0; i < SLOW; i++)
        request_slowly(&slow[i]);
    for (unsigned round = 0; round < ROUNDS; round++) {
        inject(round);
        http_expect_ask(&clients[round], supervised.port,
                        "GET / HTTP/1.1\r\nHost: test\r\n\r\n");
        nap();
    }
    atomic_store(&injector.one_in, 0);
    expect_watched(connections_are_watched);
    for (int i = 0; i < SLOW; i++) {
        http_expect_answer(&slow[i], 200, "");
        http_disconnect(&slow[i]);
    }
    for (unsigned round = 0; round < ROUNDS; round++) {
        http_expect_answer(&clients[round], 200, "Hello");
        http_disconnect(&clients[round]);
    }
}

START_TEST(descriptors_are_watched_after_intermittent_failures)
{
    start(failures[_i].options, SYS_epoll_ctl, failures[_i].error);
    for (unsigned phase = 0; phase < PHASES; phase++)
        run_phase(failures[_i].one_in, failures[_i].connections_are_watched);
    supervised_await_workers(&supervised, WORKERS);
    expect_watched(failures[_i].connections_are_watched);
    expect_signal_is_handled();
    http_expect_hello(supervised.port);
    injector_stop(&injector);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("intermittent");

    tcase_add_loop_test(cases,
                        descriptors_are_watched_after_intermittent_failures, 0,
                        sizeof(failures) / sizeof(*failures));
    return suite_run(cases, "intermittent");
}
