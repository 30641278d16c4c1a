/* SPDX-License-Identifier: MIT */
/*
 * outcomes.h - counts requests by the way in which each one ended.
 *
 * Pure.  Every request begins once and ends once with an outcome.  Only the
 * outcome OK can be amended, when later bytes show that the response was wrong.
 * If a ledger does not balance, its run is inconclusive: the client has lost
 * track of its own requests.
 *
 * A retry is a request like any other, and is also counted in `retries`.  There
 * are `begun - retries` distinct requests; each of them is OK at most once, in
 * its last try, and every retry follows a failed request.
 */
#ifndef CHAOS_MEASURE_OUTCOMES_H
#define CHAOS_MEASURE_OUTCOMES_H

#include <stdbool.h>
#include <stdint.h>

enum outcome {
    OUTCOME_OK,
    OUTCOME_REFUSED,            /* connecting failed */
    OUTCOME_RESET,              /* RST before any byte of the response */
    OUTCOME_CLOSED,             /* FIN before any byte, first request */
    OUTCOME_CLOSED_ON_REUSE,    /* FIN before any byte, later request */
    OUTCOME_TRUNCATED,          /* ended in the middle of the response */
    OUTCOME_MALFORMED,          /* not HTTP */
    OUTCOME_EXTRA,              /* bytes or a second response after it */
    OUTCOME_WRONG_TOKEN,        /* without its own token, or more than once */
    OUTCOME_WRONG_BODY,         /* not the expected body */
    OUTCOME_TIMEOUT_CONNECTING, /* timeout before it was connected */
    OUTCOME_TIMEOUT_WAITING,    /* timeout before the first byte */
    OUTCOME_TIMEOUT_MIDDLE,     /* timeout after the first byte */
    OUTCOME_SERVER_ERROR,       /* a complete 5xx response */
    OUTCOME_OTHER_STATUS,       /* neither 2xx nor 5xx */
    OUTCOME_NOT_SENT,           /* no connection became free in time */
    OUTCOMES
};

/* A ledger with all bytes zero is empty. */
struct request_outcomes {
    uint64_t begun;
    uint64_t retries;   /* of those: sent again after a failure */
    uint64_t denied;    /* retries that the budget forbade; not in `begun` */
    uint64_t withdrawn; /* cancelled by the client when interrupted */
    uint64_t ended[OUTCOMES];
    uint64_t amended;  /* changed from OK to another outcome */
    uint64_t unproven; /* OK, but it is unknown whether the response was
                          complete (response_check.h) */
};

void ledger_begin(struct request_outcomes *ledger);
/* Begins a retry. */
void ledger_begin_again(struct request_outcomes *ledger);
void ledger_end(struct request_outcomes *ledger, enum outcome outcome);

/* Changes the outcome of an ended request from OK to `outcome`. */
void ledger_amend(struct request_outcomes *ledger, enum outcome outcome);

/* Marks the last request, which ended OK, as unproven. */
void ledger_doubt(struct request_outcomes *ledger);

/* The client cancels a request that has not ended. */
void ledger_withdraw(struct request_outcomes *ledger);

/* Requests that have begun and have neither ended nor been withdrawn. */
uint64_t ledger_open(const struct request_outcomes *ledger);

/* Every request that began has ended or was withdrawn, and there are no more
 * retries than failed requests. */
bool ledger_balanced(const struct request_outcomes *ledger);

/* All requests that ended. */
uint64_t ledger_ended(const struct request_outcomes *ledger);

/* Requests that were sent and got no valid response: all outcomes but OK,
 * SERVER_ERROR, OTHER_STATUS and NOT_SENT. */
uint64_t ledger_lost(const struct request_outcomes *ledger);

/* The share of ended requests that ended OK; 1 if none ended. */
double ledger_availability(const struct request_outcomes *ledger);

/* Distinct requests: all but retries. */
uint64_t ledger_intended(const struct request_outcomes *ledger);

/* The share of distinct requests, without withdrawn ones, that ended OK, in the
 * first try or a retry.  1 if there were none. */
double ledger_goodput(const struct request_outcomes *ledger);

/* Whether a client with --retries retries after this outcome: after a loss or a
 * 5xx.  Not after another status, which a retry would not change, nor without a
 * free connection. */
bool outcome_is_retried(enum outcome outcome);

/* Whether ledger_lost() counts this outcome. */
bool outcome_is_loss(enum outcome outcome);

/* The name for people ("reset before any byte") and the key for programs
 * ("reset"). */
const char *outcome_name(enum outcome outcome);
const char *outcome_key(enum outcome outcome);

#endif
