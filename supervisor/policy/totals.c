/* SPDX-License-Identifier: MIT */
/* totals.c - see totals.h. */
#include "supervisor/policy/totals.h"

bool totals_balanced(const struct totals *totals, uint64_t connections_held,
                     uint64_t requests_in_progress)
{
    uint64_t connections =
        totals->connections.closed + totals->connections.client_gone +
        totals->connections.refused + totals->connections.lost;
    uint64_t requests = totals->requests.answered +
                        totals->requests.answered_after_retry +
                        totals->requests.refused +
                        totals->requests.client_gone + totals->requests.lost;

    return totals->connections.accepted == connections + connections_held &&
           totals->requests.begun == requests + requests_in_progress;
}
