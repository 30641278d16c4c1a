/* SPDX-License-Identifier: MIT */
/*
 * progress.h - checks a worker's counts against the kernel's counts.
 *
 * Pure.  A record holds how many requests its worker began, answered and
 * refused. The worker may be corrupt, so its counts are accepted only if the
 * kernel counted enough bytes for these requests and responses.
 */
#ifndef SUPERVISOR_POLICY_PROGRESS_H
#define SUPERVISOR_POLICY_PROGRESS_H

#include "worker/protocol/record.h"
#include <stdint.h>

/* Min. length of an answered request ("GET / HTTP/1.0" and two line ends) and
 * of a response.  A refused request may have a single byte. */
#define PROGRESS_REQUEST_BYTES_MIN  16
#define PROGRESS_RESPONSE_BYTES_MIN 16

/* A position in both streams of a TCP connection, in bytes since it was opened:
 * where the current request and its response begin, or the next ones. */
struct progress_place {
    uint64_t consumed_bytes; /* read from the receive queue */
    uint64_t written_bytes;  /* written to the send queue */
};

/*
 * Returns NULL if `progress` is possible, else a static text with the reason.
 * `progress` must have passed record_check().  `requests_max` is the max.
 * number of requests that the worker was given.  `from` and `to` are the
 * positions at the handoff and now; both NULL for a connection whose bytes the
 * kernel does not count.
 */
const char *progress_check(struct record_progress progress,
                           uint32_t requests_max,
                           const struct progress_place *from,
                           const struct progress_place *to);

#endif
