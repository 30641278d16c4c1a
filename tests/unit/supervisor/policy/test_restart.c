/* SPDX-License-Identifier: MIT */
/* test_restart.c - the restart policy.  tests/unit/mutate_tokens.sh shows that
 * these tests detect each change of one token. */
#include "supervisor/policy/restart.h"
#include "tests/harness/run_suite.h"
#include <signal.h>

#define MS         UINT64_C(1000)
#define BASE_US    (10 * MS)
#define HEALTHY_US (1000 * MS)
#define NOW_US     (100000 * MS)
#define LIMIT      4

static struct restarts begin(enum respawn respawn, enum on_crash_loop on_loop)
{
    const struct restart_rule rule = {
        .respawn = respawn,
        .backoff = { BACKOFF_EXPONENTIAL, BASE_US, 4 * BASE_US },
        .healthy_after_us = HEALTHY_US,
        .intensity = { .limit = LIMIT,
                       .window_us = 1000 * MS,
                       .on_loop = on_loop,
                       .probe_us = 500 * MS,
                       .probe_cap_us = 2000 * MS },
    };
    struct restarts restarts;

    restart_start(&restarts, &rule, 1);
    return restarts;
}

/* ---- One exit ---- */

#define EXIT(number) .reason = { .code = number }, .cause = CAUSE_OWN_EXIT
#define CRASH        .reason = { .signal = SIGSEGV, .code = -1 }, .cause = CAUSE_CRASH
#define KILL         .reason = { .signal = SIGKILL, .code = -1 }, .cause = CAUSE_OUTSIDE

/* clang-format off */
static const struct {
    const char *because;
    enum respawn respawn;
    enum breaker breaker;
    struct restart_history before;
    struct restart_exit end;
    /* Expected. */
    enum worker_event event;
    uint64_t delay_us;
    bool is_failure;
    uint32_t failures;
} exits[] = {
    { "the first failure is not delayed",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 0, false },
      { EXIT(1) },
      EVENT_LEFT_RENEW, 0, true, 1 },
    { "the second failure in a row is",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 1, false },
      { EXIT(1) },
      EVENT_LEFT_REST, BASE_US, true, 2 },
    { "the delay grows",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 2, false },
      { CRASH },
      EVENT_LEFT_REST, 2 * BASE_US, true, 3 },
    { "code 0 before progress is a failure",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 1, false },
      { EXIT(0) },
      EVENT_LEFT_REST, BASE_US, true, 2 },
    { "there was progress before",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 0, true },
      { CRASH },
      EVENT_LEFT_RENEW, 0, false, 0 },
    { "a response is progress",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 3, false },
      { CRASH, .responses = 1 },
      EVENT_LEFT_RENEW, 0, false, 0 },
    { "a long life is progress",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 3, false },
      { CRASH, .uptime_us = HEALTHY_US },
      EVENT_LEFT_RENEW, 0, false, 0 },
    { "a shorter life is not",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 3, false },
      { CRASH, .uptime_us = HEALTHY_US - 1 },
      EVENT_LEFT_REST, 4 * BASE_US, true, 4 },
    { "killed when it was online",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 1, false },
      { KILL, .was_online = true },
      EVENT_LEFT_RENEW, 0, false, 1 },
    { "killed while it started",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 1, false },
      { KILL },
      EVENT_LEFT_REST, BASE_US, true, 2 },
    { "crashed when it was online",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 1, false },
      { CRASH, .was_online = true },
      EVENT_LEFT_REST, BASE_US, true, 2 },
    { "an end of unknown cause",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 1, false },
      { .reason = { .signal = SIGTERM, .code = -1 }, .cause = CAUSE_UNKNOWN,
        .was_online = true },
      EVENT_LEFT_REST, BASE_US, true, 2 },
    { "a canary killed when it was online",
      RESPAWN_ALWAYS, BREAKER_PROBING, { 1, false },
      { KILL, .was_online = true },
      EVENT_LEFT_REST, BASE_US, true, 2 },
    { "killed while the breaker is open",
      RESPAWN_ALWAYS, BREAKER_OPEN, { 1, false },
      { KILL, .was_online = true },
      EVENT_LEFT_REST, BASE_US, true, 2 },
    { "on-failure, code 0",
      RESPAWN_ON_FAILURE, BREAKER_CLOSED, { 1, false },
      { EXIT(0) },
      EVENT_LEFT_RETIRE, 0, false, 1 },
    { "on-failure, code 1",
      RESPAWN_ON_FAILURE, BREAKER_CLOSED, { 1, false },
      { EXIT(1) },
      EVENT_LEFT_REST, BASE_US, true, 2 },
    { "on-failure, a signal",
      RESPAWN_ON_FAILURE, BREAKER_CLOSED, { 1, false },
      { CRASH },
      EVENT_LEFT_REST, BASE_US, true, 2 },
    { "never",
      RESPAWN_NEVER, BREAKER_CLOSED, { 1, false },
      { CRASH },
      EVENT_LEFT_RETIRE, 0, false, 1 },
    { "a reload replaces also with never",
      RESPAWN_NEVER, BREAKER_CLOSED, { 1, false },
      { EXIT(0), .was_drained = true },
      EVENT_LEFT_RENEW, 0, false, 1 },
    { "a crash during a reload does not count",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 1, false },
      { CRASH, .was_drained = true },
      EVENT_LEFT_RENEW, 0, false, 1 },
    { "the pool is ending",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 1, false },
      { CRASH, .pool_is_ending = true },
      EVENT_LEFT_RETIRE, 0, false, 1 },
    { "the pool is ending during a reload",
      RESPAWN_ALWAYS, BREAKER_CLOSED, { 1, false },
      { EXIT(0), .was_drained = true, .pool_is_ending = true },
      EVENT_LEFT_RETIRE, 0, false, 1 },
};
/* clang-format on */

