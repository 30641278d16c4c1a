/* SPDX-License-Identifier: MIT */
/* test_account.c - the account of self-accepted connections is correct at
 * whichever store the worker dies. */
#include "supervisor/policy/random.h"
#include "tests/harness/run_suite.h"
#include "worker/protocol/account.h"
#include <string.h>

#define RECORDS 8

static struct account account;
static struct record records[RECORDS];

static void start(void)
{
    memset((char *)records, 0xa5, sizeof(records));
    account_clear(&account);
}

static void use(uint32_t index)
{
    if (index == account.used)
        account.used++;
    account_accept(&account, &records[index], 0);
}

static void set(uint32_t index, enum record_state state, uint32_t begun,
                uint32_t answered, uint32_t refused)
{
    const struct record_progress progress = { state, begun, answered, refused,
                                              0 };

    record_store(&records[index], progress);
}

static struct account_total expect_sound(void)
{
    struct account_total total;
    const char *problem = account_read(&account, records, RECORDS, &total);

    ck_assert_msg(!problem, "%s", problem);
    return total;
}

static void expect(const char *because, uint64_t accepted, uint64_t closed,
                   uint64_t gone, uint64_t lost)
{
    struct account_total total = expect_sound();

    ck_assert_msg(total.connections.accepted == accepted &&
                      total.connections.closed == closed &&
                      total.connections.client_gone == gone &&
                      total.connections.lost == lost,
                  "%s: %lu accepted, %lu closed, %lu gone, %lu lost", because,
                  (unsigned long)total.connections.accepted,
                  (unsigned long)total.connections.closed,
                  (unsigned long)total.connections.client_gone,
                  (unsigned long)total.connections.lost);
}

/* ---- Counting ---- */

START_TEST(open_connections_are_lost_and_ended_ones_are_counted)
{
    struct account_total total;

    start();
    expect("no connections", 0, 0, 0, 0);
    use(0);
    use(1);
    use(2);
    expect("three connections", 3, 0, 0, 3);
    set(0, RECORD_EMPTY, 5, 4, 1);
    set(1, RECORD_HANDLING, 2, 1, 0);
    set(2, RECORD_CLOSING, 3, 2, 0);
    expect("one is closing, and its client left", 3, 0, 1, 2);
    total = expect_sound();
    ck_assert_uint_eq(total.requests.begun, 10);
    ck_assert_uint_eq(total.requests.answered, 7);
    ck_assert_uint_eq(total.requests.refused, 1);
    ck_assert_uint_eq(total.requests.client_gone, 1);
    ck_assert_uint_eq(total.requests.lost, 1);
    account_end(&account, records, 0);
    account_end(&account, records, 2);
    expect("two have ended", 3, 1, 1, 1);
    use(2);
    expect("a record is used again", 4, 1, 1, 2);
    ck_assert(!account_holds(&account, records, 0));
    ck_assert(account_holds(&account, records, 1));
    ck_assert(account_holds(&account, records, 2));
    ck_assert(!account_holds(&account, records, 3));
}
END_TEST

START_TEST(refusals_by_the_quarantine_are_added_up)
{
    const struct record_progress some = { RECORD_EMPTY, 3, 1, 2, 1 };
    const struct record_progress more = { RECORD_EMPTY, 1, 0, 1, 2 };
    struct account_total total;

    start();
    use(0);
    record_store(&records[0], some);
    ck_assert_uint_eq(expect_sound().requests.quarantined, 1);
    account_carry(&account, records, 0);
    record_store(&records[0], some);
    ck_assert_uint_eq(expect_sound().requests.quarantined, 2);
    account_end(&account, records, 0);
    ck_assert_uint_eq(expect_sound().requests.quarantined, 2);
    use(1);
    record_store(&records[1], more);
    ck_assert_str_eq(account_read(&account, records, RECORDS, &total),
                     "a record has impossible counts");
}
END_TEST

START_TEST(counts_of_a_cleared_record_are_kept)
{
    struct account_total total;

    start();
    use(0);
    set(0, RECORD_EMPTY, RECORD_COUNT_LIMIT, RECORD_COUNT_LIMIT, 0);
    account_carry(&account, records, 0);
    ck_assert_uint_eq(record_load(&records[0]).begun, 0);
    set(0, RECORD_HANDLING, 2, 1, 0);
    expect("still open", 1, 0, 0, 1);
    total = expect_sound();
    ck_assert_uint_eq(total.requests.begun, RECORD_COUNT_LIMIT + 2);
    ck_assert_uint_eq(total.requests.answered, RECORD_COUNT_LIMIT + 1);
    ck_assert_uint_eq(total.requests.lost, 1);
}
END_TEST

/* ---- Deaths between two stores ---- */

START_TEST(connection_is_counted_if_the_worker_dies_while_accepting)
{
    start();
    use(0);
    use(1);
    account.accepted = 1; /* as before the last store */
    expect("in use, not yet counted", 2, 0, 0, 2);
}
END_TEST

