/* SPDX-License-Identifier: MIT */
/* test_backoff.c - the delay before a failed worker is replaced. */
#include "supervisor/policy/backoff.h"
#include "tests/harness/run_suite.h"
#include <inttypes.h>
#include <string.h>

#define BASE_US 100
#define CAP_US  5000

static const struct {
    const char *because;
    enum backoff_kind kind;
    uint64_t base_us, cap_us;
    uint32_t failures;
    uint64_t delay_us;
} delays[] = {
    { "no failure, no delay", BACKOFF_EXPONENTIAL, 100, 5000, 0, 0 },
    { "the first failure costs no delay", BACKOFF_EXPONENTIAL, 100, 5000, 1,
      0 },
    { "the second failure costs the base", BACKOFF_EXPONENTIAL, 100, 5000, 2,
      100 },
    { "the third failure doubles the delay", BACKOFF_EXPONENTIAL, 100, 5000, 3,
      200 },
    { "the fourth failure doubles it again", BACKOFF_EXPONENTIAL, 100, 5000, 4,
      400 },
    { "the last delay below the cap", BACKOFF_EXPONENTIAL, 100, 5000, 7, 3200 },
    { "the first delay at the cap", BACKOFF_EXPONENTIAL, 100, 5000, 8, 5000 },
    { "it stays at the cap", BACKOFF_EXPONENTIAL, 100, 5000, 9, 5000 },
    { "a cap just below the doubled delay", BACKOFF_EXPONENTIAL, 100, 3199, 7,
      3199 },
    { "a cap equal to the doubled delay", BACKOFF_EXPONENTIAL, 100, 3200, 7,
      3200 },
    { "doubling overflows", BACKOFF_EXPONENTIAL, 100, 5000, 66, 5000 },
    { "the largest count", BACKOFF_EXPONENTIAL, 100, 5000, UINT32_MAX, 5000 },
    { "the highest bit", BACKOFF_EXPONENTIAL, 1, UINT64_MAX, 65,
      UINT64_C(1) << 63 },
    { "beyond the highest bit", BACKOFF_EXPONENTIAL, 1, UINT64_MAX, 66,
      UINT64_MAX },
    { "zero doubled is zero", BACKOFF_EXPONENTIAL, 0, 5000, 9, 0 },
    { "zero doubled beyond the overflow", BACKOFF_EXPONENTIAL, 0, 5000, 99, 0 },
    { "no cap, no delay", BACKOFF_EXPONENTIAL, 100, 0, 9, 0 },

    { "constant: the first failure costs no delay", BACKOFF_CONSTANT, 100, 5000,
      1, 0 },
    { "constant: the base", BACKOFF_CONSTANT, 100, 5000, 2, 100 },
    { "constant: the base after many failures", BACKOFF_CONSTANT, 100, 5000, 99,
      100 },
    { "constant: at most the cap", BACKOFF_CONSTANT, 100, 50, 2, 50 },

    { "none: no delay", BACKOFF_NONE, 100, 5000, 2, 0 },
    { "none: no delay at the largest count", BACKOFF_NONE, 100, 5000,
      UINT32_MAX, 0 },

    { "jitter: the first failure costs no delay", BACKOFF_JITTER, 100, 5000, 1,
      0 },
};

START_TEST(delay_follows_kind_base_cap_and_failures)
{
    struct backoff backoff = { delays[_i].kind, delays[_i].base_us,
                               delays[_i].cap_us };
    struct random random;
    uint64_t delay_us;

    random_seed(&random, 1);
    delay_us = backoff_delay_us(&backoff, delays[_i].failures, &random);
    ck_assert_msg(delay_us == delays[_i].delay_us,
                  "%s: want %" PRIu64 ", got %" PRIu64, delays[_i].because,
                  delays[_i].delay_us, delay_us);
}
END_TEST

START_TEST(only_jitter_draws_and_only_from_several_delays)
{
    for (int kind = 0; kind < BACKOFF_KINDS; kind++) {
        struct backoff backoff = { (enum backoff_kind)kind, BASE_US, CAP_US };
        struct random drawn, fresh;

        random_seed(&drawn, 1);
        random_seed(&fresh, 1);
        backoff_delay_us(&backoff, 1, &drawn);
        ck_assert_mem_eq(&drawn, &fresh, sizeof drawn);
        backoff_delay_us(&backoff, 5, &drawn);
        ck_assert_int_eq(kind == BACKOFF_JITTER,
                         memcmp(&drawn, &fresh, sizeof drawn) != 0);
    }
}
END_TEST

static const struct backoff jitter = { BACKOFF_JITTER, BASE_US, CAP_US };

START_TEST(jitter_is_uniform_up_to_the_exponential_delay)
{
    uint32_t failures = (uint32_t)_i;
    uint64_t max_us = backoff_max_us(&jitter, failures), sum_us = 0;
    uint64_t min_seen_us = UINT64_MAX, max_seen_us = 0;
    struct random random;

    random_seed(&random, 1);
    for (int i = 0; i < 20000; i++) {
        uint64_t us = backoff_delay_us(&jitter, failures, &random);

        sum_us += us;
        min_seen_us = us < min_seen_us ? us : min_seen_us;
        max_seen_us = us > max_seen_us ? us : max_seen_us;
    }
    ck_assert_uint_le(min_seen_us, max_us / 100);
    ck_assert_uint_le(max_seen_us, max_us);
    ck_assert_uint_ge(max_seen_us, max_us - max_us / 100);
    ck_assert_double_eq_tol((double)sum_us / 20000, (double)max_us / 2,
                            (double)max_us / 50);
}
END_TEST

START_TEST(same_seed_gives_the_same_delays)
{
    struct random one, other;

    random_seed(&one, 42);
    random_seed(&other, 42);
    for (uint32_t failures = 0; failures < 100; failures++)
        ck_assert_uint_eq(backoff_delay_us(&jitter, failures, &one),
                          backoff_delay_us(&jitter, failures, &other));
}
END_TEST

START_TEST(delay_never_decreases_and_never_exceeds_the_cap)
{
    struct backoff backoff = { (enum backoff_kind)_i, BASE_US, CAP_US };

    for (uint32_t failures = 0; failures < 200; failures++) {
        ck_assert_uint_le(backoff_max_us(&backoff, failures),
                          backoff_max_us(&backoff, failures + 1));
        ck_assert_uint_le(backoff_max_us(&backoff, failures), CAP_US);
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("backoff");

    tcase_add_loop_test(cases, delay_follows_kind_base_cap_and_failures, 0,
                        ROWS(delays));
    tcase_add_test(cases, only_jitter_draws_and_only_from_several_delays);
    tcase_add_loop_test(cases, jitter_is_uniform_up_to_the_exponential_delay, 2,
                        10);
    tcase_add_test(cases, same_seed_gives_the_same_delays);
    tcase_add_loop_test(cases, delay_never_decreases_and_never_exceeds_the_cap,
                        0, BACKOFF_KINDS);
    return run_suite("backoff", cases);
}
