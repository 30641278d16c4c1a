/* test_fair_share.c - who may have the last worker. */
#include "supervisor/policy/fair_share.h"
#include "tests/harness/run_suite.h"

#define NOW_US (1000 * UINT64_C(1000000))
#define AGO    (NOW_US - 1000000)
#define LONG   (NOW_US - FAIR_SHARE_RECENT_US)

static const struct {
    const char *because;
    struct fair_share_claim claim;
    bool allowed;
} claims[] = {
    { "the last worker is for the others", { 4, 3, NOW_US, AGO, AGO }, false },
    { "the last but one is not", { 4, 2, NOW_US, AGO, AGO }, true },
    { "an address without a worker gets the last",
      { 4, 0, NOW_US, AGO, AGO },
      true },
    { "requests that never were slow", { 4, 3, NOW_US, 0, AGO }, true },
    { "requests that are slow no longer", { 4, 3, NOW_US, LONG, AGO }, true },
    { "an address that was always alone", { 4, 3, NOW_US, AGO, 0 }, true },
    { "an address that is alone now", { 4, 3, NOW_US, AGO, LONG }, true },
    { "of two workers one", { 2, 1, NOW_US, AGO, AGO }, false },
    { "of two workers the first", { 2, 0, NOW_US, AGO, AGO }, true },
    { "the only worker", { 1, 0, NOW_US, AGO, AGO }, true },
    { "more than there are slots", { 4, 7, NOW_US, AGO, AGO }, false },
};

START_TEST(last_worker_is_given_as_the_table_says)
{
    ck_assert_msg(fair_share_allows(&claims[_i].claim) == claims[_i].allowed,
                  "%s", claims[_i].because);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("fair share");

    tcase_add_loop_test(cases, last_worker_is_given_as_the_table_says, 0,
                        ROWS(claims));
    return run_suite("fair share", cases);
}
