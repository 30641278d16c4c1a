/* SPDX-License-Identifier: MIT */
/* fair_share.c - see fair_share.h. */
#include "supervisor/policy/fair_share.h"

static bool is_recent(uint64_t then_us, uint64_t now_us)
{
    return then_us > 0 && now_us - then_us < FAIR_SHARE_RECENT_US;
}

bool fair_share_allows(const struct fair_share_claim *claim)
{
    return claim->workers < 2 || claim->own + 1 < claim->workers ||
           !is_recent(claim->slow_us, claim->now_us) ||
           !is_recent(claim->others_us, claim->now_us);
}
