/* SPDX-License-Identifier: MIT */
/* test_totals.c - the conservation law. */
#include "supervisor/policy/totals.h"
#include "tests/harness/run_suite.h"
#include <stddef.h>

#define HELD        3
#define IN_PROGRESS 2

/* All numbers differ, so that none can replace another. */
static const struct totals balanced = {
    .connections = { .accepted = 1 + 10 + 100 + 1000 + HELD,
                     .closed = 1,
                     .client_gone = 10,
                     .refused = 100,
                     .lost = 1000 },
    .requests = { .begun = 1 + 10 + 100 + 1000 + 10000 + IN_PROGRESS,
                  .answered = 1,
                  .answered_after_retry = 10,
                  .refused = 100,
                  .client_gone = 1000,
                  .lost = 10000 },
    .forks = 7,
    .exits = 5,
    .invalid = 9,
};

START_TEST(totals_balance_with_what_is_still_open)
{
    struct totals nothing = { 0 };

    ck_assert(totals_balanced(&nothing, 0, 0));
    ck_assert(totals_balanced(&balanced, HELD, IN_PROGRESS));
    ck_assert(!totals_balanced(&balanced, HELD - 1, IN_PROGRESS));
    ck_assert(!totals_balanced(&balanced, HELD, IN_PROGRESS - 1));
    ck_assert(!totals_balanced(&balanced, 0, 0));
}
END_TEST

#define COUNTED(field) offsetof(struct totals, field)

static const size_t counted[] = {
    COUNTED(connections.accepted),    COUNTED(connections.closed),
    COUNTED(connections.client_gone), COUNTED(connections.refused),
    COUNTED(connections.lost),        COUNTED(requests.begun),
    COUNTED(requests.answered),       COUNTED(requests.answered_after_retry),
    COUNTED(requests.refused),        COUNTED(requests.client_gone),
    COUNTED(requests.lost),
};

START_TEST(any_wrong_count_unbalances_the_totals)
{
    struct totals totals = balanced;
    uint64_t *count = (uint64_t *)((char *)&totals + counted[_i]);

    ++*count;
    ck_assert(!totals_balanced(&totals, HELD, IN_PROGRESS));
    *count -= 2;
    ck_assert(!totals_balanced(&totals, HELD, IN_PROGRESS));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("totals");

    tcase_add_test(cases, totals_balance_with_what_is_still_open);
    tcase_add_loop_test(cases, any_wrong_count_unbalances_the_totals, 0,
                        ROWS(counted));
    return run_suite("totals", cases);
}
