/* test_outcomes.c - every request, and the one way in which it ended. */
#include "chaos/measure/outcomes.h"
#include "supervisor/policy/random.h"
#include "tests/harness/run_suite.h"
#include <string.h>

START_TEST(balances_when_every_request_has_ended)
{
    struct request_outcomes ledger = { 0 };
    struct random random;

    random_seed(&random, 1);
    for (int i = 0; i < 1000; i++)
        ledger_begin(&ledger);
    for (uint64_t left = 1000; left > 0; left--) {
        ck_assert(!ledger_balanced(&ledger));
        ck_assert_uint_eq(ledger_open(&ledger), left);
        if (random_below(&random, 10) == 0)
            ledger_withdraw(&ledger);
        else
            ledger_end(&ledger, (enum outcome)random_below(&random, OUTCOMES));
    }
    ck_assert(ledger_balanced(&ledger));
    ck_assert_uint_eq(ledger_open(&ledger), 0);
    ck_assert_uint_eq(ledger_ended(&ledger) + ledger.withdrawn, 1000);
}
END_TEST

START_TEST(a_request_that_ends_twice_is_noticed)
{
    struct request_outcomes ledger = { 0 };

    ledger_begin(&ledger);
    ledger_end(&ledger, OUTCOME_OK);
    ledger_end(&ledger, OUTCOME_OK);
    ck_assert(!ledger_balanced(&ledger));
}
END_TEST

/* Which classes are a loss is a promise to the reader of a verdict. */
static const struct {
    const char *because;
    enum outcome outcome;
    bool loss;
} kinds[] = {
    { "an answer is none", OUTCOME_OK, false },
    { "nobody was there", OUTCOME_REFUSED, true },
    { "it was cut off", OUTCOME_RESET, true },
    { "it was hung up on", OUTCOME_CLOSED, true },
    { "so it was, later", OUTCOME_CLOSED_ON_REUSE, true },
    { "half an answer is none", OUTCOME_TRUNCATED, true },
    { "noise is no answer", OUTCOME_MALFORMED, true },
    { "it spoils the connection", OUTCOME_EXTRA, true },
    { "somebody else's answer is none", OUTCOME_WRONG_TOKEN, true },
    { "another page is no answer", OUTCOME_WRONG_BODY, true },
    { "a hang is a loss", OUTCOME_TIMEOUT_CONNECTING, true },
    { "a hang is a loss", OUTCOME_TIMEOUT_WAITING, true },
    { "a hang is a loss", OUTCOME_TIMEOUT_MIDDLE, true },
    { "an honest no is an answer", OUTCOME_SERVER_ERROR, false },
    { "so is another", OUTCOME_OTHER_STATUS, false },
    { "the server never saw it", OUTCOME_NOT_SENT, false },
};

START_TEST(a_doubtful_answer_is_ok_all_the_same)
{
    struct request_outcomes ledger = { 0 };

    ledger_begin(&ledger);
    ledger_end(&ledger, OUTCOME_OK);
    ledger_doubt(&ledger);
    ck_assert_uint_eq(ledger.unproven, 1);
    ck_assert_uint_eq(ledger.ended[OUTCOME_OK], 1);
    ck_assert(ledger_balanced(&ledger));
}
END_TEST

START_TEST(counts_as_lost_what_the_table_says)
{
    struct request_outcomes ledger = { 0 };

    ledger_begin(&ledger);
    ledger_end(&ledger, kinds[_i].outcome);
    ck_assert_msg(ledger_lost(&ledger) == kinds[_i].loss, "%s: %s",
                  outcome_name(kinds[_i].outcome), kinds[_i].because);
    ck_assert(outcome_is_loss(kinds[_i].outcome) == kinds[_i].loss);
    ck_assert(ledger_availability(&ledger) ==
              (kinds[_i].outcome == OUTCOME_OK));
}
END_TEST

START_TEST(the_table_names_every_class_once)
{
    bool seen[OUTCOMES] = { false };

    ck_assert_int_eq(ROWS(kinds), OUTCOMES);
    for (int i = 0; i < ROWS(kinds); i++) {
        ck_assert(!seen[kinds[i].outcome]);
        seen[kinds[i].outcome] = true;
    }
}
END_TEST

START_TEST(names_and_keys_tell_classes_apart)
{
    for (int i = 0; i < OUTCOMES; i++)
        for (int j = 0; j < i; j++) {
            ck_assert_str_ne(outcome_name((enum outcome)i),
                             outcome_name((enum outcome)j));
            ck_assert_str_ne(outcome_key((enum outcome)i),
                             outcome_key((enum outcome)j));
        }
}
END_TEST

