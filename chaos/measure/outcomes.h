/*
 * outcomes.h - every request, and the one way in which it ended.
 *
 * Pure.  A request is begun once and ended once; only a good ending may be
 * amended, when something that came later shows that it was not good after
 * all.  A ledger that does not balance makes its run void: a client that
 * loses track of its own requests has no business judging others.
 *
 * A client that asks again does so by a request of its own, begun and ended
 * like any other, which is also counted in `retries`.  So what people wanted
 * is `begun - retries`; each of those wants had at max one good ending, in
 * its last try; and there is a failed ending for each retry.
 */
#ifndef CHAOS_MEASURE_OUTCOMES_H
#define CHAOS_MEASURE_OUTCOMES_H

#include <stdbool.h>
#include <stdint.h>

enum outcome {
    OUTCOME_OK,
    OUTCOME_REFUSED,            /* no connection was to be had */
    OUTCOME_RESET,              /* RST before any byte of the answer */
    OUTCOME_CLOSED,             /* FIN before any byte, first request */
    OUTCOME_CLOSED_ON_REUSE,    /* FIN before any byte, later request */
    OUTCOME_TRUNCATED,          /* ended in the middle of the answer */
    OUTCOME_MALFORMED,          /* not HTTP */
    OUTCOME_EXTRA,              /* bytes or a second answer behind it */
    OUTCOME_WRONG_TOKEN,        /* not its own token, or not once */
    OUTCOME_WRONG_BODY,         /* not what was to be expected */
    OUTCOME_TIMEOUT_CONNECTING, /* the timeout found it at ... */
    OUTCOME_TIMEOUT_WAITING,    /* before the first byte */
    OUTCOME_TIMEOUT_MIDDLE,     /* after it */
    OUTCOME_SERVER_ERROR,       /* an honest 5xx */
    OUTCOME_OTHER_STATUS,       /* neither 2xx nor 5xx */
    OUTCOME_NOT_SENT,           /* no connection came free in time */
    OUTCOMES
};

/* Empty when all zero. */
struct request_outcomes {
    uint64_t begun;
    uint64_t retries;   /* of those: asked again, after a failed ending */
    uint64_t denied;    /* retries that the budget forbade: never begun */
    uint64_t withdrawn; /* taken back by the client itself: interrupted */
    uint64_t ended[OUTCOMES];
    uint64_t amended;  /* good endings that turned out otherwise */
    uint64_t unproven; /* good endings of which nobody can tell whether the
                          answer was whole (response_check.h) */
};

void ledger_begin(struct request_outcomes *ledger);
/* The same, for a request that is to be asked again. */
void ledger_begin_again(struct request_outcomes *ledger);
void ledger_end(struct request_outcomes *ledger, enum outcome outcome);

/* An ended request was OK only at first sight: it is `outcome` instead. */
void ledger_amend(struct request_outcomes *ledger, enum outcome outcome);

/* The request that has just ended OK was answered, but not provably whole. */
void ledger_doubt(struct request_outcomes *ledger);

/* The client gives up a request on its own account, before it ended. */
void ledger_withdraw(struct request_outcomes *ledger);

/* Requests that have begun and not ended. */
uint64_t ledger_open(const struct request_outcomes *ledger);

/* Every request begun has ended in exactly one class, and no retry is without
 * a failed ending before it. */
bool ledger_balanced(const struct request_outcomes *ledger);

/* Requests that ended at all. */
uint64_t ledger_ended(const struct request_outcomes *ledger);

/* Requests that ended without any sound answer although they were sent: all
 * but OK, an honest status, and NOT_SENT. */
uint64_t ledger_lost(const struct request_outcomes *ledger);

/* The share of ended requests that ended OK; 1 when there were none. */
double ledger_availability(const struct request_outcomes *ledger);

/* Distinct requests, however often each was asked. */
uint64_t ledger_intended(const struct request_outcomes *ledger);

/* The share of those that were in the end answered rightly, each try within
 * its timeout; those taken back don't count.  1 when there were none. */
double ledger_goodput(const struct request_outcomes *ledger);

/* Whether a client that asks again does so after this: a loss, or a 5xx.  Not
 * after another status, which would be the same again, nor when it had no
 * connection to ask on. */
bool outcome_is_retried(enum outcome outcome);

/* `outcome` counts into ledger_lost. */
bool outcome_is_loss(enum outcome outcome);

/* For people ("reset before any byte") and for programs ("reset"). */
const char *outcome_name(enum outcome outcome);
const char *outcome_key(enum outcome outcome);

#endif