START_TEST(exit_leads_to_its_decision)
{
    struct restarts restarts = begin(exits[_i].respawn, ON_LOOP_PROBE);
    struct restart_history history = exits[_i].before;
    struct restart_decision decision;

    restarts.intensity.breaker = exits[_i].breaker;
    restarts.intensity.probe_at_us = NOW_US;
    decision = restart_decide(&restarts, &history, &exits[_i].end, NOW_US);
    ck_assert_msg(decision.event == exits[_i].event, "%s: %s",
                  exits[_i].because, worker_event_name(decision.event));
    ck_assert_msg(decision.delay_us == exits[_i].delay_us, "%s: %llu us",
                  exits[_i].because, (unsigned long long)decision.delay_us);
    ck_assert_msg(decision.is_failure == exits[_i].is_failure, "%s",
                  exits[_i].because);
    ck_assert_msg(history.failures == exits[_i].failures, "%s: %u",
                  exits[_i].because, history.failures);
    ck_assert_int_eq(decision.verdict, RESTART_UNCHANGED);
    ck_assert_uint_eq(restarts.intensity.failed_count, decision.is_failure);
}
END_TEST

/* ---- The memory ---- */

static const struct restart_exit crash = { CRASH };

START_TEST(fork_begins_a_life_without_progress)
{
    struct restarts restarts = begin(RESPAWN_ALWAYS, ON_LOOP_PROBE);
    struct restart_history history = { 0 };

    restart_forked(&restarts, &history, NOW_US);
    ck_assert_int_eq(restart_progressed(&restarts, &history),
                     RESTART_UNCHANGED);
    ck_assert(history.progressed);
    restart_forked(&restarts, &history, NOW_US);
    ck_assert(!history.progressed);
    ck_assert(restart_decide(&restarts, &history, &crash, NOW_US).is_failure);
}
END_TEST

START_TEST(only_the_first_progress_of_a_worker_resets_the_count)
{
    struct restarts restarts = begin(RESPAWN_ALWAYS, ON_LOOP_PROBE);
    struct restart_history history = { .failures = 3 };

    restart_progressed(&restarts, &history);
    ck_assert_uint_eq(history.failures, 0);
    history.failures = 2;
    restart_progressed(&restarts, &history);
    ck_assert_uint_eq(history.failures, 2);
}
END_TEST

START_TEST(any_delay_is_a_rest)
{
    struct restarts restarts = begin(RESPAWN_ALWAYS, ON_LOOP_PROBE);
    struct restart_history history = { .failures = 1 };
    struct restart_decision decision;

    restarts.rule.backoff.base_us = 1;
    decision = restart_decide(&restarts, &history, &crash, NOW_US);
    ck_assert_uint_eq(decision.delay_us, 1);
    ck_assert_int_eq(decision.event, EVENT_LEFT_REST);
}
END_TEST

START_TEST(failed_fork_is_delayed_at_least_by_the_base)
{
    struct restarts restarts = begin(RESPAWN_NEVER, ON_LOOP_PROBE);
    struct restart_history history = { .progressed = true };
    const uint64_t delays_us[] = { BASE_US, BASE_US, 2 * BASE_US, 4 * BASE_US };

    for (uint32_t i = 0; i < 4; i++) {
        struct restart_decision decision =
            restart_fork_failed(&restarts, &history, NOW_US);

        ck_assert_int_eq(decision.event, EVENT_FORK_FAILED);
        ck_assert_uint_eq(decision.delay_us, delays_us[i]);
        ck_assert(decision.is_failure);
        ck_assert_uint_eq(history.failures, i + 1);
    }
}
END_TEST

