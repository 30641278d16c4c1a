/* SPDX-License-Identifier: MIT */
/*
 * test_rogue_workers.c - a thousand workers corrupt the memory that they share
 * with the supervisor, and send it invalid messages.
 *
 * SEED=N repeats a run.
 */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/clients.h"
#include "tests/harness/supervisor/supervised.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define WORKERS        6
#define SPARES         2
#define CORRUPTIONS    500 /* in each of two settings */
#define LIMIT_S        600
#define ROGUE_REQUESTS 4 /* concurrent clients that request it */
#define OTHER_CLIENTS  3

/* Keeps the seed short enough to type. */
#define SEED_LIMIT 1000000

static const char *const steps[] = { "parsing",   "handling", "committed",
                                     "half-sent", "sent",     "consumed" };

static unsigned seed;

static void choose_seed(void)
{
    const char *text = getenv("SEED");

    if (text && *text)
        seed = (unsigned)atoi(text);
    else if (getrandom(&seed, sizeof(seed), 0) == sizeof(seed))
        seed %= SEED_LIMIT;
    printf("SEED=%u\n", seed);
}

/* ---- Other clients ---- */

static void ask_harmlessly(struct clients_member *member)
{
    static const struct timespec pause = { .tv_nsec = 30000000 };
    char target[64], token[32];

    nanosleep(&pause, NULL);
    snprintf(token, sizeof(token), "t=%u.%zu.", member->number, member->asked);
    snprintf(target, sizeof(target), "/?%s&size=2k", token);
    http_expect_page(&member->client, target, token);
}

/* ---- Clients that corrupt workers ---- */

struct rogue_requests {
    int port;
    atomic_uint next;
    atomic_uint unanswered; /* neither answered nor closed */
};

/* Sends a request that corrupts its worker.  The request may be answered or its
 * connection closed, but it must end. */
static void corrupt_worker(struct rogue_requests *rogue_requests,
                           unsigned number)
{
    struct http_client client;
    struct http_answer answer;
    enum http_outcome outcome;
    char target[96];

    snprintf(target, sizeof(target), "/?fault=corrupt:%u&at=%s", seed + number,
             steps[number % (sizeof(steps) / sizeof(*steps))]);
    http_expect_connect(&client, rogue_requests->port);
    outcome = http_get(&client, target, &answer);
    /* One request may end a thousand workers, which may take minutes on a busy
     * machine. */
    for (int more = 0; outcome == HTTP_TIMED_OUT && more < 4; more++)
        outcome = http_receive(&client, false, &answer);
    if (outcome == HTTP_ANSWERED)
        http_answer_free(&answer);
    if (outcome == HTTP_TIMED_OUT)
        atomic_fetch_add(&rogue_requests->unanswered, 1);
    http_disconnect(&client);
}

static void *corrupt_some_workers(void *argument)
{
    struct rogue_requests *rogue_requests = argument;
    unsigned number;

    while ((number = atomic_fetch_add(&rogue_requests->next, 1)) <
           CORRUPTIONS / deadline_factor())
        corrupt_worker(rogue_requests, number);
    return NULL;
}

static void corrupt_all_workers(int port)
{
    struct rogue_requests rogue_requests = { .port = port };
    pthread_t threads[ROGUE_REQUESTS];

    for (int i = 0; i < ROGUE_REQUESTS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, corrupt_some_workers,
                                        &rogue_requests),
                         0);
    for (int i = 0; i < ROGUE_REQUESTS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_msg(atomic_load(&rogue_requests.unanswered) == 0,
                  "SEED=%u: %u requests did not end", seed,
                  atomic_load(&rogue_requests.unanswered));
}

/* ---- The test ---- */

static void await_descriptors(const struct supervised *supervised,
                              size_t wanted)
{
    struct deadline deadline = deadline_start();

    while (process_descriptors(supervised->pid) != wanted)
        ck_assert_msg(deadline_nap(deadline),
                      "SEED=%u: %zu descriptors, not %zu", seed,
                      process_descriptors(supervised->pid), wanted);
}

static const char *const exits_after[] = { "1", "0" };

START_TEST(rogue_workers_harm_no_other_connection)
{
    struct supervised supervised;
    struct clients clients;
    size_t descriptors;

    supervised_start(
        &supervised,
        "--workers %d --spares %d --faults --handoff request "
        "--exit-after %s --backoff none --max-starting 8 "
        "--restart-intensity 1000/1ms --request-timeout 3s "
        "--queue-timeout 60s --header-timeout 5s --idle-timeout 10s "
        "--max-kills 3",
        WORKERS, SPARES, exits_after[_i]);
    supervised_await_online(&supervised, WORKERS + SPARES);
    descriptors = process_descriptors(supervised.pid);
    clients_start(&clients, OTHER_CLIENTS, supervised.port, ask_harmlessly,
                  NULL);
    corrupt_all_workers(supervised.port);
    clients_await(&clients, OTHER_CLIENTS);
    clients_stop(&clients);
    for (int i = 0; i < WORKERS; i++)
        http_expect_hello(supervised.port);
    supervised_await_workers(&supervised, WORKERS + SPARES);
    await_descriptors(&supervised, descriptors);
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'bad-transition'}"), 0);
    supervised_finish_cut_short(&supervised);
}
END_TEST

/* With this seed, each worker claims responses, writes half a response and
 * kills itself, so that its own counts never show an attempt. */
START_TEST(request_that_corrupts_every_worker_is_ended)
{
    struct supervised supervised;
    struct rogue_requests rogue_requests = { .port = 0 };
    unsigned saved_seed = seed;

    supervised_start(&supervised,
                     "--workers 2 --faults --handoff request "
                     "--backoff none --restart-intensity 1000/1ms");
    rogue_requests.port = supervised.port;
    seed = 0;
    corrupt_worker(&rogue_requests, 185121);
    seed = saved_seed;
    ck_assert_uint_eq(atomic_load(&rogue_requests.unanswered), 0);
    http_expect_hello(supervised.port);
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    supervised_finish_cut_short(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("rogue workers");

    choose_seed();
    /* The test needs thousands of forks. */
    tcase_set_timeout(cases, LIMIT_S);
    tcase_add_loop_test(cases, rogue_workers_harm_no_other_connection, 0,
                        sizeof(exits_after) / sizeof(*exits_after));
    tcase_add_test(cases, request_that_corrupts_every_worker_is_ended);
    return suite_run(cases, "rogue workers");
}