START_TEST(amending_moves_one_good_ending)
{
    struct request_outcomes ledger = { 0 };

    ledger_begin(&ledger);
    ledger_begin(&ledger);
    ledger_end(&ledger, OUTCOME_OK);
    ledger_end(&ledger, OUTCOME_OK);
    ledger_amend(&ledger, OUTCOME_EXTRA);
    ck_assert(ledger_balanced(&ledger));
    ck_assert_uint_eq(ledger.ended[OUTCOME_OK], 1);
    ck_assert_uint_eq(ledger.ended[OUTCOME_EXTRA], 1);
    ck_assert_uint_eq(ledger.amended, 1);
}
END_TEST

/* Three were wanted: one was answered at once, one by its second try, one
 * never, in three. */
START_TEST(retries_are_requests_of_their_own)
{
    struct request_outcomes ledger = { 0 };

    for (int i = 0; i < 3; i++)
        ledger_begin(&ledger);
    ledger_end(&ledger, OUTCOME_OK);
    ledger_end(&ledger, OUTCOME_RESET);
    ledger_begin_again(&ledger);
    ledger_end(&ledger, OUTCOME_OK);
    for (int i = 0; i < 2; i++) {
        ledger_end(&ledger, OUTCOME_REFUSED);
        ledger_begin_again(&ledger);
    }
    ck_assert(!ledger_balanced(&ledger));
    ledger_end(&ledger, OUTCOME_SERVER_ERROR);
    ck_assert(ledger_balanced(&ledger));
    ck_assert_uint_eq(ledger_ended(&ledger), 6);
    ck_assert_uint_eq(ledger.retries, 3);
    ck_assert_uint_eq(ledger_intended(&ledger), 3);
    ck_assert_double_eq_tol(ledger_goodput(&ledger), 2.0 / 3, 1e-9);
    ck_assert_double_eq_tol(ledger_availability(&ledger), 2.0 / 6, 1e-9);
}
END_TEST

START_TEST(a_retry_of_what_did_not_fail_is_noticed)
{
    struct request_outcomes ledger = { 0 };

    ledger_begin(&ledger);
    ledger_end(&ledger, OUTCOME_OK);
    ledger_begin_again(&ledger);
    ledger_end(&ledger, OUTCOME_OK);
    ck_assert(!ledger_balanced(&ledger));
}
END_TEST

START_TEST(what_was_taken_back_is_no_want)
{
    struct request_outcomes ledger = { 0 };

    ledger_begin(&ledger);
    ledger_begin(&ledger);
    ledger_end(&ledger, OUTCOME_OK);
    ledger_end(&ledger, OUTCOME_RESET);
    ledger_begin_again(&ledger);
    ledger_withdraw(&ledger);
    ck_assert(ledger_balanced(&ledger));
    ck_assert(ledger_goodput(&ledger) == 1);
}
END_TEST

START_TEST(what_would_be_the_same_again_is_not_retried)
{
    for (int i = 0; i < OUTCOMES; i++) {
        enum outcome outcome = (enum outcome)i;

        ck_assert(
            outcome_is_retried(outcome) ==
            (outcome_is_loss(outcome) || outcome == OUTCOME_SERVER_ERROR));
    }
    ck_assert(!outcome_is_retried(OUTCOME_OK));
    ck_assert(!outcome_is_retried(OUTCOME_OTHER_STATUS));
    ck_assert(!outcome_is_retried(OUTCOME_NOT_SENT));
}
END_TEST

START_TEST(nothing_asked_is_nothing_lost)
{
    const struct request_outcomes ledger = { 0 };

    ck_assert(ledger_balanced(&ledger));
    ck_assert(ledger_availability(&ledger) == 1);
    ck_assert(ledger_goodput(&ledger) == 1);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("ledger");

    tcase_add_test(cases, balances_when_every_request_has_ended);
    tcase_add_test(cases, a_request_that_ends_twice_is_noticed);
    tcase_add_loop_test(cases, counts_as_lost_what_the_table_says, 0,
                        ROWS(kinds));
    tcase_add_test(cases, the_table_names_every_class_once);
    tcase_add_test(cases, names_and_keys_tell_classes_apart);
    tcase_add_test(cases, amending_moves_one_good_ending);
    tcase_add_test(cases, retries_are_requests_of_their_own);
    tcase_add_test(cases, a_retry_of_what_did_not_fail_is_noticed);
    tcase_add_test(cases, what_was_taken_back_is_no_want);
    tcase_add_test(cases, what_would_be_the_same_again_is_not_retried);
    tcase_add_test(cases, nothing_asked_is_nothing_lost);
    tcase_add_test(cases, a_doubtful_answer_is_ok_all_the_same);
    return run_suite("ledger", cases);
}
