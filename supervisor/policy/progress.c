/* SPDX-License-Identifier: MIT */
/* progress.c - see progress.h. */
#include "supervisor/policy/progress.h"
#include <stddef.h>

/* The products cannot overflow: the counts of a record have 20 bits. */
static const char *check_bytes(struct record_progress progress,
                               uint64_t consumed_bytes, uint64_t written_bytes)
{
    uint64_t answered = progress.answered, refused = progress.refused;

    if (answered * PROGRESS_REQUEST_BYTES_MIN + refused > consumed_bytes)
        return "more requests ended than the kernel counts bytes for";
    if ((answered + refused) * PROGRESS_RESPONSE_BYTES_MIN > written_bytes)
        return "more responses sent than the kernel counts bytes for";
    /* In RECORD_CLOSING the client may have left during its request. */
    if (answered + refused == 0 && consumed_bytes > 0 &&
        progress.state != RECORD_CLOSING)
        return "a request was read and none was answered";
    return NULL;
}

const char *progress_check(struct record_progress progress,
                           uint32_t requests_max,
                           const struct progress_place *from,
                           const struct progress_place *to)
{
    if (progress.begun > requests_max)
        return "more requests begun than were handed off";
    if (!from || !to)
        return NULL;
    if (to->consumed_bytes < from->consumed_bytes ||
        to->written_bytes < from->written_bytes)
        return "the current request begins before the handoff";
    return check_bytes(progress, to->consumed_bytes - from->consumed_bytes,
                       to->written_bytes - from->written_bytes);
}
