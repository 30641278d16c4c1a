/* SPDX-License-Identifier: MIT */
/* test_record_corrupt.c - corrupt records are refused, and those that are
 * accepted stay within their bounds. */
#include "supervisor/policy/random.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/records.h"
#include "worker/protocol/record.h"

#define NO_PLACE_REQUEST  "the request does not contain the kernel's position"
#define NO_PLACE_RESPONSE "the response does not contain the kernel's position"
#define NOT_ONE           "not exactly one request is in progress"

static const struct {
    const char *why;
    enum record_state state;
    struct change changes[3];
} corrupt[] = {
    { "a request is in progress before it began",
      RECORD_EMPTY,
      { SET(progress.begun, 3) } },
    { "a request is in progress before it began",
      RECORD_PARSING,
      { SET(progress.begun, 3) } },
    { NOT_ONE, RECORD_HANDLING, { SET(progress.begun, 2) } },
    { NOT_ONE, RECORD_HANDLING, { SET(progress.begun, 4) } },
    { NOT_ONE, RECORD_COMMITTED, { SET(progress.begun, 2) } },
    { NOT_ONE, RECORD_COMMITTED, { SET(progress.begun, 4) } },
    { NOT_ONE,
      RECORD_COMMITTED,
      { SET(record.flags, RECORD_INTERIM), SET(record.request_bytes, 0) } },
    { "more than one request is in progress",
      RECORD_CLOSING,
      { SET(progress.begun, 5) } },
    { "more requests ended than begun",
      RECORD_EMPTY,
      { SET(progress.begun, 1) } },
    { "more requests ended than begun",
      RECORD_HANDLING,
      { SET(progress.refused, RECORD_COUNT_LIMIT) } },
    { "more requests ended than begun",
      RECORD_CLOSING,
      { SET(progress.answered, RECORD_COUNT_LIMIT),
        SET(progress.refused, RECORD_COUNT_LIMIT) } },

    { "more requests refused by the quarantine than refused",
      RECORD_EMPTY,
      { SET(progress.quarantined, 2) } },
    { "more requests refused by the quarantine than refused",
      RECORD_CLOSING,
      { SET(progress.quarantined, RECORD_COUNT_LIMIT) } },

    { "unknown flags", RECORD_EMPTY, { SET(record.flags, 1 << 6) } },
    { "unknown flags", RECORD_COMMITTED, { SET(record.flags, 0xff) } },
    { "the request line is longer than its field",
      RECORD_PARSING,
      { SET(record.line_bytes, RECORD_LINE_BYTES + 1) } },

    { "the request is empty",
      RECORD_HANDLING,
      { SET(record.request_bytes, 0) } },
    { "the request does not begin at the kernel's position",
      RECORD_HANDLING,
      { SET(record.request_start, 99) } },
    { "the request does not begin at the kernel's position",
      RECORD_HANDLING,
      { SET(record.request_start, 101) } },
    { "the request is longer than the unread bytes",
      RECORD_HANDLING,
      { SET(record.request_bytes, 61) } },

    { "the response is empty",
      RECORD_COMMITTED,
      { SET(record.response_bytes, 0) } },
    { "the response is longer than a response area",
      RECORD_COMMITTED,
      { SET(record.response_bytes, 1001) } },
    { "the response is longer than a response area",
      RECORD_COMMITTED,
      { SET(record.response_bytes, UINT32_MAX) } },
    { NO_PLACE_RESPONSE,
      RECORD_COMMITTED,
      { SET(record.response_start, 501) } },
    { NO_PLACE_RESPONSE,
      RECORD_COMMITTED,
      { SET(record.response_start, 299) } },
    { NO_PLACE_RESPONSE,
      RECORD_COMMITTED,
      { SET(record.response_start, UINT64_MAX - 10) } },
    { NO_PLACE_REQUEST,
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 700), SET(record.request_start, 101) } },
    { NO_PLACE_REQUEST,
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 700), SET(record.request_start, 59) } },
    { NO_PLACE_REQUEST,
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 700),
        SET(record.request_start, UINT64_MAX - 10) } },
    { "the request is longer than the unread bytes",
      RECORD_COMMITTED,
      { SET(record.request_bytes, 61) } },
    { "the request is longer than the unread bytes",
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 700), SET(facts.consumed_bytes, 110),
        SET(facts.unread_bytes, 29) } },
    { "the request was consumed before its response was sent",
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 699), SET(facts.consumed_bytes, 101) } },
    { "an interim response consumes a request",
      RECORD_COMMITTED,
      { SET(record.flags, RECORD_INTERIM), SET(progress.begun, 2) } },
    { "an interim response consumes a request",
      RECORD_COMMITTED,
      { SET(record.flags, RECORD_INTERIM), SET(progress.begun, 2),
        SET(record.request_bytes, 1) } },
    { "the request of the response is empty",
      RECORD_COMMITTED,
      { SET(record.request_bytes, 0) } },
    { "the status is not valid", RECORD_COMMITTED, { SET(record.status, 0) } },
    { "the status is not valid",
      RECORD_COMMITTED,
      { SET(record.status, 600) } },
};

