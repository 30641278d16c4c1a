/* SPDX-License-Identifier: MIT */
/* test_fallback.c - what a client receives when its worker died and no other
 * worker is available. */
#include "supervisor/connections/fallback.h"
#include "supervisor/handoff/reclaim.h"
#include "supervisor/handoff/recovery.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"
#define ANSWER   "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define REFUSAL  "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
#define HELD_OFF "HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n"
#define REQUEST  "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n"

#define UNAVAILABLE "HTTP/1.1 503 "

/* A committed response, how much of it the worker sent, and what follows. */
static const struct {
    const char *because, *response;
    size_t sent;
    uint8_t flags;
    bool unavailable; /* a 503 follows the rest of the response */
    uint64_t answered, refused;
} responses[] = {
    { "nothing of the 100 Continue", CONTINUE, 0, RECORD_INTERIM, true, 0, 0 },
    { "half of the 100 Continue", CONTINUE, 9, RECORD_INTERIM, true, 0, 0 },
    { "all of the 100 Continue", CONTINUE, sizeof(CONTINUE) - 1,
      RECORD_INTERIM | RECORD_CONTINUED, true, 0, 0 },
    { "nothing of the response", ANSWER, 0, 0, false, 1, 0 },
    { "half of the response", ANSWER, 9, 0, false, 1, 0 },
    { "all of the response", ANSWER, sizeof(ANSWER) - 1, 0, false, 1, 0 },
    { "half of a refusal", REFUSAL, 9, 0, false, 0, 1 },
    { "all of a refusal", REFUSAL, sizeof(REFUSAL) - 1, 0, false, 0, 1 },
    { "half of a refusal by the quarantine", HELD_OFF, 9, RECORD_QUARANTINED,
      false, 0, 1 },
};

static void leave_response(const struct child *child,
                           const struct held_connection *held, int row)
{
    struct record *record = &child->arena.records[held->assignment.record];
    bool interim = responses[row].flags & RECORD_INTERIM;
    struct record_progress progress = { RECORD_COMMITTED, !interim, 0, 0, 0 };
    const char *response = responses[row].response;

    record->request_bytes = interim ? 0 : sizeof(REQUEST) - 1;
    record->response_bytes = (uint32_t)strlen(response);
    record->sent_bytes = (uint32_t)responses[row].sent;
    record->status = (uint16_t)strtoul(response + 9, NULL, 10);
    record->flags = responses[row].flags;
    record->area = 0;
    ck_assert_int_eq(
        arena_write(&child->arena, 0, 0, response, record->response_bytes), 0);
    record_store(record, progress);
}

/* Pretends that the worker of `held` has died. */
static struct held_connection *orphan(struct supervisor *supervisor,
                                      struct child *child,
                                      struct held_connection *held)
{
    enum record_state state;

    child->state = WORKER_ABSENT;
    held =
        reclaim_take(supervisor, child, held->assignment.record, false, &state);
    ck_assert_ptr_nonnull(held);
    recovery_orphaned(supervisor, held, state, BLAME_OUTSIDE);
    return held;
}

START_TEST(client_without_worker_gets_the_rest_or_503)
{
    static void (*const ends[])(struct supervisor *,
                                struct held_connection *) = { fallback_expire,
                                                              fallback_end };
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    struct child *child;
    int row = _i / 2, peer;
    char received[512] = "";
    const char *rest = responses[row].response + responses[row].sent;
    struct held_connection *held;

    no_workers_open(&no_workers, "--workers 1 --spares 0 --handoff connection");
    child = &supervisor->children[0];
    held = no_workers_hand(&no_workers, 0, &peer);
    ck_assert_int_gt(send(peer, REQUEST, sizeof(REQUEST) - 1, 0), 0);
    leave_response(child, held, row);
    held = orphan(supervisor, child, held);
    ends[_i % 2](supervisor, held);
    ck_assert_int_ge(recv(peer, received, sizeof(received) - 1, 0), 0);
    ck_assert_msg(strncmp(received, rest, strlen(rest)) == 0, "%s: '%s'",
                  responses[row].because, received);
    ck_assert_msg(
        strncmp(received + strlen(rest), UNAVAILABLE, strlen(UNAVAILABLE)) == 0
            ? responses[row].unavailable
            : !responses[row].unavailable && !received[strlen(rest)],
        "%s: '%s'", responses[row].because, received);
    ck_assert_uint_eq(supervisor->totals.requests.answered_after_retry,
                      responses[row].answered);
    ck_assert_uint_eq(supervisor->totals.requests.refused,
                      responses[row].refused);
    ck_assert_uint_eq(supervisor->totals.quarantine.refused,
                      responses[row].flags & RECORD_QUARANTINED ? 1 : 0);
    ck_assert_uint_eq(supervisor->totals.requests.lost, 0);
    close(peer);
    no_workers_close(&no_workers);
}
END_TEST

/* A living worker gave the connection back while it handled the request. */
START_TEST(request_without_worker_that_may_have_run_is_refused_with_502)
{
    struct record_progress progress = { RECORD_HANDLING, 1, 0, 0, 0 };
    bool repeatable = _i == 1;
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    struct held_connection *held;
    struct record *record;
    char received[512] = "";
    enum record_state state;
    int peer;

    no_workers_open(&no_workers, "--workers 1 --spares 0 --handoff connection");
    held = no_workers_hand(&no_workers, 0, &peer);
    ck_assert_int_gt(send(peer, REQUEST, sizeof(REQUEST) - 1, 0), 0);
    record = &supervisor->children[0].arena.records[held->assignment.record];
    record->request_bytes = sizeof(REQUEST) - 1;
    record->flags = repeatable ? RECORD_REPEATABLE : 0;
    record_store(record, progress);
    held = reclaim_take(supervisor, &supervisor->children[0],
                        held->assignment.record, false, &state);
    ck_assert_ptr_nonnull(held);
    recovery_returned(supervisor, held, state);
    fallback_expire(supervisor, held);
    ck_assert_int_gt(recv(peer, received, sizeof(received) - 1, 0), 0);
    ck_assert_ptr_nonnull(
        strstr(received, repeatable ? "HTTP/1.1 503 " : "HTTP/1.1 502 "));
    close(peer);
    no_workers_close(&no_workers);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("fallback");

    tcase_add_loop_test(cases, client_without_worker_gets_the_rest_or_503, 0,
                        2 * ROWS(responses));
    tcase_add_loop_test(
        cases, request_without_worker_that_may_have_run_is_refused_with_502, 0,
        2);
    return run_suite("fallback", cases);
}
