/* SPDX-License-Identifier: MIT */
/* test_retry.c - whether a dead worker's request is retried. */
#include "supervisor/policy/retry.h"
#include "tests/harness/run_suite.h"

#define MAX_ATTEMPTS 2
#define MAX_KILLS    20

static const struct retry_limits limits = { MAX_ATTEMPTS, MAX_KILLS };

#define EMPTY     RECORD_EMPTY, false
#define PARSING   RECORD_PARSING, false
#define GET       RECORD_HANDLING, true
#define POST      RECORD_HANDLING, false
#define COMMITTED RECORD_COMMITTED, false
#define CLOSING   RECORD_CLOSING, false
#define NO_STATE  RECORD_STATES, false

/* clang-format off */
static const struct {
    const char *because;
    uint8_t attempts, kills; /* before this death */
    enum record_state state;
    bool repeatable;
    enum retry_blame blame;
    enum retry_verdict verdict;
    uint8_t attempts_after, kills_after;
} deaths[] = {
    { "idle: nothing to decide",                 0,  0, EMPTY,
      BLAME_NONE,    RETRY_CONTINUE,          0,  0 },
    { "idle: no request to blame",               0,  0, EMPTY,
      BLAME_REQUEST, RETRY_CONTINUE,          0,  0 },

    { "parsing: another request crashed",        0,  0, PARSING,
      BLAME_NONE,    RETRY_CONTINUE,          0,  0 },
    { "parsing: a kill",                         0,  0, PARSING,
      BLAME_OUTSIDE, RETRY_CONTINUE,          0,  1 },
    { "parsing: a crash",                        0,  0, PARSING,
      BLAME_REQUEST, RETRY_ALONE,          1,  0 },
    { "parsing: the second crash",               1,  0, PARSING,
      BLAME_REQUEST, RETRY_REFUSE_POISON,  2,  0 },
    { "parsing: the last kill",                  0, 19, PARSING,
      BLAME_OUTSIDE, RETRY_REFUSE_KILLED,  0, 20 },

    { "GET: another request crashed",            0,  0, GET,
      BLAME_NONE,    RETRY_CONTINUE,          0,  0 },
    { "GET: a kill",                             0,  0, GET,
      BLAME_OUTSIDE, RETRY_CONTINUE,          0,  1 },
    { "GET: a crash",                            0,  0, GET,
      BLAME_REQUEST, RETRY_ALONE,          1,  0 },
    { "GET: a kill after a crash",               1,  0, GET,
      BLAME_OUTSIDE, RETRY_ALONE,          1,  1 },
    { "GET: another crashed after its crash",    1,  0, GET,
      BLAME_NONE,    RETRY_ALONE,          1,  0 },
    { "GET: the second crash",                   1,  7, GET,
      BLAME_REQUEST, RETRY_REFUSE_POISON,  2,  7 },
    { "GET: the last kill that is allowed",      0, 18, GET,
      BLAME_OUTSIDE, RETRY_CONTINUE,          0, 19 },
    { "GET: one kill too many",                  0, 19, GET,
      BLAME_OUTSIDE, RETRY_REFUSE_KILLED,  0, 20 },

    { "POST: a planned exit",                    0,  0, POST,
      BLAME_NONE,    RETRY_REFUSE_UNSAFE,  0,  0 },
    { "POST: a kill",                            0,  0, POST,
      BLAME_OUTSIDE, RETRY_REFUSE_UNSAFE,  0,  1 },
    { "POST: a crash",                           0,  0, POST,
      BLAME_REQUEST, RETRY_REFUSE_UNSAFE,  1,  0 },
    { "POST: the second crash",                  1,  0, POST,
      BLAME_REQUEST, RETRY_REFUSE_POISON,  2,  0 },

    { "response: a planned exit",                0,  0, COMMITTED,
      BLAME_NONE,    RETRY_CONTINUE,          0,  0 },
    { "response: a kill",                        0,  0, COMMITTED,
      BLAME_OUTSIDE, RETRY_CONTINUE,          0,  1 },
    { "response: a crash",                       0,  0, COMMITTED,
      BLAME_REQUEST, RETRY_ALONE,          1,  0 },
    { "response: the second crash",              1,  0, COMMITTED,
      BLAME_REQUEST, RETRY_ALONE,          2,  0 },
    { "response: the third crash",               2,  0, COMMITTED,
      BLAME_REQUEST, RETRY_DROP,           3,  0 },
    { "response: the last kill that is allowed", 0, 19, COMMITTED,
      BLAME_OUTSIDE, RETRY_CONTINUE,          0, 20 },
    { "response: one kill too many",             0, 20, COMMITTED,
      BLAME_OUTSIDE, RETRY_DROP,           0, 21 },

    { "closing: a planned exit",                 0,  0, CLOSING,
      BLAME_NONE,    RETRY_CLOSE,          0,  0 },
    { "closing: no request to blame",            1,  1, CLOSING,
      BLAME_REQUEST, RETRY_CLOSE,          1,  1 },
    { "an invalid state",                        0,  0, NO_STATE,
      BLAME_NONE,    RETRY_DROP,           0,  0 },
};
/* clang-format on */

