/* SPDX-License-Identifier: MIT */
/* phase_stats.c - see phase_stats.h. */
#include "chaos/measure/phase_stats.h"

void phase_stats_begin(struct phase_stats *phase_stats, uint64_t now_us)
{
    *phase_stats =
        (struct phase_stats){ .start_us = now_us, .last_ok_us = now_us };
}

static void note_gap(struct phase_stats *phase_stats, uint64_t until_us)
{
    if (until_us <= phase_stats->last_ok_us)
        return;
    if (until_us - phase_stats->last_ok_us > phase_stats->gap_us) {
        phase_stats->gap_us = until_us - phase_stats->last_ok_us;
        phase_stats->gap_from_us = phase_stats->last_ok_us;
    }
}

void phase_stats_record(struct phase_stats *phase_stats, enum outcome outcome,
                        uint64_t first_us, uint64_t now_us)
{
    ledger_end(&phase_stats->ledger, outcome);
    if (outcome != OUTCOME_OK)
        return;
    histogram_record(&phase_stats->latency,
                     now_us > first_us ? now_us - first_us : 0);
}

void phase_stats_succeed(struct phase_stats *phase_stats, uint64_t now_us)
{
    note_gap(phase_stats, now_us);
    phase_stats->last_ok_us = now_us;
}

void phase_stats_close(struct phase_stats *phase_stats, uint64_t now_us)
{
    note_gap(phase_stats, now_us);
    phase_stats->end_us = now_us;
}

struct figures phase_stats_figures(const struct phase_stats *phase_stats)
{
    const struct request_outcomes *ledger = &phase_stats->ledger;

    return (struct figures){
        .requests = ledger_ended(ledger),
        .ok = ledger->ended[OUTCOME_OK],
        .lost = ledger_lost(ledger),
        .unproven = ledger->unproven,
        .server_errors = ledger->ended[OUTCOME_SERVER_ERROR],
        .other_status = ledger->ended[OUTCOME_OTHER_STATUS],
        .not_sent = ledger->ended[OUTCOME_NOT_SENT],
        .p50_us = histogram_quantile(&phase_stats->latency, 0.5),
        .p99_us = histogram_quantile(&phase_stats->latency, 0.99),
        .p999_us = histogram_quantile(&phase_stats->latency, 0.999),
        .gap_us = phase_stats->gap_us,
        .lateness_p99_us = histogram_quantile(&phase_stats->lateness, 0.99),
        .balanced = ledger_balanced(ledger),
    };
}