START_TEST(corrupt_record_is_refused_with_its_reason)
{
    struct left_behind left = changed(corrupt[_i].state, corrupt[_i].changes,
                                      ROWS(corrupt[_i].changes));
    const char *why = check(&left);

    ck_assert_msg(why != NULL, "accepted, but: %s", corrupt[_i].why);
    ck_assert_str_eq(why, corrupt[_i].why);
}
END_TEST

/* Any record that is accepted must stay within its bounds. */
static void expect_bounds(const struct left_behind *left)
{
    if (check(left) || record_load(&left->record).state != RECORD_COMMITTED)
        return;
    ck_assert_uint_le(record_unsent(&left->record, &left->facts),
                      left->facts.response_capacity);
    ck_assert_uint_le(record_untaken(&left->record, &left->facts),
                      left->facts.unread_bytes);
}

START_TEST(random_bytes_stay_within_bounds)
{
    struct random random;

    random_seed(&random, 1);
    for (int i = 0; i < 100000; i++) {
        struct left_behind left = sound[RECORD_COMMITTED];
        unsigned char *bytes = (unsigned char *)&left.record;

        record_store(&left.record, left.progress);
        for (uint64_t hits = random_below(&random, 8); hits > 0; hits--)
            bytes[random_below(&random, sizeof left.record)] =
                (unsigned char)random_next(&random);
        expect_bounds(&left);
    }
}
END_TEST

/* All records with small numbers, so that no edge case is missing. */
START_TEST(small_record_is_accepted_if_and_only_if_it_is_possible)
{
    int accepted = 0;

    for (uint32_t n = 0; n < 4 * 4 * 4 * 4 * 4 * 4; n++) {
        uint32_t taken = n % 4, written = n / 4 % 4, start = n / 16 % 4;
        uint32_t request = n / 64 % 4, response = n / 256 % 4,
                 unread = n / 1024;
        struct left_behind left = {
            .progress = { RECORD_COMMITTED, 1, 0, 0, 0 },
            .record = { .request_start = start,
                        .request_bytes = request,
                        .response_start = start,
                        .response_bytes = response,
                        .status = 200 },
            .facts = { taken, unread, written, 3 },
        };
        bool possible = request > 0 && response > 0 && taken >= start &&
                        written >= start && taken <= start + request &&
                        written <= start + response &&
                        start + request <= taken + unread &&
                        (written == start + response || taken == start);

        record_store(&left.record, left.progress);
        ck_assert_int_eq(check(&left) == NULL, possible);
        expect_bounds(&left);
        accepted += possible;
    }
    ck_assert_int_gt(accepted, 100);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("record corrupt");

    tcase_add_loop_test(cases, corrupt_record_is_refused_with_its_reason, 0,
                        ROWS(corrupt));
    tcase_add_test(cases, random_bytes_stay_within_bounds);
    tcase_add_test(cases,
                   small_record_is_accepted_if_and_only_if_it_is_possible);
    return run_suite("record corrupt", cases);
}
