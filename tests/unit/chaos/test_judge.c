/* test_judge.c - what a trial comes to where answers of unknown length ended
 * with their connection. */
#include "chaos/runner/judge.h"
#include "tests/harness/run_suite.h"

#define STEADY 0
#define STORM  1
#define AFTER  2

/* Ten requests in each phase; these may be cut, those are lost. */
static const struct {
    const char *because;
    uint64_t unproven[TRIAL_MEASURED], lost[TRIAL_MEASURED];
    enum verdict_outcome colour;
} rows[] = {
    { "all is known", { 0 }, { 0 }, VERDICT_PASS },
    { "before", { [STEADY] = 1 }, { 0 }, VERDICT_INCONCLUSIVE },
    { "with faults", { [STORM] = 1 }, { 0 }, VERDICT_INCONCLUSIVE },
    { "in all phases", { 10, 10, 10 }, { 0 }, VERDICT_INCONCLUSIVE },
    { "lost with faults, unknown before",
      { [STEADY] = 1 },
      { [STORM] = 1 },
      VERDICT_FAIL },
    { "lost with faults, unknown afterwards",
      { [AFTER] = 1 },
      { [STORM] = 1 },
      VERDICT_FAIL },
    { "lost before", { [AFTER] = 1 }, { [STEADY] = 1 }, VERDICT_INCONCLUSIVE },
};

START_TEST(a_loss_counts_and_what_is_not_known_voids_the_rest)
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
    ck_assert_msg(judgement.outcome == rows[_i].colour, "%s: %s",
                  rows[_i].because, verdict_name(judgement.outcome));
    ck_assert((judgement.because != NULL) ==
              (judgement.outcome == VERDICT_INCONCLUSIVE));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("judge");

    tcase_add_loop_test(cases,
                        a_loss_counts_and_what_is_not_known_voids_the_rest, 0,
                        ROWS(rows));
    return run_suite("judge", cases);
}
