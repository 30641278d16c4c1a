/* SPDX-License-Identifier: MIT */
/* test_poison.c - a corrupt worker cannot blame a request that its client did
 * not send. */
#include "supervisor/handoff/poison.h"
#include "supervisor/handoff/reclaim.h"
#include "supervisor/handoff/recovery.h"
#include "supervisor/handoff/self_accepted.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define OWN    "GET /own HTTP/1.1\r\nHost: t\r\n\r\n"
#define VICTIM "GET /victim HTTP/1.1\r\nHost: t\r\n\r\n"

static struct identity identify(const struct supervisor *supervisor,
                                const char *text)
{
    return identity_of(&supervisor->poison->quarantine->key, text,
                       strlen(text));
}

static bool holds(const struct supervisor *supervisor, const char *text)
{
    return quarantine_holds(supervisor->poison->quarantine,
                            identify(supervisor, text), 1);
}

/* Writes into `record` whatever a worker can forge about the request `text`. */
static void forge(const struct supervisor *supervisor, struct record *record,
                  const char *text)
{
    struct identity identity = identify(supervisor, text);
    struct slice line = identity_line(text, strlen(text));

    record->request_hash = identity.request_hash;
    record->line_hash = identity.line_hash;
    record->line_bytes = (uint8_t)line.bytes;
    memcpy(record->line, line.at, line.bytes);
}

/* ---- A connection that the supervisor holds ---- */

static const struct {
    const char *because;
    size_t claimed_bytes; /* of the request */
    bool is_blamed;       /* whether OWN is */
} claims[] = {
    { "the true length", sizeof(OWN) - 1, true },
    { "a shorter length", sizeof(OWN) - 3, false },
    { "a length that reaches into the next request", sizeof(OWN) + 3, false },
};

START_TEST(worker_can_blame_only_a_request_its_client_sent)
{
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    struct record_progress progress = { .state = RECORD_HANDLING, .begun = 1 };
    enum record_state state;
    struct record *record;
    struct held_connection *held;
    int client;

    no_workers_open(&no_workers,
                    "-w 1 -s 0 --max-attempts 1 --handoff connection");
    held = no_workers_hand(&no_workers, 0, &client);
    ck_assert_int_eq(send(client, OWN VICTIM, strlen(OWN VICTIM), 0),
                     (ssize_t)strlen(OWN VICTIM));
    record = &supervisor->children[0].arena.records[held->assignment.record];
    forge(supervisor, record, VICTIM);
    record->request_bytes = (uint32_t)claims[_i].claimed_bytes;
    record->flags = RECORD_REPEATABLE;
    record_store(record, progress);
    held = reclaim_take(supervisor, &supervisor->children[0],
                        held->assignment.record, false, &state);
    ck_assert_ptr_nonnull(held);
    recovery_orphaned(supervisor, held, state, BLAME_REQUEST);
    ck_assert_uint_eq(held->refusal, 500);
    ck_assert_uint_eq(supervisor->totals.quarantine.requests, 1);
    ck_assert_msg(holds(supervisor, OWN) == claims[_i].is_blamed, "%s",
                  claims[_i].because);
    ck_assert(!holds(supervisor, VICTIM));
    no_workers_close(&no_workers);
    close(client);
}
END_TEST

/* Fewer bytes are there than the record says, so no hash can be computed. */
START_TEST(missing_request_is_not_quarantined)
{
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    struct saved_request left = { .record = { .request_bytes = 1000 } };
    struct record_progress progress = { .state = RECORD_HANDLING, .begun = 1 };
    struct held_connection held = { .saved_request = &left };
    int ends[2];

    no_workers_open(&no_workers, "-w 1 -s 0");
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ck_assert_int_eq(send(ends[1], OWN, strlen(OWN), 0), (ssize_t)strlen(OWN));
    record_store(&left.record, progress);
    held.fd = ends[0];
    poison_held(supervisor, &held);
    ck_assert_uint_eq(supervisor->totals.quarantine.requests, 0);
    close(ends[0]);
    close(ends[1]);
    no_workers_close(&no_workers);
}
END_TEST

START_TEST(quarantine_of_zero_time_holds_and_counts_nothing)
{
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    struct saved_request left = { .record = { .request_bytes =
                                                  sizeof(OWN) - 1 } };
    struct record_progress progress = { .state = RECORD_HANDLING, .begun = 1 };
    struct held_connection held = { .saved_request = &left };
    int ends[2];

    no_workers_open(&no_workers, "-w 1 -s 0 --quarantine 0");
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ck_assert_int_eq(send(ends[1], OWN, strlen(OWN), 0), (ssize_t)strlen(OWN));
    record_store(&left.record, progress);
    held.fd = ends[0];
    for (int i = 0; i < 5; i++)
        poison_held(supervisor, &held);
    ck_assert_uint_eq(supervisor->totals.quarantine.requests, 0);
    ck_assert(!holds(supervisor, OWN));
    close(ends[0]);
    close(ends[1]);
    no_workers_close(&no_workers);
}
END_TEST

/* ---- A connection that the worker accepted ---- */

/* Writes the record of a worker that handles OWN on its first connection. */
static struct record *handle_own(struct supervisor *supervisor)
{
    struct arena *arena = &supervisor->children[0].arena;
    struct record_progress progress = { .state = RECORD_HANDLING, .begun = 1 };
    struct record *record = &arena->records[0];

    atomic_store(&arena->head->account.used, 1);
    account_accept(&arena->head->account, record, 0);
    forge(supervisor, record, OWN);
    record->seal =
        identity_seal(&supervisor->poison->quarantine->key, record, 0, 1);
    record_store(record, progress);
    atomic_store(&arena->head->current, 1);
    return record;
}

static void settle(struct supervisor *supervisor)
{
    struct obituary obituary = { .cause = CAUSE_CRASH };
    struct record suspect;

    self_accepted_settle(supervisor, &supervisor->children[0], &obituary,
                         &suspect);
}

START_TEST(request_of_a_self_accepting_worker_is_blamed_by_its_sealed_record)
{
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;

    no_workers_open(&no_workers, "-w 1 -s 0 --schedule shared");
    for (int worker = 1; worker <= 2; worker++) {
        ck_assert(!holds(supervisor, OWN));
        account_clear(&supervisor->children[0].arena.head->account);
        handle_own(supervisor);
        settle(supervisor);
    }
    ck_assert(holds(supervisor, OWN));
    no_workers_close(&no_workers);
}
END_TEST

/* Even with the correct hash of another request, because the seal is wrong. */
START_TEST(overwritten_record_blames_no_request)
{
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;

    no_workers_open(&no_workers,
                    "-w 1 -s 0 --schedule shared --max-attempts 1");
    forge(supervisor, handle_own(supervisor), VICTIM);
    settle(supervisor);
    ck_assert(!holds(supervisor, VICTIM));
    ck_assert(!holds(supervisor, OWN));
    ck_assert_uint_eq(supervisor->totals.quarantine.requests, 0);
    no_workers_close(&no_workers);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("poison");

    tcase_add_loop_test(cases, worker_can_blame_only_a_request_its_client_sent,
                        0, ROWS(claims));
    tcase_add_test(cases, missing_request_is_not_quarantined);
    tcase_add_test(cases, quarantine_of_zero_time_holds_and_counts_nothing);
    tcase_add_test(
        cases,
        request_of_a_self_accepting_worker_is_blamed_by_its_sealed_record);
    tcase_add_test(cases, overwritten_record_blames_no_request);
    return run_suite("poison", cases);
}
