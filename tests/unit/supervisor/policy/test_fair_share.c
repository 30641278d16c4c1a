/* SPDX-License-Identifier: MIT */
/* test_fair_share.c - which client may use the last worker. */
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
    { "the last worker is reserved for others",
      { 4, 3, NOW_US, AGO, AGO },
      false },
    { "the last but one is not reserved", { 4, 2, NOW_US, AGO, AGO }, true },
    { "an address without a worker gets the last",
      { 4, 0, NOW_US, AGO, AGO },
      true },
    { "requests were never slow", { 4, 3, NOW_US, 0, AGO }, true },
    { "requests are no longer slow", { 4, 3, NOW_US, LONG, AGO }, true },
    { "there never was another address", { 4, 3, NOW_US, AGO, 0 }, true },
    { "there is no other address any more", { 4, 3, NOW_US, AGO, LONG }, true },
    { "the second of two workers", { 2, 1, NOW_US, AGO, AGO }, false },
    { "the first of two workers", { 2, 0, NOW_US, AGO, AGO }, true },
    { "the only worker", { 1, 0, NOW_US, AGO, AGO }, true },
    { "more workers than slots", { 4, 7, NOW_US, AGO, AGO }, false },
};

START_TEST(last_worker_is_reserved_for_other_addresses)
{
    ck_assert_msg(fair_share_allows(&claims[_i].claim) == claims[_i].allowed,
                  "%s", claims[_i].because);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("fair share");

    tcase_add_loop_test(cases, last_worker_is_reserved_for_other_addresses, 0,
                        ROWS(claims));
    return run_suite("fair share", cases);
}