/* Lets workers crash until the verdict says that it is a crash loop. */
static void crash_loop(struct restarts *restarts,
                       struct restart_history *history)
{
    for (int i = 1;; i++) {
        struct restart_decision decision;

        restart_forked(restarts, history, NOW_US);
        decision = restart_decide(restarts, history, &crash, NOW_US);
        ck_assert_int_le(i, LIMIT + 1);
        if (decision.verdict == RESTART_CRASH_LOOP) {
            ck_assert_int_eq(i, LIMIT + 1);
            return;
        }
        ck_assert_int_eq(decision.verdict, RESTART_UNCHANGED);
        ck_assert(!restart_gave_up(restarts));
    }
}

static const bool gives_up[] = {
    [ON_LOOP_PROBE] = false,
    [ON_LOOP_GIVE_UP] = true,
    [ON_LOOP_HOLD] = false,
};

START_TEST(crash_loop_is_reported_once_and_ends_the_pool_with_give_up)
{
    struct restarts restarts = begin(RESPAWN_ALWAYS, (enum on_crash_loop)_i);
    struct restart_history history = { 0 };

    crash_loop(&restarts, &history);
    ck_assert_int_eq(restart_gave_up(&restarts), gives_up[_i]);
    ck_assert_int_eq(
        restart_decide(&restarts, &history, &crash, NOW_US).verdict,
        RESTART_UNCHANGED);
}
END_TEST

START_TEST(progress_of_the_canary_ends_the_crash_loop)
{
    struct restarts restarts = begin(RESPAWN_ALWAYS, ON_LOOP_PROBE);
    struct restart_history history = { 0 };
    const struct restart_exit end = { CRASH, .responses = 1 };
    struct restart_decision decision;

    crash_loop(&restarts, &history);
    restart_forked(&restarts, &history, NOW_US + 500 * MS);
    decision = restart_decide(&restarts, &history, &end, NOW_US + 501 * MS);
    ck_assert_int_eq(decision.verdict, RESTART_RECOVERED);
    ck_assert_int_eq(decision.event, EVENT_LEFT_RENEW);
    ck_assert_int_eq(restarts.intensity.breaker, BREAKER_CLOSED);
}
END_TEST

/* Otherwise the breaker would wait for the canary forever. */
START_TEST(canary_that_is_not_replaced_has_failed)
{
    struct restarts restarts = begin(RESPAWN_ON_FAILURE, ON_LOOP_PROBE);
    struct restart_history history = { 0 };
    const struct restart_exit end = { EXIT(0) };

    crash_loop(&restarts, &history);
    restart_forked(&restarts, &history, NOW_US + 500 * MS);
    ck_assert_int_eq(restarts.intensity.breaker, BREAKER_PROBING);
    restart_decide(&restarts, &history, &end, NOW_US + 501 * MS);
    ck_assert_int_eq(restarts.intensity.breaker, BREAKER_OPEN);
}
END_TEST

START_TEST(worker_that_is_not_replaced_counts_only_as_the_canary)
{
    struct restarts restarts = begin(RESPAWN_NEVER, ON_LOOP_PROBE);
    struct restart_history history = { 0 };

    restart_decide(&restarts, &history, &crash, NOW_US);
    ck_assert_uint_eq(restarts.intensity.failed_count, 0);
    /* Its progress was reported before it ended. */
    restarts.intensity.breaker = BREAKER_PROBING;
    history.progressed = true;
    restart_decide(&restarts, &history, &crash, NOW_US);
    ck_assert_uint_eq(restarts.intensity.failed_count, 0);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("restart");

    tcase_add_loop_test(cases, exit_leads_to_its_decision, 0,
                        sizeof(exits) / sizeof(exits[0]));
    tcase_add_test(cases, fork_begins_a_life_without_progress);
    tcase_add_test(cases, only_the_first_progress_of_a_worker_resets_the_count);
    tcase_add_test(cases, any_delay_is_a_rest);
    tcase_add_test(cases, failed_fork_is_delayed_at_least_by_the_base);
    tcase_add_loop_test(
        cases, crash_loop_is_reported_once_and_ends_the_pool_with_give_up, 0,
        ON_LOOP_KINDS);
    tcase_add_test(cases, progress_of_the_canary_ends_the_crash_loop);
    tcase_add_test(cases, canary_that_is_not_replaced_has_failed);
    tcase_add_test(cases,
                   worker_that_is_not_replaced_counts_only_as_the_canary);
    return run_suite("restart", cases);
}
