/*
 * identity.h - by what a request is recognised when it comes again: a keyed
 * hash over all of its bytes, and one over its request line.
 *
 * Pure.  The supervisor chooses the key at its start.  Workers know the key,
 * because they hash what arrives; so a hash keeps clients from imitating each
 * other's requests, and is no proof of what a worker says.
 */
#ifndef WORKER_HTTP_IDENTITY_H
#define WORKER_HTTP_IDENTITY_H

#include "worker/http/request.h"
#include "worker/protocol/record.h"
#include "worker/protocol/siphash.h"
#include <stddef.h>
#include <stdint.h>

/* No request has the bytes of a request line alone, so the two kinds of hashes
 * may be kept in one set. */
struct identity {
    uint64_t request_hash; /* of head and body, as they were sent */
    uint64_t line_hash;    /* of the request line, without its line end */
};

/* The request line of a request that begins at `bytes`.  Empty lines in front
 * of it do not belong to it (RFC 9112 section 2.2). */
struct slice identity_line(const char *bytes, size_t length);

/* The identity of the request that `length` bytes at `bytes` are. */
struct identity identity_of(const struct siphash_key *key, const char *bytes,
                            size_t length);

/*
 * For a record whose bytes are lost with its worker (the worker accepted the
 * connection itself): a hash over the identity and the line in the record, the
 * record's index, the connection, and how many requests have begun on it.  A
 * worker that overwrites or copies records at random does not hit the right
 * one.
 */
uint64_t identity_seal(const struct siphash_key *key,
                       const struct record *record, uint32_t index,
                       uint32_t begun);

#endif
