/* phase_stats.c - see phase_stats.h. */
#include "chaos/measure/phase_stats.h"

void tally_begin(struct tally *tally, uint64_t now_us)
{
    *tally = (struct tally){ .start_us = now_us, .last_ok_us = now_us };
}

static void note_gap(struct tally *tally, uint64_t until_us)
{
    if (until_us <= tally->last_ok_us)
        return;
    if (until_us - tally->last_ok_us > tally->gap_us) {
        tally->gap_us = until_us - tally->last_ok_us;
        tally->gap_from_us = tally->last_ok_us;
    }
}

void tally_record(struct tally *tally, enum outcome outcome, uint64_t first_us,
                  uint64_t now_us)
{
    ledger_end(&tally->ledger, outcome);
    if (outcome != OUTCOME_OK)
        return;
    histogram_record(&tally->latency,
                     now_us > first_us ? now_us - first_us : 0);
}

void tally_succeed(struct tally *tally, uint64_t now_us)
{
    note_gap(tally, now_us);
    tally->last_ok_us = now_us;
}

void tally_close(struct tally *tally, uint64_t now_us)
{
    note_gap(tally, now_us);
    tally->end_us = now_us;
}

struct figures tally_figures(const struct tally *tally)
{
    const struct ledger *ledger = &tally->ledger;

    return (struct figures){
        .requests = ledger_ended(ledger),
        .ok = ledger->ended[OUTCOME_OK],
        .lost = ledger_lost(ledger),
        .unproven = ledger->unproven,
        .server_errors = ledger->ended[OUTCOME_SERVER_ERROR],
        .other_status = ledger->ended[OUTCOME_OTHER_STATUS],
        .not_sent = ledger->ended[OUTCOME_NOT_SENT],
        .p50_us = histogram_quantile(&tally->latency, 0.5),
        .p99_us = histogram_quantile(&tally->latency, 0.99),
        .p999_us = histogram_quantile(&tally->latency, 0.999),
        .gap_us = tally->gap_us,
        .lateness_p99_us = histogram_quantile(&tally->lateness, 0.99),
        .balanced = ledger_balanced(ledger),
    };
}
