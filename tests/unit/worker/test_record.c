/* SPDX-License-Identifier: MIT */
/* test_record.c - storing, loading and checking of valid records. */
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/records.h"
#include "worker/protocol/record.h"
#include <string.h>

static const uint32_t counts[] = { 0, 1, 2, 1000, RECORD_COUNT_LIMIT };

START_TEST(stored_progress_is_loaded_unchanged)
{
    for (int state = 0; state < RECORD_STATES; state++)
        for (int i = 0; i < ROWS(counts) * ROWS(counts); i++) {
            struct record_progress stored = {
                (enum record_state)state,        counts[_i],
                counts[i % ROWS(counts)],        counts[i / ROWS(counts)],
                counts[(i + _i) % ROWS(counts)],
            };
            struct record record = { 0 };
            struct record_progress loaded;

            record_store(&record, stored);
            loaded = record_load(&record);
            ck_assert_int_eq((int)loaded.state, state);
            ck_assert_uint_eq(loaded.begun, stored.begun);
            ck_assert_uint_eq(loaded.answered, stored.answered);
            ck_assert_uint_eq(loaded.refused, stored.refused);
            ck_assert_uint_eq(loaded.quarantined, stored.quarantined);
        }
}
END_TEST

START_TEST(new_record_is_empty_and_valid)
{
    struct record record;
    struct record_facts facts = { 0 };

    memset(&record, 0, sizeof record);
    ck_assert_int_eq((int)record_load(&record).state, RECORD_EMPTY);
    ck_assert_ptr_null(record_check(&record, &facts));
}
END_TEST

START_TEST(unknown_state_is_refused)
{
    for (uint64_t state = RECORD_STATES; state < 16; state++) {
        struct record_facts facts = { 0 };
        struct record record = { .progress = state };

        ck_assert_uint_eq((unsigned)record_load(&record).state, state);
        ck_assert_str_eq(record_check(&record, &facts), "unknown state");
        ck_assert_str_eq(record_state_name(record_load(&record).state),
                         "invalid");
    }
}
END_TEST

static const struct {
    const char *because;
    enum record_state state;
    struct change changes[3];
    size_t unsent, untaken;
} valid[] = {
    { "idle", RECORD_EMPTY, { NOTHING }, 0, 0 },
    { "parsing", RECORD_PARSING, { NOTHING }, 0, 0 },
    { "idle, with known counts",
      RECORD_EMPTY,
      { SET(record.flags, RECORD_KNOWN) },
      0,
      0 },
    { "parsing, after 100 Continue",
      RECORD_PARSING,
      { SET(record.flags, RECORD_CONTINUED) },
      0,
      0 },
    { "handling", RECORD_HANDLING, { NOTHING }, 0, 0 },
    { "handling, no pipelined request",
      RECORD_HANDLING,
      { SET(facts.unread_bytes, 40) },
      0,
      0 },
    { "committed, nothing is sent", RECORD_COMMITTED, { NOTHING }, 200, 40 },
    { "committed, a part is sent",
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 501) },
      199,
      40 },
    { "committed, all is sent",
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 700) },
      0,
      40 },
    { "committed, a part is taken out",
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 700), SET(facts.consumed_bytes, 139),
        SET(facts.unread_bytes, 1) },
      0,
      1 },
    { "committed, all is taken out",
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 700), SET(facts.consumed_bytes, 140),
        SET(facts.unread_bytes, 0) },
      0,
      0 },
    { "a response of the maximum size",
      RECORD_COMMITTED,
      { SET(facts.response_capacity, 200) },
      200,
      40 },
    { "the lowest status",
      RECORD_COMMITTED,
      { SET(record.status, 100) },
      200,
      40 },
    { "the highest status",
      RECORD_COMMITTED,
      { SET(record.status, 599) },
      200,
      40 },
    { "all flags of a response",
      RECORD_COMMITTED,
      { SET(record.flags, RECORD_ENDS | RECORD_REPEATABLE | RECORD_CONTINUED) },
      200,
      40 },
    { "100 Continue before the request has begun",
      RECORD_COMMITTED,
      { SET(record.flags, RECORD_INTERIM), SET(record.request_bytes, 0),
        SET(progress.begun, 2) },
      200,
      0 },
    { "a request line of the maximum size",
      RECORD_HANDLING,
      { SET(record.line_bytes, RECORD_LINE_BYTES) },
      0,
      0 },
    { "closing", RECORD_CLOSING, { NOTHING }, 0, 0 },
    { "closing, the client left during a request",
      RECORD_CLOSING,
      { SET(progress.answered, 1) },
      0,
      0 },
};

