/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - compares measured figures with the claims of a hypothesis.
 *
 * Pure.  The outcome is one of three: INCONCLUSIVE means that the measurement
 * does not allow a verdict.
 */
#ifndef CHAOS_MEASURE_VERDICT_H
#define CHAOS_MEASURE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VERDICT_NO_LIMIT UINT64_MAX

/* The claims.  A limit of VERDICT_NO_LIMIT (availability: 0) is not a claim. */
struct hypothesis {
    double availability; /* minimum, 0 to 1 */
    uint64_t lost;       /* this and the following are maxima */
    uint64_t server_errors;
    uint64_t p50_us, p99_us, p999_us;
    uint64_t gap_us;
};

/* A hypothesis without claims. */
#define HYPOTHESIS_NONE                                                        \
    ((struct hypothesis){                                                      \
        .availability = 0,                                                     \
        .lost = VERDICT_NO_LIMIT,                                              \
        .server_errors = VERDICT_NO_LIMIT,                                     \
        .p50_us = VERDICT_NO_LIMIT,                                            \
        .p99_us = VERDICT_NO_LIMIT,                                            \
        .p999_us = VERDICT_NO_LIMIT,                                           \
        .gap_us = VERDICT_NO_LIMIT,                                            \
    })

struct figures {
    uint64_t requests; /* that ended */
    uint64_t ok, lost, server_errors, other_status, not_sent;
    uint64_t unproven; /* of ok: possibly truncated (response_check.h) */
    uint64_t p50_us, p99_us, p999_us; /* of answered requests */
    uint64_t gap_us;                  /* longest time without an OK response */
    uint64_t lateness_p99_us;         /* of the client, in sending requests */
    bool balanced;                    /* ledger_balanced() */
};

/*
 * The maximum lateness of the client at the 99th percentile.  A client that is
 * later was itself the bottleneck.  The limit is a quarter of the smallest time
 * that is claimed, but at least VERDICT_LATENESS_US_MIN, which any machine
 * needs, and at most VERDICT_LATENESS_US_MAX.
 */
#define VERDICT_LATENESS_US_MIN (10 * 1000)
#define VERDICT_LATENESS_US_MAX (1000 * 1000)
uint64_t verdict_lateness_limit_us(const struct hypothesis *hypothesis);

enum verdict_outcome { VERDICT_PASS, VERDICT_FAIL, VERDICT_INCONCLUSIVE };

enum claim {
    CLAIM_AVAILABILITY,
    CLAIM_LOST,
    CLAIM_SERVER_ERRORS,
    CLAIM_P50,
    CLAIM_P99,
    CLAIM_P999,
    CLAIM_GAP,
    CLAIMS
};

struct finding {
    enum claim claim;
    double limit;    /* a share, a count, or microseconds */
    double measured; /* same unit; NAN: nothing was measured */
    bool held;
};

struct verdict {
    enum verdict_outcome outcome;
    const char *because; /* static text: why it is inconclusive; or NULL */
    /* Inconclusive only because all claims held but would not have held if
     * every unproven response was truncated. */
    bool undecided;
    uint32_t finding_count;
    struct finding findings[CLAIMS];
};

/*
 * Total: every hypothesis and all figures have a verdict.  A late client makes
 * the verdict inconclusive, unless a claim failed that does not depend on time:
 * a lost request is lost, however late it was sent.
 */
struct verdict verdict_reach(const struct hypothesis *hypothesis,
                             const struct figures *figures);

/* The exit status for an outcome (exit_status.h). */
int verdict_exit_status(enum verdict_outcome outcome);

/* "held", "did not hold", "inconclusive". */
const char *verdict_name(enum verdict_outcome outcome);

/* The key of an experiment: "availability", "lost", "p99", ... */
const char *claim_name(enum claim claim);

/* Writes a finding ("p99 3.10 ms, claimed: at most 50 ms"), truncated to
 * `size`. Returns `buffer`. */
const char *finding_write(char *buffer, size_t size,
                          const struct finding *finding);

#endif
