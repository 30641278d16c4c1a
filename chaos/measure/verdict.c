/* SPDX-License-Identifier: MIT */
/* verdict.c - see verdict.h. */
#include "chaos/measure/verdict.h"
#include "chaos/measure/format.h"
#include <math.h>
#include <stdio.h>

static void find(struct verdict *verdict, enum claim claim, double limit,
                 double measured, bool held)
{
    verdict->findings[verdict->finding_count++] = (struct finding){
        .claim = claim, .limit = limit, .measured = measured, .held = held
    };
    if (!held && verdict->outcome == VERDICT_PASS)
        verdict->outcome = VERDICT_FAIL;
}

static void find_at_most(struct verdict *verdict, enum claim claim,
                         uint64_t limit, uint64_t measured)
{
    if (limit != VERDICT_NO_LIMIT)
        find(verdict, claim, (double)limit, (double)measured,
             measured <= limit);
}

/* A claim about latency does not hold if nothing was answered. */
static void find_latency(struct verdict *verdict, enum claim claim,
                         uint64_t limit, uint64_t measured, bool known)
{
    if (limit != VERDICT_NO_LIMIT)
        find(verdict, claim, (double)limit, known ? (double)measured : NAN,
             known && measured <= limit);
}

uint64_t verdict_lateness_limit_us(const struct hypothesis *hypothesis)
{
    const uint64_t claims[] = { hypothesis->p50_us, hypothesis->p99_us,
                                hypothesis->p999_us, hypothesis->gap_us };
    uint64_t limit_us = VERDICT_LATENESS_US_MAX;

    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++)
        if (claims[i] / 4 < limit_us)
            limit_us = claims[i] / 4;
    return limit_us > VERDICT_LATENESS_US_MIN ? limit_us
                                              : VERDICT_LATENESS_US_MIN;
}

/* Whether a claim failed that does not depend on time. */
static bool count_breached(const struct verdict *verdict)
{
    for (uint32_t i = 0; i < verdict->finding_count; i++)
        if (!verdict->findings[i].held &&
            verdict->findings[i].claim <= CLAIM_SERVER_ERRORS)
            return true;
    return false;
}

static const char *why_inconclusive(const struct verdict *verdict,
                                    const struct hypothesis *hypothesis,
                                    const struct figures *figures)
{
    if (!figures->balanced)
        return "the client's outcomes do not add up to its requests";
    if (figures->requests == 0)
        return "no request was sent";
    if (figures->lateness_p99_us > verdict_lateness_limit_us(hypothesis) &&
        !count_breached(verdict))
        return "the client itself was the bottleneck: it sent more than 1 in "
               "100 "
               "requests too late to measure times";
    return NULL;
}

/* Whether the claims would fail if all unproven responses were truncated. */
static bool is_undecided(const struct hypothesis *hypothesis,
                         const struct figures *figures)
{
    double proven = (double)(figures->ok - figures->unproven);

    return figures->unproven > 0 &&
           (proven < hypothesis->availability * (double)figures->requests ||
            (hypothesis->lost != VERDICT_NO_LIMIT &&
             figures->lost + figures->unproven > hypothesis->lost));
}

struct verdict verdict_reach(const struct hypothesis *hypothesis,
                             const struct figures *figures)
{
    struct verdict verdict = { .outcome = VERDICT_PASS };
    bool answered = figures->ok > 0;

    if (hypothesis->availability > 0) {
        double measured = figures->requests
                              ? (double)figures->ok / (double)figures->requests
                              : 0;

        find(&verdict, CLAIM_AVAILABILITY, hypothesis->availability, measured,
             measured >= hypothesis->availability);
    }
    find_at_most(&verdict, CLAIM_LOST, hypothesis->lost, figures->lost);
    find_at_most(&verdict, CLAIM_SERVER_ERRORS, hypothesis->server_errors,
                 figures->server_errors);
    find_latency(&verdict, CLAIM_P50, hypothesis->p50_us, figures->p50_us,
                 answered);
    find_latency(&verdict, CLAIM_P99, hypothesis->p99_us, figures->p99_us,
                 answered);
    find_latency(&verdict, CLAIM_P999, hypothesis->p999_us, figures->p999_us,
                 answered);
    find_at_most(&verdict, CLAIM_GAP, hypothesis->gap_us, figures->gap_us);

    verdict.because = why_inconclusive(&verdict, hypothesis, figures);
    if (!verdict.because && verdict.outcome == VERDICT_PASS &&
        is_undecided(hypothesis, figures)) {
        verdict.undecided = true;
        verdict.because =
            "responses of unknown length ended with their connection, and may "
            "have been truncated (set body-size, or expect to the end of the "
            "body)";
    }
    if (verdict.because)
        verdict.outcome = VERDICT_INCONCLUSIVE;
    return verdict;
}

int verdict_exit_status(enum verdict_outcome outcome)
{
    switch (outcome) {
    case VERDICT_PASS:
        return 0;
    case VERDICT_FAIL:
        return 1;
    case VERDICT_INCONCLUSIVE:
        return 3;
    }
    return 3;
}

const char *verdict_name(enum verdict_outcome outcome)
{
    switch (outcome) {
    case VERDICT_PASS:
        return "held";
    case VERDICT_FAIL:
        return "did not hold";
    case VERDICT_INCONCLUSIVE:
        return "inconclusive";
    }
    return "inconclusive";
}

const char *claim_name(enum claim claim)
{
    static const char *const names[CLAIMS] = {
        [CLAIM_AVAILABILITY] = "availability",
        [CLAIM_LOST] = "lost",
        [CLAIM_SERVER_ERRORS] = "5xx",
        [CLAIM_P50] = "p50",
        [CLAIM_P99] = "p99",
        [CLAIM_P999] = "p99.9",
        [CLAIM_GAP] = "longest gap",
    };

    return names[claim];
}

const char *finding_write(char *buffer, size_t size,
                          const struct finding *finding)
{
    char measured[FORMAT_SIZE], limit[FORMAT_SIZE];
    const char *bound = "at most";

    switch (finding->claim) {
    case CLAIM_AVAILABILITY:
        format_share(measured, finding->measured);
        format_share(limit, finding->limit);
        bound = "at least";
        break;
    case CLAIM_LOST:
    case CLAIM_SERVER_ERRORS:
        format_count(measured, (uint64_t)finding->measured);
        format_count(limit, (uint64_t)finding->limit);
        break;
    case CLAIM_P50:
    case CLAIM_P99:
    case CLAIM_P999:
    case CLAIM_GAP:
    case CLAIMS:
        format_any_time(measured, (uint64_t)finding->measured,
                        !isnan(finding->measured));
        format_time(limit, (uint64_t)finding->limit);
        break;
    }
    snprintf(buffer, size, "%s %s, claimed: %s %s", claim_name(finding->claim),
             measured, bound, limit);
    return buffer;
}
