/* SPDX-License-Identifier: MIT */
/* retry_budget.c - see retry_budget.h. */
#include "chaos/load/retry_budget.h"

/* Ten additions of 0.1 must allow one retry. */
#define ROUNDING 1e-9

void retry_budget_pay_in(struct retry_budget *budget)
{
    budget->saved += budget->share;
    if (budget->saved > RETRY_BUDGET_MAX)
        budget->saved = RETRY_BUDGET_MAX;
}

bool retry_budget_take(struct retry_budget *budget)
{
    if (budget->share <= 0)
        return true;
    if (budget->saved + ROUNDING < 1)
        return false;
    budget->saved -= 1;
    return true;
}
