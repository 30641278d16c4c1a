/* SPDX-License-Identifier: MIT */
/*
 * identity.h - recognises a request that is sent again, by a keyed hash of all
 * of its bytes and a keyed hash of its request line.
 *
 * Pure.  The supervisor chooses the key when it starts.  A client does not know
 * the key, so it cannot make a request that collides with another one.  Workers
 * know the key, because they hash requests, so a hash does not prove what a
 * worker reports.
 */
#ifndef WORKER_HTTP_IDENTITY_H
#define WORKER_HTTP_IDENTITY_H

#include "worker/http/request.h"
#include "worker/protocol/record.h"
#include "worker/protocol/siphash.h"
#include <stddef.h>
#include <stdint.h>

/* No request consists of a request line only, so both kinds of hashes can share
 * one set. */
struct identity {
    uint64_t request_hash; /* of header section and body, as received */
    uint64_t line_hash;    /* of the request line, without its line end */
};

/* Returns the request line of the request at `bytes`, without empty lines
 * before it (RFC 9112 section 2.2). */
struct slice identity_line(const char *bytes, size_t length);

/* Returns the identity of the request of `length` bytes at `bytes`. */
struct identity identity_of(const struct siphash_key *key, const char *bytes,
                            size_t length);

/*
 * Returns the seal of a record of a connection that the worker accepted itself.
 * The request is lost with the worker, so the supervisor cannot hash it again;
 * the seal lets the supervisor detect a record that was overwritten or copied
 * at random.  It is a hash of the identity and the request line in the record,
 * the record's index, the connection's number and the number of requests that
 * have begun on the connection.
 */
uint64_t identity_seal(const struct siphash_key *key,
                       const struct record *record, uint32_t index,
                       uint32_t begun);

#endif