START_TEST(verdict_follows_state_history_and_blame)
{
    struct retry_history history = { deaths[_i].attempts, deaths[_i].kills };
    enum retry_verdict verdict =
        retry_decide(&limits, &history, deaths[_i].state, deaths[_i].repeatable,
                     deaths[_i].blame);

    ck_assert_msg(verdict == deaths[_i].verdict, "%s: want %d, got %d",
                  deaths[_i].because, (int)deaths[_i].verdict, (int)verdict);
    ck_assert_msg(history.attempts == deaths[_i].attempts_after &&
                      history.kills == deaths[_i].kills_after,
                  "%s: counted %d attempts, %d kills", deaths[_i].because,
                  history.attempts, history.kills);
}
END_TEST

static bool is_retried(enum retry_verdict verdict)
{
    return verdict == RETRY_CONTINUE || verdict == RETRY_ALONE;
}

START_TEST(unrepeatable_request_never_runs_twice)
{
    for (unsigned attempts = 0; attempts < 256; attempts++)
        for (unsigned kills = 0; kills < 256; kills++)
            for (int blame = BLAME_NONE; blame <= BLAME_REQUEST; blame++) {
                struct retry_history history = { (uint8_t)attempts,
                                                 (uint8_t)kills };

                ck_assert(!is_retried(retry_decide(&limits, &history, POST,
                                                   (enum retry_blame)blame)));
            }
}
END_TEST

START_TEST(kills_from_outside_do_not_make_a_request_poison)
{
    struct retry_history history = { 0, 0 };

    for (int i = 1; i < MAX_KILLS; i++)
        ck_assert_int_eq(
            (int)retry_decide(&limits, &history, GET, BLAME_OUTSIDE),
            RETRY_CONTINUE);
    ck_assert_int_eq((int)retry_decide(&limits, &history, GET, BLAME_OUTSIDE),
                     RETRY_REFUSE_KILLED);
}
END_TEST

START_TEST(request_without_blame_is_retried_without_limit)
{
    struct retry_history history = { 0, 0 };

    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq((int)retry_decide(&limits, &history, GET, BLAME_NONE),
                         RETRY_CONTINUE);
    ck_assert_int_eq(history.attempts + history.kills, 0);
}
END_TEST

static const enum record_state started[] = { RECORD_PARSING, RECORD_HANDLING,
                                             RECORD_COMMITTED };

START_TEST(blamed_request_is_not_retried_forever)
{
    struct retry_limits max = { UINT8_MAX - 1, UINT8_MAX - 1 };
    struct retry_history history = { 0, 0 };
    int cost = 1;

    while (is_retried(retry_decide(&max, &history, started[_i], true,
                                   cost % 2 ? BLAME_REQUEST : BLAME_OUTSIDE)))
        ck_assert_int_lt(cost++, 2 * UINT8_MAX);
}
END_TEST

START_TEST(counts_saturate)
{
    struct retry_history history = { UINT8_MAX, UINT8_MAX };

    retry_decide(&limits, &history, GET, BLAME_REQUEST);
    retry_decide(&limits, &history, GET, BLAME_OUTSIDE);
    ck_assert_int_eq(history.attempts, UINT8_MAX);
    ck_assert_int_eq(history.kills, UINT8_MAX);
}
END_TEST

/* Returns whether retry_is_stuck() was true for one of `count` deaths. */
static bool die(struct retry_standstill *standstill, uint32_t mark, int count)
{
    bool stuck = false;

    while (count-- > 0)
        stuck |= retry_is_stuck(standstill, mark);
    return stuck;
}

START_TEST(deaths_without_progress_are_limited)
{
    struct retry_standstill standstill = { 0, 0 };
    uint32_t mark = _i ? UINT32_MAX : 0;

    ck_assert(!die(&standstill, mark, RETRY_STUCK_DEATHS - 1));
    ck_assert(retry_is_stuck(&standstill, mark));
}
END_TEST

START_TEST(progress_resets_the_limit)
{
    struct retry_standstill standstill = { 0, 0 };

    for (uint32_t mark = 0; mark < 100; mark++)
        ck_assert(!die(&standstill, mark, RETRY_STUCK_DEATHS - 1));
    ck_assert(retry_is_stuck(&standstill, 99));
}
END_TEST

START_TEST(count_starts_again_after_the_verdict)
{
    struct retry_standstill standstill = { 0, 0 };

    ck_assert(die(&standstill, 7, RETRY_STUCK_DEATHS));
    ck_assert(!die(&standstill, 7, RETRY_STUCK_DEATHS - 1));
    ck_assert(retry_is_stuck(&standstill, 7));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("retry");

    tcase_add_loop_test(cases, verdict_follows_state_history_and_blame, 0,
                        ROWS(deaths));
    tcase_add_test(cases, unrepeatable_request_never_runs_twice);
    tcase_add_test(cases, kills_from_outside_do_not_make_a_request_poison);
    tcase_add_test(cases, request_without_blame_is_retried_without_limit);
    tcase_add_loop_test(cases, blamed_request_is_not_retried_forever, 0,
                        ROWS(started));
    tcase_add_test(cases, counts_saturate);
    tcase_add_loop_test(cases, deaths_without_progress_are_limited, 0, 2);
    tcase_add_test(cases, progress_resets_the_limit);
    tcase_add_test(cases, count_starts_again_after_the_verdict);
    return run_suite("retry", cases);
}
