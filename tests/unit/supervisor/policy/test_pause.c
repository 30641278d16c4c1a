/* SPDX-License-Identifier: MIT */
/* test_pause.c - the pause before a failed system call is retried. */
#include "supervisor/policy/pause.h"
#include "tests/harness/run_suite.h"
#include <inttypes.h>

static const struct {
    const char *because;
    uint32_t failures;
    uint64_t max_us, pause_us;
} pauses[] = {
    { "no failure, no pause", 0, 100000, 0 },
    { "the first failure costs a millisecond", 1, 100000, 1000 },
    { "the second failure doubles the pause", 2, 100000, 2000 },
    { "the third failure doubles the pause again", 3, 100000, 4000 },
    { "the last pause below the limit", 7, 100000, 64000 },
    { "the limit holds", 8, 100000, 100000 },
    { "the limit holds after more failures", 9, 100000, 100000 },
    { "the pause reaches the limit exactly", 5, 16000, 16000 },
    { "the limit is exact", 5, 15999, 15999 },
    { "a limit below the first pause holds", 1, 500, 500 },
    { "doubling does not overflow", 65, UINT64_MAX, UINT64_MAX },
    { "the last count but one stays at the limit", UINT32_MAX - 1, 20000,
      20000 },
    { "the last count stays at the limit", UINT32_MAX, 20000, 20000 },
};

START_TEST(pause_doubles_up_to_the_limit)
{
    uint64_t got = pause_us(pauses[_i].failures, pauses[_i].max_us);

    ck_assert_msg(got == pauses[_i].pause_us,
                  "%s: want %" PRIu64 ", got %" PRIu64, pauses[_i].because,
                  pauses[_i].pause_us, got);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("pause");

    tcase_add_loop_test(cases, pause_doubles_up_to_the_limit, 0, ROWS(pauses));
    return run_suite("pause", cases);
}
