/* SPDX-License-Identifier: MIT */
/* test_response_memory.c - responses that clients do not read use a bounded
 * amount of memory, also in a memory cgroup with a small limit. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/memory_cgroup.h"
#include "tests/harness/supervisor/supervised.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READERS     40
#define LARGE_BYTES 3900000
#define LARGE       "/?size=3900000"
#define MB          (1024 * 1024)

/* Bytes that each reader takes before it stops: status line and reason. */
#define STATUS_BYTES 12

static const struct {
    const char *options;
    size_t limit_mb;
    bool kills;
} crowds[] = {
    { "--exit-after 1", 24, false },
    { "--exit-after 1", 60, false },
    { "--exit-after 1", 60, true },
    { "--exit-after 0", 24, false },
    { "--exit-after 0", 60, false },
    { "--exit-after 0", 60, true },
    { "--exit-after 1 --handoff connection", 24, false },
    { "--exit-after 1 --handoff connection", 60, true },
    { "--exit-after 0 --schedule shared", 24, false },
    { "--exit-after 0 --schedule reuseport", 60, false },
};
#define CROWDS ((int)(sizeof(crowds) / sizeof(*crowds)))

static bool started_within(struct memory_cgroup *cgroup,
                           struct supervised *supervised, size_t bytes,
                           const char *options)
{
    /* The address sanitizer keeps freed memory. */
    if (deadline_factor() > 1) {
        printf("skipped: an instrumented build needs more memory\n");
        return false;
    }
    if (!memory_cgroup_make(cgroup, bytes)) {
        printf("skipped: %s\n", cgroup->why);
        return false;
    }
    memory_cgroup_enter(cgroup);
    supervised_start(supervised, "--workers 2 %s", options);
    memory_cgroup_leave(cgroup);
    return true;
}

/* Each client reads the first bytes of its response and no more. */
static void stop_reading(struct http_client *readers,
                         const struct supervised *supervised, bool kills)
{
    for (int i = 0; i < READERS; i++) {
        ck_assert_int_eq(http_connect_narrow(&readers[i], supervised->port),
                         HTTP_ANSWERED);
        http_expect_send(&readers[i],
                         "GET " LARGE " HTTP/1.1\r\nHost: t\r\n\r\n");
        http_expect_ahead(&readers[i], STATUS_BYTES);
        if (kills && i % 5 == 4)
            supervised_kill_all(supervised);
    }
}

/* A large response arrives whole or is refused with a reason.  Returns whether
 * it was refused. */
static bool is_refused(const struct http_answer *answer)
{
    char *retry_after;

    if (answer->status == 200) {
        ck_assert_uint_eq(answer->body_bytes, LARGE_BYTES);
        http_expect_filling(answer);
        return false;
    }
    ck_assert_int_eq(answer->status, 503);
    ck_assert_ptr_nonnull(strstr(answer->body, "response memory"));
    retry_after = http_answer_header(answer, "Retry-After");
    ck_assert_ptr_nonnull(retry_after);
    free(retry_after);
    return true;
}

static unsigned read_all(struct http_client *readers)
{
    unsigned refused = 0;

    for (int i = 0; i < READERS; i++) {
        struct http_answer answer;

        ck_assert_int_eq(http_receive(&readers[i], false, &answer),
                         HTTP_ANSWERED);
        refused += is_refused(&answer);
        http_answer_free(&answer);
        http_disconnect(&readers[i]);
    }
    return refused;
}

/* Other clients always get small responses; large ones may be refused.
 * Returns the number of refusals. */
static unsigned serve_others(const struct supervised *supervised)
{
    unsigned refused = 0;

    for (int i = 0; i < 20; i++) {
        struct http_client client;
        struct http_answer answer;

        http_expect_hello(supervised->port);
        http_expect_connect(&client, supervised->port);
        ck_assert_int_eq(http_get(&client, LARGE, &answer), HTTP_ANSWERED);
        refused += is_refused(&answer);
        http_answer_free(&answer);
        http_disconnect(&client);
    }
    return refused;
}

START_TEST(slow_readers_do_not_exceed_the_memory_of_the_cgroup)
{
    struct http_client readers[READERS];
    struct memory_cgroup cgroup;
    struct supervised supervised;
    unsigned refused, others;
    const cJSON *totals;

    if (!started_within(&cgroup, &supervised, crowds[_i].limit_mb * MB,
                        crowds[_i].options))
        return;
    stop_reading(readers, &supervised, crowds[_i].kills);
    others = serve_others(&supervised);
    refused = read_all(readers);
    ck_assert_uint_gt(READERS - refused, 0);
    ck_assert_uint_gt(refused, 0);
    ck_assert_int_eq(memory_cgroup_kills(&cgroup), 0);
    printf("%zu MB, %s%s: %u of %d large responses arrived, peak %ld kB\n",
           crowds[_i].limit_mb, crowds[_i].options,
           crowds[_i].kills ? ", kills" : "", READERS - refused, READERS,
           memory_cgroup_peak(&cgroup) / 1024);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "dropped_for_memory") == 0);
    if (!crowds[_i].kills)
        ck_assert(event_number(totals, "refused_for_memory") ==
                  refused + others);
    supervised_finish_ended(&supervised, 0);
    memory_cgroup_remove(&cgroup);
}
END_TEST

