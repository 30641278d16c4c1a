/* SPDX-License-Identifier: MIT */
/* judge.c - see judge.h. */
#include "chaos/trial/judge.h"

/* INCONCLUSIVE is final; otherwise the last failure and reason count. */
static void worsen(struct judgement *judgement, enum verdict_outcome outcome,
                   const char *because)
{
    if (judgement->outcome == VERDICT_INCONCLUSIVE)
        return;
    if (outcome != VERDICT_PASS)
        judgement->outcome = outcome;
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
            worsen(judgement, VERDICT_INCONCLUSIVE,
                   "the steady state was never reached: the hypothesis did not "
                   "hold without faults either");
        else if (judgement->verdicts[i].undecided)
            undecided = judgement->verdicts[i].because;
        else
            worsen(judgement, judgement->verdicts[i].outcome,
                   judgement->verdicts[i].because);
    }
    /* A loss in one phase counts, even if another phase is undecided. */
    if (undecided && judgement->outcome == VERDICT_PASS)
        worsen(judgement, VERDICT_INCONCLUSIVE, undecided);
}

static void judge_injections(struct judgement *judgement,
                             const struct trial *trial)
{
    const struct monkey *monkey = trial->fault_injector.monkey;

    if (!monkey)
        return;
    if (monkey->lost_root && !trial->options->exit_ok)
        worsen(judgement, VERDICT_FAIL, "the target itself ended");
    /* This replaces other reasons for an inconclusive outcome. */
    if (monkey->hits == 0 && trial->end == TRIAL_COMPLETE &&
        judgement->outcome != VERDICT_FAIL) {
        judgement->outcome = VERDICT_INCONCLUSIVE;
        judgement->because = "no fault hit a process: nothing was tested";
    }
}

static void judge_end(struct judgement *judgement, const struct trial *trial)
{
    const struct log_totals *totals = &trial->worker_stats.totals;

    switch (trial->end) {
    case TRIAL_COMPLETE:
        break;
    case TRIAL_INTERRUPTED:
        worsen(judgement, VERDICT_INCONCLUSIVE, "interrupted before its end");
        break;
    case TRIAL_NOT_STEADY:
        worsen(judgement, VERDICT_INCONCLUSIVE,
               "the steady state was never reached");
        break;
    case TRIAL_NOT_STARTED:
        worsen(judgement, VERDICT_INCONCLUSIVE,
               "the target could not be started");
        break;
    case TRIAL_NEVER_READY:
        worsen(judgement, VERDICT_INCONCLUSIVE,
               "the target accepted no connection in time");
        break;
    case TRIAL_NO_SLOT: /* replaces the reasons that follow from it */
        judgement->outcome = VERDICT_INCONCLUSIVE;
        judgement->because =
            "a fault requires a slot that the target's log does not name (the "
            "supervisor logs slots with --log-format json)";
        break;
    case TRIAL_TARGET_DIED:
        if (!trial->options->exit_ok)
            worsen(judgement, VERDICT_FAIL, "the target itself ended");
        break;
    }
    if (judgement->aborted)
        worsen(judgement, VERDICT_FAIL,
               "aborted: a limit of [abort] was exceeded");
    if (totals->were_logged && !totals->balanced)
        worsen(judgement, VERDICT_FAIL, "the target's totals do not add up");
}

void judge_trial(struct judgement *judgement,
                 const struct hypothesis *hypothesis, const struct trial *trial)
{
    judge_phases(judgement, hypothesis, trial);
    judge_injections(judgement, trial);
    judge_end(judgement, trial);
}
