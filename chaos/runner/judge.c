/* judge.c - see judge.h. */
#include "chaos/runner/judge.h"

static void spoil(struct judgement *judgement, enum verdict_colour colour,
                  const char *because)
{
    if (judgement->colour == VERDICT_VOID)
        return;
    if (colour != VERDICT_GREEN)
        judgement->colour = colour;
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
        const struct tally *tally = &trial->tallies[i];
        struct figures figures = tally_figures(tally);

        if (tally->ledger.begun == 0)
            continue;
        judgement->measured[i] = true;
        judgement->verdicts[i] = verdict_reach(hypothesis, &figures);
        if (phase == TRIAL_BASELINE &&
            judgement->verdicts[i].colour == VERDICT_RED)
            spoil(judgement, VERDICT_VOID,
                  "the steady state was never reached: without faults the "
                  "hypothesis did not hold either");
        else if (judgement->verdicts[i].undecided)
            undecided = judgement->verdicts[i].because;
        else
            spoil(judgement, judgement->verdicts[i].colour,
                  judgement->verdicts[i].because);
    }
    /* What is lost in one phase is lost, whatever is not known of another. */
    if (undecided && judgement->colour == VERDICT_GREEN)
        spoil(judgement, VERDICT_VOID, undecided);
}

/* Of the faults that injection processes. */
static void judge_injections(struct judgement *judgement,
                             const struct trial *trial)
{
    const struct monkey *monkey = trial->fault_injector.monkey;

    if (!monkey)
        return;
    if (monkey->lost_root && !trial->options->exit_ok)
        spoil(judgement, VERDICT_RED, "the target itself ended");
    /* That the client was late, say, is no more why. */
    if (monkey->hits == 0 && trial->end == TRIAL_COMPLETE &&
        judgement->colour != VERDICT_RED) {
        judgement->colour = VERDICT_VOID;
        judgement->because =
            "no fault met anybody: nothing was put to the test";
    }
}

static void judge_end(struct judgement *judgement, const struct trial *trial)
{
    const struct totals *totals = &trial->census.totals;

    switch (trial->end) {
    case TRIAL_COMPLETE:
        break;
    case TRIAL_INTERRUPTED:
        spoil(judgement, VERDICT_VOID, "interrupted before its time");
        break;
    case TRIAL_NOT_STEADY:
        spoil(judgement, VERDICT_VOID, "the steady state was never reached");
        break;
    case TRIAL_NOT_STARTED:
        spoil(judgement, VERDICT_VOID, "the target could not be started");
        break;
    case TRIAL_NEVER_READY:
        spoil(judgement, VERDICT_VOID,
              "the target took no connections in time");
        break;
    case TRIAL_NO_SLOT: /* why also nothing else came of it */
        judgement->colour = VERDICT_VOID;
        judgement->because =
            "a fault wants a slot that the target's log does not tell of (the "
            "supervisor's does, with --log-format json)";
        break;
    case TRIAL_TARGET_DIED:
        if (!trial->options->exit_ok)
            spoil(judgement, VERDICT_RED, "the target itself ended");
        break;
    }
    if (judgement->aborted)
        spoil(judgement, VERDICT_RED, "aborted: it had become too bad");
    if (totals->known && !totals->balanced)
        spoil(judgement, VERDICT_RED, "the target's own totals do not add up");
}

void judge_trial(struct judgement *judgement,
                 const struct hypothesis *hypothesis, const struct trial *trial)
{
    judge_phases(judgement, hypothesis, trial);
    judge_injections(judgement, trial);
    judge_end(judgement, trial);
}
