/*
 * account.h - what became of the connections that a worker accepted itself.
 *
 * Pure.  A connection that was handed over is counted by the supervisor, which
 * holds it.  One that the worker accepted by itself is known to nobody else, so
 * the worker keeps an account in its arena, and the supervisor reads it once
 * the worker is dead.
 *
 * The worker may die between any two stores.  So a record that is in use says
 * so itself, and what a connection did goes into the sum by one store, that of
 * `settled`: it names the sum that holds from now on, and the record that is in
 * it.  What the worker leaves is the sum, and each record in use that is not
 * the named one.
 *
 * Between the return of accept(2) and the first store lie a few instructions:
 * a connection whose worker dies there was accepted, and nobody knows.
 */
#ifndef WORKER_PROTOCOL_ACCOUNT_H
#define WORKER_PROTOCOL_ACCOUNT_H

#include "worker/protocol/record.h"
#include <stdatomic.h>
#include <stdint.h>

/* No worker lives long enough to count further: 2^44 microseconds are half a
 * year. */
#define ACCOUNT_COUNT_MAX (UINT64_C(1) << 44)

/* Connections that have ended, and the requests on them. */
struct account_sum {
    uint64_t closed;      /* in order */
    uint64_t client_gone; /* amid a request */
    uint64_t begun, answered, refused;
    uint64_t quarantined; /* of the refused */
};

struct account {
    _Atomic uint64_t accepted; /* connections, ever */
    _Atomic uint64_t settled;  /* which sum holds, and what is in it */
    _Atomic uint32_t used;     /* records from here on were never used */
    struct account_sum sums[2];
};

/* ---- In the worker ---- */

/* `record` is a new connection's from now on, as a fresh one: EMPTY, with
 * `flags`.  Its index must be below `used` already. */
void account_accept(struct account *account, struct record *record,
                    uint8_t flags);

/* The connection in records[index] has ended: adds what it did to the sum, and
 * frees the record. */
void account_end(struct account *account, struct record *records,
                 uint32_t index);

/* The same for one that goes on: its counts begin anew.  It is EMPTY. */
void account_carry(struct account *account, struct record *records,
                   uint32_t index);

/* ---- In the supervisor, while there is no worker ---- */

void account_clear(struct account *account);

/* What a worker left in all: of connections and of requests, accepted = closed
 * + client_gone + lost and begun = answered + refused + client_gone + lost. */
struct account_total {
    struct {
        uint64_t accepted, closed, client_gone, lost;
    } connections;
    struct {
        uint64_t begun, answered, refused, client_gone, lost;
        uint64_t quarantined; /* of the refused */
    } requests;
};

/* Is records[index] in use, and not in the sum yet? */
bool account_holds(const struct account *account, const struct record *records,
                   uint32_t index);

/* Adds up what a dead worker left, in the sum and in the records below
 * `capacity`.  Returns NULL; or, if it cannot be true, a static text that says
 * why, and *total is worth nothing. */
const char *account_read(const struct account *account,
                         const struct record *records, uint32_t capacity,
                         struct account_total *total);

#endif