START_TEST(default_response_memory_is_a_third_of_the_cgroup_limit)
{
    struct memory_cgroup cgroup;
    struct supervised supervised;

    if (!started_within(&cgroup, &supervised, 60 * MB, ""))
        return;
    ck_assert(event_number(
                  event_log_await(&supervised.log, 1, "{'event':'listening'}"),
                  "response_memory") == 20 * MB);
    supervised_finish(&supervised);
    memory_cgroup_remove(&cgroup);
}
END_TEST

/* Without a cgroup, --max-response-memory sets the budget. */
START_TEST(response_memory_budget_refuses_and_recovers)
{
    static const char *const options[] = { "--exit-after 1", "--exit-after 0" };
    struct http_client readers[READERS];
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    struct deadline deadline = deadline_start();
    bool refused = true;

    supervised_start(&supervised, "--workers 2 --max-response-memory 8m %s",
                     options[_i]);
    stop_reading(readers, &supervised, false);
    event_log_await(&supervised.log, 1, "{'event':'response-memory'}");
    ck_assert_uint_gt(read_all(readers), 0);
    while (refused) {
        http_expect_connect(&client, supervised.port);
        ck_assert_int_eq(http_get(&client, LARGE, &answer), HTTP_ANSWERED);
        refused = is_refused(&answer);
        http_answer_free(&answer);
        http_disconnect(&client);
        ck_assert_msg(!refused || deadline_nap(deadline),
                      "response memory is not released");
    }
    supervised_finish(&supervised);
}
END_TEST

/* The response to a POST with effects must say that the request was executed.
 */
START_TEST(executed_post_without_response_memory_is_answered_500)
{
    struct http_client readers[READERS], client;
    struct supervised supervised;

    supervised_start(&supervised, "--workers 2 --max-response-memory 4m");
    stop_reading(readers, &supervised, false);
    http_expect_ask(&client, supervised.port,
                    "POST " LARGE " HTTP/1.1\r\nHost: t\r\n"
                    "Content-Length: 0\r\n\r\n");
    http_expect_answer(&client, 500, "the request was executed");
    http_disconnect(&client);
    read_all(readers);
    supervised_finish(&supervised);
}
END_TEST

/* Fewer areas than readers, and enough memory.  With --no-retain no other
 * process can continue a response, so the worker must not release one for its
 * area. */
START_TEST(last_area_costs_no_connection_without_retention)
{
    struct http_client readers[READERS];
    struct supervised supervised;

    supervised_start(&supervised, "--workers 1 --exit-after 0 --no-retain "
                                  "--max-response-memory 24m");
    stop_reading(readers, &supervised, false);
    ck_assert_uint_lt(read_all(readers), READERS);
    supervised_finish(&supervised);
}
END_TEST

/* Two areas, and a worker that is asked to leave while it has three requests.
 */
START_TEST(leaving_worker_answers_all_requests_despite_slow_readers)
{
    struct http_client readers[2], client;
    struct supervised supervised;

    supervised_start(&supervised, "--workers 1 --spares 1 --exit-after 0 "
                                  "--max-response-memory 24m");
    supervised_await_online(&supervised, 2);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(http_connect_narrow(&readers[i], supervised.port),
                         HTTP_ANSWERED);
        http_expect_send(&readers[i], "GET /?sleep=600ms&size=3900000 "
                                      "HTTP/1.1\r\nHost: t\r\n\r\n");
    }
    http_expect_ask(&client, supervised.port,
                    "POST /?sleep=1s HTTP/1.1\r\nHost: t\r\n"
                    "Content-Length: 0\r\n\r\n");
    deadline_nap(deadline_start());
    kill(supervised.pid, SIGUSR2);
    http_expect_answer(&client, 200, "");
    http_disconnect(&client);
    for (int i = 0; i < 2; i++) {
        http_expect_answer(&readers[i], 200, "");
        http_disconnect(&readers[i]);
    }
    supervised_finish(&supervised);
}
END_TEST

static long oom_score_adj(pid_t pid)
{
    char path[64], text[32] = "";
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", (int)pid);
    file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(text, sizeof(text), file));
    fclose(file);
    return strtol(text, NULL, 10);
}

START_TEST(kernel_prefers_to_kill_workers)
{
    pid_t workers[SUPERVISED_WORKERS_MAX];
    struct supervised supervised;
    size_t count;

    supervised_start(&supervised, "--workers 2 --spares 1 --exit-after 0");
    supervised_await_online(&supervised, 3);
    count = supervised_workers(&supervised, workers);
    ck_assert_uint_eq(count, 3);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_gt(oom_score_adj(workers[i]),
                         oom_score_adj(supervised.pid));
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("response memory");

    setvbuf(stdout, NULL, _IOLBF, 0);
    tcase_add_loop_test(
        cases, slow_readers_do_not_exceed_the_memory_of_the_cgroup, 0, CROWDS);
    tcase_add_test(cases,
                   default_response_memory_is_a_third_of_the_cgroup_limit);
    tcase_add_loop_test(cases, response_memory_budget_refuses_and_recovers, 0,
                        2);
    tcase_add_test(cases,
                   executed_post_without_response_memory_is_answered_500);
    tcase_add_test(cases, last_area_costs_no_connection_without_retention);
    tcase_add_test(cases,
                   leaving_worker_answers_all_requests_despite_slow_readers);
    tcase_add_test(cases, kernel_prefers_to_kill_workers);
    return suite_run(cases, "response memory");
}
