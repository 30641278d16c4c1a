/* SPDX-License-Identifier: MIT */
/*
 * siphash.h - SipHash-2-4, the keyed hash of Aumasson and Bernstein
 * (https://www.aumasson.jp/siphash/siphash.pdf).
 *
 * Pure.  Input with a given hash cannot be found without the key.
 */
#ifndef WORKER_PROTOCOL_SIPHASH_H
#define WORKER_PROTOCOL_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
    uint64_t words[2]; /* the key's 16 bytes, little-endian */
};

/* Returns the hash of `length` bytes at `bytes`. */
uint64_t siphash(const struct siphash_key *key, const void *bytes,
                 size_t length);

#endif
