/* SPDX-License-Identifier: MIT */
/*
 * totals.h - the conservation law of connections and requests.
 *
 * Pure.  Every accepted connection and every request that began ends in exactly
 * one way.  Beginnings and ends are counted at different places of the program,
 * so the sums differ if one is lost.
 */
#ifndef SUPERVISOR_POLICY_TOTALS_H
#define SUPERVISOR_POLICY_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

struct totals {
    struct {
        uint64_t accepted;
        uint64_t closed;      /* in order: by the client, or after a response */
        uint64_t client_gone; /* the client left during a request or response */
        uint64_t refused;     /* 503 by the supervisor, before any worker */
        uint64_t lost;        /* by the supervisor or a worker */
    } connections;
    struct {
        uint64_t begun; /* complete and valid, or refused as invalid */
        uint64_t answered;
        uint64_t answered_after_retry; /* by a later worker than the first */
        uint64_t refused;              /* with a status of 400 or more */
        uint64_t client_gone;
        uint64_t lost; /* by the supervisor or a worker */
    } requests;
    struct {
        uint64_t requests, lines; /* quarantined */
        uint64_t refused;         /* requests; part of requests.refused */
    } quarantine;
    uint64_t forks, exits;
    uint64_t refused_for_memory; /* part of requests.refused, by workers */
    uint64_t dropped_for_memory; /* part of connections.client_gone */
    uint64_t invalid;            /* invalid records and accounts */
};

/* Do ends and beginnings add up, if `connections_held` and
 * `requests_in_progress` have not ended yet? */
bool totals_balanced(const struct totals *totals, uint64_t connections_held,
                     uint64_t requests_in_progress);

#endif
