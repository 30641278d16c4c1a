/* judge.c - see judge.h. */
#include "chaos/runner/judge.h"

static void spoil(struct judgement *judgement, enum verdict_outcome colour,
                  const char *because)
{
    if (judgement->outcome == VERDICT_INCONCLUSIVE)
        return;
    if (colour != VERDICT_PASS)
        judgement->outcome = colour;
    if (because)
        judgement->because = because;
}

static void judge_phases(struct judgement *judgement,
                         const struct hypothesis *hypothesis,
                         const struct trial *trial)
{
    const char *undecided = NULL;

    for (int i = 0; i < TRIAL_MEASURED; i++) {
        enum trial_phase phase = (enum trial_phase)(TRIAL_BASELINE + i);
        const struct phase_stats *phase_stats = &trial->phase_stats[i];
        struct figures figures = phase_stats_figures(phase_stats);

        if (phase_stats->ledger.begun == 0)
            continue;
        judgement->measured[i] = true;
        judgement->verdicts[i] = verdict_reach(hypothesis, &figures);
        if (phase == TRIAL_BASELINE &&
            judgement->verdicts[i].outcome == VERDICT_FAIL)
            spoil(judgement, VERDICT_INCONCLUSIVE,
                  "the steady state was never reached: without faults the "
                  "hypothesis did not hold either");
        else if (judgement->verdicts[i].undecided)
            undecided = judgement->verdicts[i].because;
        else
            spoil(judgement, judgement->verdicts[i].outcome,
                  judgement->verdicts[i].because);
    }
    /* What is lost in one phase is lost, whatever is not known of another. */
    if (undecided && judgement->outcome == VERDICT_PASS)
        spoil(judgement, VERDICT_INCONCLUSIVE, undecided);
}

/* Of the faults that injection processes. */
static void judge_injections(struct judgement *judgement,
                             const struct trial *trial)
{
    const struct monkey *monkey = trial->fault_injector.monkey;

    if (!monkey)
        return;
    if (monkey->lost_root && !trial->options->exit_ok)
        spoil(judgement, VERDICT_FAIL, "the target itself ended");
    /* That the client was late, say, is no more why. */
    if (monkey->hits == 0 && trial->end == TRIAL_COMPLETE &&
        judgement->outcome != VERDICT_FAIL) {
        judgement->outcome = VERDICT_INCONCLUSIVE;
        judgement->because =
            "no fault met anybody: nothing was put to the test";
    }
}

static void judge_end(struct judgement *judgement, const struct trial *trial)
{
    const struct log_totals *totals = &trial->worker_stats.totals;

    switch (trial->end) {
    case TRIAL_COMPLETE:
        break;
    case TRIAL_INTERRUPTED:
        spoil(judgement, VERDICT_INCONCLUSIVE, "interrupted before its time");
        break;
    case TRIAL_NOT_STEADY:
        spoil(judgement, VERDICT_INCONCLUSIVE,
              "the steady state was never reached");
        break;
    case TRIAL_NOT_STARTED:
        spoil(judgement, VERDICT_INCONCLUSIVE,
              "the target could not be started");
        break;
    case TRIAL_NEVER_READY:
        spoil(judgement, VERDICT_INCONCLUSIVE,
              "the target took no connections in time");
        break;
    case TRIAL_NO_SLOT: /* why also nothing else came of it */
        judgement->outcome = VERDICT_INCONCLUSIVE;
        judgement->because =
            "a fault wants a slot that the target's log does not tell of (the "
            "supervisor's does, with --log-format json)";
        break;
    case TRIAL_TARGET_DIED:
        if (!trial->options->exit_ok)
            spoil(judgement, VERDICT_FAIL, "the target itself ended");
        break;
    }
    if (judgement->aborted)
        spoil(judgement, VERDICT_FAIL, "aborted: it had become too bad");
    if (totals->known && !totals->balanced)
        spoil(judgement, VERDICT_FAIL, "the target's own totals do not add up");
}

void judge_trial(struct judgement *judgement,
                 const struct hypothesis *hypothesis, const struct trial *trial)
{
    judge_phases(judgement, hypothesis, trial);
    judge_injections(judgement, trial);
    judge_end(judgement, trial);
}
