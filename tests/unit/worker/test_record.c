/* test_record.c - what a record may say of a connection. */
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/records.h"
#include "worker/protocol/record.h"
#include <string.h>

static const uint32_t counts[] = { 0, 1, 2, 1000, RECORD_COUNT_LIMIT };

START_TEST(progress_comes_back_as_it_was_stored)
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

START_TEST(a_new_record_is_empty_and_sound)
{
    struct record record;
    struct record_facts facts = { 0 };

    memset(&record, 0, sizeof record);
    ck_assert_int_eq((int)record_load(&record).state, RECORD_EMPTY);
    ck_assert_ptr_null(record_check(&record, &facts));
}
END_TEST

START_TEST(what_is_no_state_stays_none_and_is_refused)
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
} truths[] = {
    { "idle", RECORD_EMPTY, { NOTHING }, 0, 0 },
    { "looking", RECORD_PARSING, { NOTHING }, 0, 0 },
    { "idle, and vouched for",
      RECORD_EMPTY,
      { SET(record.flags, RECORD_KNOWN) },
      0,
      0 },
    { "looking, after 100 Continue",
      RECORD_PARSING,
      { SET(record.flags, RECORD_CONTINUED) },
      0,
      0 },
    { "at work", RECORD_HANDLING, { NOTHING }, 0, 0 },
    { "at work, nothing is pipelined behind",
      RECORD_HANDLING,
      { SET(facts.unread_bytes, 40) },
      0,
      0 },
    { "answered, nothing is sent", RECORD_COMMITTED, { NOTHING }, 200, 40 },
    { "a part is sent",
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 501) },
      199,
      40 },
    { "all is sent",
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 700) },
      0,
      40 },
    { "a part is taken out",
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 700), SET(facts.consumed_bytes, 139),
        SET(facts.unread_bytes, 1) },
      0,
      1 },
    { "all is taken out",
      RECORD_COMMITTED,
      { SET(facts.written_bytes, 700), SET(facts.consumed_bytes, 140),
        SET(facts.unread_bytes, 0) },
      0,
      0 },
    { "a response that fills its room",
      RECORD_COMMITTED,
      { SET(facts.response_capacity, 200) },
      200,
      40 },
    { "the least status there is",
      RECORD_COMMITTED,
      { SET(record.status, 100) },
      200,
      40 },
    { "the greatest status there is",
      RECORD_COMMITTED,
      { SET(record.status, 599) },
      200,
      40 },
    { "every flag that is known",
      RECORD_COMMITTED,
      { SET(record.flags, RECORD_ENDS | RECORD_REPEATABLE | RECORD_CONTINUED) },
      200,
      40 },
    { "100 Continue, of a request not yet begun",
      RECORD_COMMITTED,
      { SET(record.flags, RECORD_INTERIM), SET(record.request_bytes, 0),
        SET(progress.begun, 2) },
      200,
      0 },
    { "a line that fills its room",
      RECORD_HANDLING,
      { SET(record.line_bytes, RECORD_LINE_BYTES) },
      0,
      0 },
    { "over", RECORD_CLOSING, { NOTHING }, 0, 0 },
    { "over, the client left amid a request",
      RECORD_CLOSING,
      { SET(progress.answered, 1) },
      0,
      0 },
};

START_TEST(a_true_record_is_sound)
{
    struct left_behind left =
        changed(truths[_i].state, truths[_i].changes, ROWS(truths[_i].changes));
    const char *why = check(&left);

    ck_assert_msg(!why, "%s: %s", truths[_i].because, why);
    if (truths[_i].state != RECORD_COMMITTED)
        return;
    ck_assert_uint_eq(record_unsent(&left.record, &left.facts),
                      truths[_i].unsent);
    ck_assert_uint_eq(record_untaken(&left.record, &left.facts),
                      truths[_i].untaken);
}
END_TEST

/* Where the kernel counts nothing, the record's own count says the same. */
START_TEST(its_own_count_stands_in_for_the_kernels)
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

START_TEST(states_have_names_of_their_own)
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
    { "it has just begun", 5000, 300 },
    { "some of its time is over", 5200, 100 },
    { "all of it", 5300, 0 },
    { "and more", 9000, 0 },
    { "one that begins tomorrow is late", 4999, 0 },
};

START_TEST(an_arrival_has_one_time)
{
    const struct record record = { .since_us = 5000 };

    ck_assert_msg(record_arrival_left_us(&record, 300, arrivals[_i].now_us) ==
                      arrivals[_i].left_us,
                  "%s", arrivals[_i].because);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("truth");

    tcase_add_loop_test(cases, progress_comes_back_as_it_was_stored, 0,
                        ROWS(counts));
    tcase_add_test(cases, a_new_record_is_empty_and_sound);
    tcase_add_test(cases, what_is_no_state_stays_none_and_is_refused);
    tcase_add_loop_test(cases, a_true_record_is_sound, 0, ROWS(truths));
    tcase_add_test(cases, its_own_count_stands_in_for_the_kernels);
    tcase_add_test(cases, states_have_names_of_their_own);
    tcase_add_loop_test(cases, an_arrival_has_one_time, 0, ROWS(arrivals));
    return run_suite("record", cases);
}