START_TEST(connection_is_counted_once_if_the_worker_dies_while_closing)
{
    uint32_t serial;

    start();
    use(0);
    use(1);
    set(1, RECORD_EMPTY, 3, 3, 0);
    serial = records[1].accepted;
    account_end(&account, records, 1);
    /* As before the stores that free the record and name no record. */
    records[1].accepted = serial;
    account.settled |= 2U << 2 | 2U;
    expect("in the sum, not yet freed", 2, 1, 0, 1);
    ck_assert_uint_eq(expect_sound().requests.answered, 3);
    ck_assert(!account_holds(&account, records, 1));
    records[1].accepted = 0;
    expect("in the sum and freed", 2, 1, 0, 1);
}
END_TEST

START_TEST(requests_are_counted_once_if_the_worker_dies_while_clearing)
{
    start();
    use(0);
    set(0, RECORD_EMPTY, 9, 9, 0);
    account_carry(&account, records, 0);
    account.settled |= 1U << 2;
    set(0, RECORD_EMPTY, 9, 9, 0); /* not cleared yet */
    expect("still open", 1, 0, 0, 1);
    ck_assert_uint_eq(expect_sound().requests.answered, 9);
}
END_TEST

/* ---- Random sequences ---- */

START_TEST(account_adds_up_after_any_sequence)
{
    struct random random;
    uint64_t accepted = 0, answered = 0, live = 0;
    bool busy[RECORDS] = { false };

    random_seed(&random, 7);
    start();
    for (int i = 0; i < 20000; i++) {
        uint32_t known = account.used < RECORDS ? account.used + 1 : RECORDS;
        uint32_t index = (uint32_t)random_below(&random, known);
        struct account_total total;

        if (!busy[index]) {
            use(index);
            accepted++;
            live++;
        } else if (random_below(&random, 3) == 0) {
            account_end(&account, records, index);
            live--;
        } else {
            struct record_progress progress = record_load(&records[index]);

            set(index, RECORD_EMPTY, progress.begun + 1, progress.answered + 1,
                0);
            answered++;
            if (random_below(&random, 5) == 0)
                account_carry(&account, records, index);
            continue;
        }
        busy[index] = !busy[index];
        total = expect_sound();
        ck_assert_uint_eq(total.connections.accepted, accepted);
        ck_assert_uint_eq(total.connections.lost, live);
        ck_assert_uint_eq(total.requests.answered, answered);
    }
}
END_TEST

/* ---- Corrupt accounts ---- */

static void more_used(void)
{
    account.used = RECORDS + 1;
}

static void more_accepted(void)
{
    account.accepted += 2;
}

static void more_ended(void)
{
    account.sums[account.settled & 1].closed++;
}

static void more_answered(void)
{
    account.sums[account.settled & 1].answered++;
}

static void no_state(void)
{
    set(0, RECORD_STATES, 0, 0, 0);
}

static void more_ended_than_begun(void)
{
    set(0, RECORD_EMPTY, 1, 2, 0);
}

static void two_unfinished(void)
{
    set(0, RECORD_HANDLING, 2, 0, 0);
}

/* The equations hold again after the sums have wrapped. */
static void sums_that_wrap(void)
{
    for (int i = 0; i < 2; i++) {
        account.sums[i].closed += UINT64_MAX;
        account.sums[i].client_gone += 1;
        account.sums[i].answered += UINT64_MAX - 1;
        account.sums[i].refused += 1;
    }
}

static void more_than_the_limit(void)
{
    atomic_fetch_add(&account.accepted, ACCOUNT_COUNT_MAX);
    for (int i = 0; i < 2; i++)
        account.sums[i].closed += ACCOUNT_COUNT_MAX;
}

static void (*const corruptions[])(void) = {
    more_used,      more_accepted,  more_ended,
    more_answered,  no_state,       more_ended_than_begun,
    two_unfinished, sums_that_wrap, more_than_the_limit,
};

START_TEST(corrupt_account_is_refused)
{
    struct account_total total;

    start();
    use(0);
    use(1);
    account_end(&account, records, 1);
    ck_assert_ptr_null(account_read(&account, records, RECORDS, &total));
    corruptions[_i]();
    ck_assert_ptr_nonnull(account_read(&account, records, RECORDS, &total));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("account");

    tcase_add_test(cases, open_connections_are_lost_and_ended_ones_are_counted);
    tcase_add_test(cases, refusals_by_the_quarantine_are_added_up);
    tcase_add_test(cases, counts_of_a_cleared_record_are_kept);
    tcase_add_test(cases,
                   connection_is_counted_if_the_worker_dies_while_accepting);
    tcase_add_test(cases,
                   connection_is_counted_once_if_the_worker_dies_while_closing);
    tcase_add_test(cases,
                   requests_are_counted_once_if_the_worker_dies_while_clearing);
    tcase_add_test(cases, account_adds_up_after_any_sequence);
    tcase_add_loop_test(cases, corrupt_account_is_refused, 0,
                        ROWS(corruptions));
    return run_suite("account", cases);
}
