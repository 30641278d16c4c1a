/*
 * retry_budget.h - how many retries a client may afford.
 *
 * Pure.  Each request that was wanted pays in its share of a retry, and each
 * retry takes out a whole one: so retries are never more than that share of
 * the requests so far, whatever fails.  Not much is saved up in good times, or
 * a fault_phase would find years of savings.
 */
#ifndef CHAOS_LOAD_RETRY_BUDGET_H
#define CHAOS_LOAD_RETRY_BUDGET_H

#include <stdbool.h>

#define RETRY_BUDGET_MAX 10 /* retries that can be saved up */

struct retry_budget {
    double share; /* of requests, 0 to 1; 0: no limit */
    double saved; /* retries that can be afforded now */
};

/* A request was wanted (not a retry). */
void retry_budget_pay_in(struct retry_budget *budget);

/* Takes one retry out, or returns false when it cannot be afforded. */
bool retry_budget_take(struct retry_budget *budget);

#endif
