/* SPDX-License-Identifier: MIT */
/* phase_stats_json.c - see phase_stats_json.h. */
#include "chaos/report/phase_stats_json.h"
#include "chaos/report/run_record.h"
#include <math.h>
#include <string.h>

static void add(cJSON *object, const char *name, uint64_t value)
{
    cJSON_AddNumberToObject(object, name, (double)value);
}

void run_json_add_text(cJSON *object, const char *name, const char *text)
{
    if (text && *text)
        cJSON_AddStringToObject(object, name, text);
    else
        cJSON_AddNullToObject(object, name);
}

void run_json_add_unless_negative(cJSON *object, const char *name,
                                  int64_t value)
{
    if (value >= 0)
        cJSON_AddNumberToObject(object, name, (double)value);
    else
        cJSON_AddNullToObject(object, name);
}

/* Without responses the latencies are null, not 0. */
static void add_nothing(cJSON *latency)
{
    static const char *const names[] = { "mean", "p50",   "p90",
                                         "p99",  "p99.9", "max" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        cJSON_AddNullToObject(latency, names[i]);
}

static void add_latency(cJSON *object, const char *name,
                        const struct histogram *histogram)
{
    cJSON *latency = cJSON_AddObjectToObject(object, name);

    add(latency, "count", histogram->count);
    if (histogram->count == 0) {
        add_nothing(latency);
        return;
    }
    cJSON_AddNumberToObject(latency, "mean", histogram_mean(histogram));
    add(latency, "p50", histogram_quantile(histogram, 0.5));
    add(latency, "p90", histogram_quantile(histogram, 0.9));
    add(latency, "p99", histogram_quantile(histogram, 0.99));
    add(latency, "p99.9", histogram_quantile(histogram, 0.999));
    add(latency, "max", histogram->max_us);
}

cJSON *json_of_phase_stats(const struct phase_stats *phase_stats)
{
    const struct request_outcomes *ledger = &phase_stats->ledger;
    cJSON *object = cJSON_CreateObject();
    cJSON *classes;

    add(object, "requests", ledger->begun);
    add(object, "intended", ledger_intended(ledger));
    add(object, "retries", ledger->retries);
    add(object, "retries_denied", ledger->denied);
    add(object, "withdrawn", ledger->withdrawn);
    add(object, "ok", ledger->ended[OUTCOME_OK]);
    add(object, "unproven", ledger->unproven);
    add(object, "lost", ledger_lost(ledger));
    classes = cJSON_AddObjectToObject(object, "classes");
    for (int i = 0; i < OUTCOMES; i++)
        add(classes, outcome_key((enum outcome)i), ledger->ended[i]);
    cJSON_AddBoolToObject(object, "balanced", ledger_balanced(ledger));
    cJSON_AddNumberToObject(object, "availability",
                            ledger_availability(ledger));
    cJSON_AddNumberToObject(object, "goodput", ledger_goodput(ledger));
    add(object, "duration_us", phase_stats->end_us - phase_stats->start_us);
    add(object, "longest_gap_us", phase_stats->gap_us);
    add_latency(object, "latency_us", &phase_stats->latency);
    add_latency(object, "lateness_us", &phase_stats->lateness);
    return object;
}

cJSON *json_of_verdict(const struct verdict *verdict)
{
    static const char *const outcomes[] = { [VERDICT_PASS] = "pass",
                                            [VERDICT_FAIL] = "fail",
                                            [VERDICT_INCONCLUSIVE] =
                                                "inconclusive" };
    cJSON *object = cJSON_CreateObject();
    cJSON *findings;

    cJSON_AddStringToObject(object, "outcome", outcomes[verdict->outcome]);
    run_json_add_text(object, "because", verdict->because);
    findings = cJSON_AddArrayToObject(object, "findings");
    for (uint32_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        cJSON *item = cJSON_CreateObject();

        cJSON_AddStringToObject(item, "claim", claim_name(finding->claim));
        cJSON_AddNumberToObject(item, "limit", finding->limit);
        cJSON_AddNumberToObject(item, "measured", finding->measured);
        cJSON_AddBoolToObject(item, "held", finding->held);
        cJSON_AddItemToArray(findings, item);
    }
    return object;
}

const char *json_finding_words(char *buffer, size_t size, const cJSON *finding)
{
    struct finding parsed = { .limit = run_number(finding, "limit"),
                              .measured = NAN };

    if (!cJSON_IsNull(run_get(finding, "measured")))
        parsed.measured = run_number(finding, "measured");
    for (int i = 0; i < CLAIMS; i++)
        if (strcmp(claim_name((enum claim)i), run_text(finding, "claim")) == 0)
            parsed.claim = (enum claim)i;
    return finding_write(buffer, size, &parsed);
}
