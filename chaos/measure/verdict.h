/*
 * verdict.h - did what was measured bear out what was claimed?
 *
 * Pure: a hypothesis and measured figures in, findings out.  A verdict has
 * three colours, because "it failed" and "we cannot tell" are different
 * log_event: INCONCLUSIVE means that the measuring itself went wrong.
 */
#ifndef CHAOS_MEASURE_VERDICT_H
#define CHAOS_MEASURE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VERDICT_NO_LIMIT UINT64_MAX

/* The claims.  A limit that is VERDICT_NO_LIMIT (availability: 0) is not
 * claimed and not looked at. */
struct hypothesis {
    double availability; /* at least, 0 to 1 */
    uint64_t lost;       /* each of these: at most */
    uint64_t server_errors;
    uint64_t p50_us, p99_us, p999_us;
    uint64_t gap_us;
};

/* What claims nothing: a starting point. */
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

/* What was measured. */
struct figures {
    uint64_t requests; /* that ended */
    uint64_t ok, lost, server_errors, other_status, not_sent;
    uint64_t unproven; /* of ok: whole, or cut short; nobody can tell */
    uint64_t p50_us, p99_us, p999_us; /* of answered requests */
    uint64_t gap_us;                  /* longest time without a success */
    uint64_t lateness_p99_us;         /* of the client, at sending */
    bool balanced;                    /* the classes add up */
};

/*
 * How late a client may be, at the 99th percentile, before it was itself the
 * bottleneck: a quarter of the strictest time that is claimed, but at least
 * VERDICT_LATENESS_US_MIN, which any machine needs; and in no case more than
 * VERDICT_LATENESS_US_MAX.
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
    double limit;    /* as claimed: a share, a count, or microseconds */
    double measured; /* in the same unit; NAN: there was nothing to measure */
    bool held;
};

struct verdict {
    enum verdict_outcome outcome;
    const char
        *because;   /* static text: why it is inconclusive; NULL otherwise */
    bool undecided; /* void for one reason only: all claims held, but would not
                       if every unproven answer had been cut short */
    uint32_t finding_count;
    struct finding findings[CLAIMS];
};

/*
 * Total: every hypothesis and all figures have a verdict.  A late client voids
 * what it seems to show of times, and a verdict that is green; what is lost is
 * lost, however late it was asked for.
 */
struct verdict verdict_reach(const struct hypothesis *hypothesis,
                             const struct figures *figures);

/* The exit status that goes with a colour: 0, 1, 3. */
int verdict_exit_status(enum verdict_outcome colour);

/* "held", "did not hold", "inconclusive". */
const char *verdict_name(enum verdict_outcome colour);

/* "availability", "lost", "p99", ...: as experiments and options call it. */
const char *claim_name(enum claim claim);

/* One finding in words ("p99 3.1ms, at most 50ms claimed"), cut to `size`.
 * Returns `buffer`. */
const char *finding_write(char *buffer, size_t size,
                          const struct finding *finding);

#endif
