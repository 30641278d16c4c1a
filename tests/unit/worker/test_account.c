/* test_account.c - what a worker leaves of the connections it accepted, at
 * whichever store it dies. */
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
    const char *lie = account_read(&account, records, RECORDS, &total);

    ck_assert_msg(!lie, "%s", lie);
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

/* ---- Lives ---- */

START_TEST(what_it_had_is_lost_and_what_has_ended_is_counted)
{
    struct account_total total;

    start();
    expect("nothing yet", 0, 0, 0, 0);
    use(0);
    use(1);
    use(2);
    expect("three that wait", 3, 0, 0, 3);
    set(0, RECORD_EMPTY, 5, 4, 1);
    set(1, RECORD_HANDLING, 2, 1, 0);
    set(2, RECORD_CLOSING, 3, 2, 0);
    expect("one is closing, whose client left", 3, 0, 1, 2);
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
    expect("a place is used again", 4, 1, 1, 2);
    ck_assert(!account_holds(&account, records, 0));
    ck_assert(account_holds(&account, records, 1));
    ck_assert(account_holds(&account, records, 2));
    ck_assert(!account_holds(&account, records, 3));
}
END_TEST

START_TEST(refusals_by_the_quarantine_are_summed)
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

START_TEST(counts_that_begin_anew_are_kept)
{
    struct account_total total;

    start();
    use(0);
    set(0, RECORD_EMPTY, RECORD_COUNT_LIMIT, RECORD_COUNT_LIMIT, 0);
    account_carry(&account, records, 0);
    ck_assert_uint_eq(record_load(&records[0]).begun, 0);
    set(0, RECORD_HANDLING, 2, 1, 0);
    expect("it goes on", 1, 0, 0, 1);
    total = expect_sound();
    ck_assert_uint_eq(total.requests.begun, RECORD_COUNT_LIMIT + 2);
    ck_assert_uint_eq(total.requests.answered, RECORD_COUNT_LIMIT + 1);
    ck_assert_uint_eq(total.requests.lost, 1);
}
END_TEST

/* ---- Deaths between two stores ---- */

START_TEST(a_death_while_one_is_accepted_counts_it)
{
    start();
    use(0);
    use(1);
    account.accepted = 1; /* the last store has not been made */
    expect("in use, not counted", 2, 0, 0, 2);
}
END_TEST

START_TEST(a_death_while_one_ends_counts_it_once)
{
    uint32_t serial;

    start();
    use(0);
    use(1);
    set(1, RECORD_EMPTY, 3, 3, 0);
    serial = records[1].accepted;
    account_end(&account, records, 1);
    /* As it was before the record was freed and its name forgotten. */
    records[1].accepted = serial;
    account.settled |= 2U << 2 | 2U;
    expect("in the sum", 2, 1, 0, 1);
    ck_assert_uint_eq(expect_sound().requests.answered, 3);
    ck_assert(!account_holds(&account, records, 1));
    records[1].accepted = 0;
    expect("and freed", 2, 1, 0, 1);
}
END_TEST

START_TEST(a_death_while_counts_begin_anew_counts_them_once)
{
    start();
    use(0);
    set(0, RECORD_EMPTY, 9, 9, 0);
    account_carry(&account, records, 0);
    account.settled |= 1U << 2;
    set(0, RECORD_EMPTY, 9, 9, 0); /* not begun anew yet */
    expect("it goes on", 1, 0, 0, 1);
    ck_assert_uint_eq(expect_sound().requests.answered, 9);
}
END_TEST

/* ---- Any life ---- */

START_TEST(it_adds_up_at_any_time)
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

/* ---- Lies ---- */

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

static void two_in_hand(void)
{
    set(0, RECORD_HANDLING, 2, 0, 0);
}

/* Both sides of each equation are the same once the sums have wrapped. */
static void sums_that_wrap(void)
{
    for (int i = 0; i < 2; i++) {
        account.sums[i].closed += UINT64_MAX;
        account.sums[i].client_gone += 1;
        account.sums[i].answered += UINT64_MAX - 1;
        account.sums[i].refused += 1;
    }
}

static void more_than_in_any_life(void)
{
    atomic_fetch_add(&account.accepted, ACCOUNT_COUNT_MAX);
    for (int i = 0; i < 2; i++)
        account.sums[i].closed += ACCOUNT_COUNT_MAX;
}

static void (*const lies[])(void) = {
    more_used,     more_accepted,  more_ended,
    more_answered, no_state,       more_ended_than_begun,
    two_in_hand,   sums_that_wrap, more_than_in_any_life,
};

START_TEST(what_cannot_be_true_is_not_believed)
{
    struct account_total total;

    start();
    use(0);
    use(1);
    account_end(&account, records, 1);
    ck_assert_ptr_null(account_read(&account, records, RECORDS, &total));
    lies[_i]();
    ck_assert_ptr_nonnull(account_read(&account, records, RECORDS, &total));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("account");

    tcase_add_test(cases, what_it_had_is_lost_and_what_has_ended_is_counted);
    tcase_add_test(cases, refusals_by_the_quarantine_are_summed);
    tcase_add_test(cases, counts_that_begin_anew_are_kept);
    tcase_add_test(cases, a_death_while_one_is_accepted_counts_it);
    tcase_add_test(cases, a_death_while_one_ends_counts_it_once);
    tcase_add_test(cases, a_death_while_counts_begin_anew_counts_them_once);
    tcase_add_test(cases, it_adds_up_at_any_time);
    tcase_add_loop_test(cases, what_cannot_be_true_is_not_believed, 0,
                        ROWS(lies));
    return run_suite("account", cases);
}
