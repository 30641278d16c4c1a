/*
 * totals.h - the conservation law.
 *
 * Pure.  Every accepted connection and every request that began ends in exactly
 * one way; at the end of a run the ends add up to the beginnings, or the run
 * has failed.  Beginnings and ends are counted at different places of the
 * program, so that what falls between them shows.
 */
#ifndef SUPERVISOR_POLICY_TOTALS_H
#define SUPERVISOR_POLICY_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

struct totals {
    struct {
        uint64_t accepted;
        uint64_t closed;      /* in order: by the client, or after an answer */
        uint64_t client_gone; /* the client left amid a request or answer */
        uint64_t refused;     /* 503 by the supervisor, before any worker */
        uint64_t lost;        /* by our doing */
    } connections;
    struct {
        uint64_t begun; /* whole and sound, or refused as invalid */
        uint64_t answered;
        uint64_t answered_after_retry; /* by another worker than began it */
        uint64_t refused;              /* with a status from 400 up */
        uint64_t client_gone;
        uint64_t lost; /* by our doing */
    } requests;
    struct {
        uint64_t requests, lines; /* put there */
        uint64_t refused;         /* requests, for that: of requests.refused */
    } quarantine;
    uint64_t forks, exits;
    uint64_t refused_for_memory; /* of requests.refused, by workers */
    uint64_t dropped_for_memory; /* connections, of client_gone */
    uint64_t invalid;            /* records that could not be true */
};

/* Is every connection that was accepted and every request that began accounted
 * for, but for `connections_held` and `requests_in_hand`? */
bool totals_balanced(const struct totals *totals, uint64_t connections_held,
                     uint64_t requests_in_hand);

#endif
