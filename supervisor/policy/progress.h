/*
 * progress.h - checks a worker's counts against the kernel's counts.
 *
 * Pure.  A record says how many requests its worker began, answered and
 * refused.  The worker may be corrupt, so its counts are believed only as far
 * as the kernel counted bytes that can have been those requests and responses.
 */
#ifndef SUPERVISOR_POLICY_PROGRESS_H
#define SUPERVISOR_POLICY_PROGRESS_H

#include "worker/protocol/record.h"
#include <stdint.h>

/* No request that gets an answer is shorter ("GET / HTTP/1.0" and two line
 * ends), and no response is.  A refused request may have a single byte. */
#define PROGRESS_REQUEST_BYTES_MIN  16
#define PROGRESS_RESPONSE_BYTES_MIN 16

/* A place in both streams of a TCP connection, in bytes since it was opened:
 * where the request in hand and its response begin, or would begin. */
struct progress_place {
    uint64_t consumed_bytes; /* taken out of the receive queue */
    uint64_t written_bytes;  /* put into the send queue */
};

/*
 * Returns NULL if a worker can have done what `progress` says; else a static
 * text that says why not.  `progress` must have passed record_check().
 * `requests_max` is how many requests the worker was given at most.
 * `from` and `to` are the places where the kernel stood at the handoff and
 * stands now; both NULL for a connection whose bytes the kernel does not count.
 */
const char *progress_check(struct record_progress progress,
                           uint32_t requests_max,
                           const struct progress_place *from,
                           const struct progress_place *to);

#endif
