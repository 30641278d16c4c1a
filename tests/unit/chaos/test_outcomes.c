/* SPDX-License-Identifier: MIT */
/* test_outcomes.c - every request has exactly one outcome. */
#include "chaos/measure/outcomes.h"
#include "supervisor/policy/random.h"
#include "tests/harness/run_suite.h"
#include <string.h>

START_TEST(ledger_balances_when_every_request_has_ended)
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

START_TEST(request_that_ends_twice_unbalances_the_ledger)
{
    struct request_outcomes ledger = { 0 };

    ledger_begin(&ledger);
    ledger_end(&ledger, OUTCOME_OK);
    ledger_end(&ledger, OUTCOME_OK);
    ck_assert(!ledger_balanced(&ledger));
}
END_TEST

/* Verdicts depend on which classes count as lost. */
static const struct {
    const char *because;
    enum outcome outcome;
    bool loss;
} kinds[] = {
    { "a correct response", OUTCOME_OK, false },
    { "the connection was refused", OUTCOME_REFUSED, true },
    { "the connection was reset", OUTCOME_RESET, true },
    { "the connection was closed", OUTCOME_CLOSED, true },
    { "a reused connection was closed", OUTCOME_CLOSED_ON_REUSE, true },
    { "the response is incomplete", OUTCOME_TRUNCATED, true },
    { "the response is not HTTP", OUTCOME_MALFORMED, true },
    { "extra bytes make the connection unusable", OUTCOME_EXTRA, true },
    { "the response to another request", OUTCOME_WRONG_TOKEN, true },
    { "a different page", OUTCOME_WRONG_BODY, true },
    { "timeout while connecting", OUTCOME_TIMEOUT_CONNECTING, true },
    { "timeout while waiting", OUTCOME_TIMEOUT_WAITING, true },
    { "timeout within the response", OUTCOME_TIMEOUT_MIDDLE, true },
    { "an error is a response", OUTCOME_SERVER_ERROR, false },
    { "so is any other status", OUTCOME_OTHER_STATUS, false },
    { "the server never saw it", OUTCOME_NOT_SENT, false },
};

START_TEST(unproven_response_still_counts_as_ok)
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

START_TEST(outcome_counts_as_lost_per_the_table)
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

START_TEST(table_names_every_class_once)
{
    bool seen[OUTCOMES] = { false };

    ck_assert_int_eq(ROWS(kinds), OUTCOMES);
    for (int i = 0; i < ROWS(kinds); i++) {
        ck_assert(!seen[kinds[i].outcome]);
        seen[kinds[i].outcome] = true;
    }
}
END_TEST

START_TEST(names_and_keys_of_classes_are_unique)
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

START_TEST(amending_moves_one_request_from_ok)
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

/* Three intended requests: the first succeeds, the second succeeds on its
 * second attempt, the third fails three times. */
START_TEST(retries_count_as_separate_requests)
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

START_TEST(retry_of_a_successful_request_unbalances_the_ledger)
{
    struct request_outcomes ledger = { 0 };

    ledger_begin(&ledger);
    ledger_end(&ledger, OUTCOME_OK);
    ledger_begin_again(&ledger);
    ledger_end(&ledger, OUTCOME_OK);
    ck_assert(!ledger_balanced(&ledger));
}
END_TEST

START_TEST(withdrawn_retry_is_not_an_intended_request)
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

START_TEST(only_losses_and_server_errors_are_retried)
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

START_TEST(without_requests_availability_is_one)
{
    const struct request_outcomes ledger = { 0 };

    ck_assert(ledger_balanced(&ledger));
    ck_assert(ledger_availability(&ledger) == 1);
    ck_assert(ledger_goodput(&ledger) == 1);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("outcomes");

    tcase_add_test(cases, ledger_balances_when_every_request_has_ended);
    tcase_add_test(cases, request_that_ends_twice_unbalances_the_ledger);
    tcase_add_loop_test(cases, outcome_counts_as_lost_per_the_table, 0,
                        ROWS(kinds));
    tcase_add_test(cases, table_names_every_class_once);
    tcase_add_test(cases, names_and_keys_of_classes_are_unique);
    tcase_add_test(cases, amending_moves_one_request_from_ok);
    tcase_add_test(cases, retries_count_as_separate_requests);
    tcase_add_test(cases, retry_of_a_successful_request_unbalances_the_ledger);
    tcase_add_test(cases, withdrawn_retry_is_not_an_intended_request);
    tcase_add_test(cases, only_losses_and_server_errors_are_retried);
    tcase_add_test(cases, without_requests_availability_is_one);
    tcase_add_test(cases, unproven_response_still_counts_as_ok);
    return run_suite("outcomes", cases);
}
