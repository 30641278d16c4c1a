/* SPDX-License-Identifier: MIT */
/* test_flood.c - limits on the messages of a worker. */
#include "supervisor/policy/flood.h"
#include "tests/harness/run_suite.h"

#define SECOND_US UINT64_C(1000000)
#define START_US  (1000 * SECOND_US)

static const struct {
    const char *because;
    uint64_t handoffs[4]; /* of COUNTs, in order; 0: no more */
    int allowed;          /* of them, before the first that is not */
} handoffs[] = {
    { "each handoff counts once", { 1, 2, 3, 9 }, 4 },
    { "the same handoff counts twice", { 7, 7 }, 1 },
    { "the second handoff counts twice", { 1, 2, 2, 3 }, 2 },
};

START_TEST(handoff_counts_once)
{
    struct flood flood = { 0 };
    int allowed = 0;

    while (allowed < 4 && handoffs[_i].handoffs[allowed] &&
           flood_allows_count(&flood, handoffs[_i].handoffs[allowed], START_US))
        allowed++;
    ck_assert_msg(allowed == handoffs[_i].allowed, "%s: want %d, got %d",
                  handoffs[_i].because, handoffs[_i].allowed, allowed);
}
END_TEST

/* COUNTs at an even rate until one is not allowed, at most for ten seconds. */
static const struct {
    const char *because;
    uint64_t apart_us;
    uint64_t allowed; /* 0: all */
} rates[] = {
    { "a burst", 0, FLOOD_COUNTS_PER_S_MAX },
    { "twice the rate", SECOND_US / FLOOD_COUNTS_PER_S_MAX / 2,
      2 * FLOOD_COUNTS_PER_S_MAX - 1 },
    { "the rate itself", SECOND_US / FLOOD_COUNTS_PER_S_MAX, 0 },
    { "a tenth of the rate", 10 * SECOND_US / FLOOD_COUNTS_PER_S_MAX, 0 },
};

START_TEST(counts_are_allowed_up_to_the_rate)
{
    const uint64_t max = 10 * FLOOD_COUNTS_PER_S_MAX;
    struct flood flood = { 0 };
    uint64_t allowed = 0, now_us = START_US;

    while (allowed < max && flood_allows_count(&flood, 0, now_us)) {
        allowed++;
        now_us += rates[_i].apart_us;
    }
    ck_assert_msg(allowed == (rates[_i].allowed ? rates[_i].allowed : max),
                  "%s: %llu allowed", rates[_i].because,
                  (unsigned long long)allowed);
}
END_TEST

START_TEST(whole_burst_is_allowed_again_after_a_second)
{
    struct flood flood = { 0 };

    for (int round = 0; round < 3; round++)
        for (int i = 0; i < FLOOD_COUNTS_PER_S_MAX; i++)
            ck_assert(
                flood_allows_count(&flood, 0, START_US + round * SECOND_US));
}
END_TEST

START_TEST(other_messages_are_limited_per_worker)
{
    struct flood flood = { 0 };

    for (int i = 0; i < FLOOD_OTHERS_MAX; i++)
        ck_assert(flood_allows_other(&flood));
    for (int i = 0; i < 3; i++)
        ck_assert(!flood_allows_other(&flood));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("flood");

    tcase_add_loop_test(cases, handoff_counts_once, 0, ROWS(handoffs));
    tcase_add_loop_test(cases, counts_are_allowed_up_to_the_rate, 0,
                        ROWS(rates));
    tcase_add_test(cases, whole_burst_is_allowed_again_after_a_second);
    tcase_add_test(cases, other_messages_are_limited_per_worker);
    return run_suite("flood", cases);
}