START_TEST(valid_record_is_accepted)
{
    struct left_behind left =
        changed(valid[_i].state, valid[_i].changes, ROWS(valid[_i].changes));
    const char *why = check(&left);

    ck_assert_msg(!why, "%s: %s", valid[_i].because, why);
    if (valid[_i].state != RECORD_COMMITTED)
        return;
    ck_assert_uint_eq(record_unsent(&left.record, &left.facts),
                      valid[_i].unsent);
    ck_assert_uint_eq(record_untaken(&left.record, &left.facts),
                      valid[_i].untaken);
}
END_TEST

/* For sockets whose bytes the kernel does not count. */
START_TEST(own_counts_of_the_record_replace_the_kernels)
{
    struct record record = sound[RECORD_COMMITTED].record;
    struct record_facts facts;

    record.sent_bytes = 150;
    facts = record_own_facts(&record, 60);
    ck_assert_uint_eq(facts.written_bytes, 650);
    ck_assert_uint_eq(facts.consumed_bytes, 100);
    ck_assert_uint_eq(facts.unread_bytes, 60);
    ck_assert_uint_eq(record_unsent(&record, &facts), 50);
    ck_assert_uint_eq(record_untaken(&record, &facts), 40);
    record.sent_bytes = 200;
    record.taken_bytes = 30;
    facts = record_own_facts(&record, 30);
    ck_assert_uint_eq(facts.consumed_bytes, 130);
    ck_assert_uint_eq(record_unsent(&record, &facts), 0);
    ck_assert_uint_eq(record_untaken(&record, &facts), 10);
}
END_TEST

START_TEST(names_of_states_are_unique)
{
    for (int i = 0; i < RECORD_STATES; i++)
        for (int j = 0; j <= RECORD_STATES; j++)
            ck_assert(i == j ||
                      strcmp(record_state_name((enum record_state)i),
                             record_state_name((enum record_state)j)));
}
END_TEST

static const struct {
    const char *because;
    uint64_t now_us, left_us;
} arrivals[] = {
    { "the time has just begun", 5000, 300 },
    { "a part of the time has passed", 5200, 100 },
    { "all of the time has passed", 5300, 0 },
    { "more than the time has passed", 9000, 0 },
    { "a start in the future counts as late", 4999, 0 },
};

START_TEST(request_has_one_time_limit_to_arrive)
{
    const struct record record = { .since_us = 5000 };

    ck_assert_msg(record_arrival_left_us(&record, 300, arrivals[_i].now_us) ==
                      arrivals[_i].left_us,
                  "%s", arrivals[_i].because);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("record");

    tcase_add_loop_test(cases, stored_progress_is_loaded_unchanged, 0,
                        ROWS(counts));
    tcase_add_test(cases, new_record_is_empty_and_valid);
    tcase_add_test(cases, unknown_state_is_refused);
    tcase_add_loop_test(cases, valid_record_is_accepted, 0, ROWS(valid));
    tcase_add_test(cases, own_counts_of_the_record_replace_the_kernels);
    tcase_add_test(cases, names_of_states_are_unique);
    tcase_add_loop_test(cases, request_has_one_time_limit_to_arrive, 0,
                        ROWS(arrivals));
    return run_suite("record", cases);
}
