/* SPDX-License-Identifier: MIT */
/*
 * retry_budget.h - limits retries to a share of the requests.
 *
 * Pure.  Each request adds `share` to the budget and each retry takes 1 from
 * it, so retries never exceed that share of the requests so far.  The budget is
 * capped, so that a long time without failures does not allow a burst of
 * retries.
 */
#ifndef CHAOS_LOAD_RETRY_BUDGET_H
#define CHAOS_LOAD_RETRY_BUDGET_H

#include <stdbool.h>

#define RETRY_BUDGET_MAX 10 /* cap of `saved` */

struct retry_budget {
    double share; /* of requests, 0 to 1; 0: no limit */
    double saved; /* retries that are allowed now */
};

/* Call it for each request that is not a retry. */
void retry_budget_pay_in(struct retry_budget *budget);

/* Takes one retry from the budget.  Returns false if the budget is used up. */
bool retry_budget_take(struct retry_budget *budget);

#endif
