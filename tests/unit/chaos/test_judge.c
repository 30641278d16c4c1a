/* SPDX-License-Identifier: MIT */
/* test_judge.c - outcome of a trial with responses that may be truncated: their
 * length is unknown, and they ended with the connection. */
#include "chaos/trial/judge.h"
#include "tests/harness/run_suite.h"

#define BASELINE 0
#define FAULT    1
#define RECOVERY 2

/* Of the ten requests in each phase. */
static const struct {
    const char *because;
    uint64_t unproven[TRIAL_MEASURED], lost[TRIAL_MEASURED];
    enum verdict_outcome outcome;
} rows[] = {
    { "all responses are proven", { 0 }, { 0 }, VERDICT_PASS },
    { "unproven in the baseline",
      { [BASELINE] = 1 },
      { 0 },
      VERDICT_INCONCLUSIVE },
    { "unproven in the fault phase",
      { [FAULT] = 1 },
      { 0 },
      VERDICT_INCONCLUSIVE },
    { "unproven in all phases", { 10, 10, 10 }, { 0 }, VERDICT_INCONCLUSIVE },
    { "lost in the fault phase, unproven in the baseline",
      { [BASELINE] = 1 },
      { [FAULT] = 1 },
      VERDICT_FAIL },
    { "lost in the fault phase, unproven in the recovery",
      { [RECOVERY] = 1 },
      { [FAULT] = 1 },
      VERDICT_FAIL },
    { "lost in the baseline, unproven in the recovery",
      { [RECOVERY] = 1 },
      { [BASELINE] = 1 },
      VERDICT_INCONCLUSIVE },
};

START_TEST(loss_fails_a_trial_and_unproven_responses_make_it_inconclusive)
{
    static const struct trial_options options;
    static struct trial trial;
    struct hypothesis hypothesis = HYPOTHESIS_NONE;
    struct judgement judgement = { .outcome = VERDICT_PASS };

    hypothesis.lost = 0;
    trial = (struct trial){ .options = &options, .end = TRIAL_COMPLETE };
    for (int i = 0; i < TRIAL_MEASURED; i++) {
        struct request_outcomes *ledger = &trial.phase_stats[i].ledger;

        for (uint64_t n = 0; n < 10; n++) {
            ledger_begin(ledger);
            ledger_end(ledger,
                       n < rows[_i].lost[i] ? OUTCOME_TRUNCATED : OUTCOME_OK);
        }
        for (uint64_t n = 0; n < rows[_i].unproven[i]; n++)
            ledger_doubt(ledger);
    }
    judge_trial(&judgement, &hypothesis, &trial);
    ck_assert_msg(judgement.outcome == rows[_i].outcome, "%s: %s",
                  rows[_i].because, verdict_name(judgement.outcome));
    ck_assert((judgement.because != NULL) ==
              (judgement.outcome == VERDICT_INCONCLUSIVE));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("judge");

    tcase_add_loop_test(
        cases, loss_fails_a_trial_and_unproven_responses_make_it_inconclusive,
        0, ROWS(rows));
    return run_suite("judge", cases);
}
