/* SPDX-License-Identifier: MIT */
/*
 * account.h - counts the connections that a worker accepted itself.
 *
 * Pure.  The supervisor holds and counts the connections that it hands off.  It
 * does not know those that a worker accepts itself, so the worker counts them
 * in its arena, and the supervisor reads the counts when the worker is dead.
 *
 * The worker may die between any two stores.  Therefore a record in use is
 * marked in the record itself (`accepted`), and one store, that of `settled`,
 * adds what a connection did to the sum: it selects the current sum, and names
 * the record that this sum already includes.  The counts of a dead worker are
 * the current sum plus those of every record in use other than the named one.
 *
 * A connection is not counted if the worker dies in the few instructions
 * between the return of accept(2) and the first store.
 */
#ifndef WORKER_PROTOCOL_ACCOUNT_H
#define WORKER_PROTOCOL_ACCOUNT_H

#include "worker/protocol/record.h"
#include <stdatomic.h>
#include <stdint.h>

/* A sound worker counts no further: at one per microsecond, this takes half a
 * year. */
#define ACCOUNT_COUNT_MAX (UINT64_C(1) << 44)

/* Connections that have ended, and the requests on them. */
struct account_sum {
    uint64_t closed;      /* between two requests */
    uint64_t client_gone; /* during a request */
    uint64_t begun, answered, refused;
    uint64_t quarantined; /* of the refused */
};

struct account {
    _Atomic uint64_t accepted; /* connections since the worker started */
    _Atomic uint64_t settled;  /* the current sum and the named record */
    _Atomic uint32_t used;     /* records from this index on were never used */
    struct account_sum sums[2];
};

/* ---- In the worker ---- */

/* Starts the record of a new connection: EMPTY, with `flags`.  Its index must
 * be below `used` already. */
void account_accept(struct account *account, struct record *record,
                    uint8_t flags);

/* The connection in records[index] has ended: adds what it did to the sum, and
 * frees the record. */
void account_end(struct account *account, struct record *records,
                 uint32_t index);

/* Adds what the connection in records[index], which must be EMPTY, did to the
 * sum, and sets the counts of the record to 0.  The connection stays open. */
void account_carry(struct account *account, struct record *records,
                   uint32_t index);

/* ---- In the supervisor, while there is no worker ---- */

void account_clear(struct account *account);

/* The counts of a dead worker.  For connections, accepted = closed +
 * client_gone + lost; for requests, begun = answered + refused + client_gone +
 * lost. */
struct account_total {
    struct {
        uint64_t accepted, closed, client_gone, lost;
    } connections;
    struct {
        uint64_t begun, answered, refused, client_gone, lost;
        uint64_t quarantined; /* of the refused */
    } requests;
};

/* Returns whether records[index] is in use, by a connection that had not
 * ended. */
bool account_holds(const struct account *account, const struct record *records,
                   uint32_t index);

/* Computes *total from the sum and the records of a dead worker, whose arena
 * has `capacity` records.  Returns NULL; or, if the account is impossible, a
 * static text with the reason, and *total is undefined. */
const char *account_read(const struct account *account,
                         const struct record *records, uint32_t capacity,
                         struct account_total *total);

#endif
