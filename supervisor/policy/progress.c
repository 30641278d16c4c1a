/* progress.c - compares counts of requests with counts of bytes. */
#include "supervisor/policy/progress.h"
#include <stddef.h>

/* Neither product can wrap: a record's counts have 20 bits. */
static const char *check_bytes(struct record_progress progress,
                               uint64_t consumed_bytes, uint64_t written_bytes)
{
    uint64_t answered = progress.answered, refused = progress.refused;

    if (answered * PROGRESS_REQUEST_BYTES_MIN + refused > consumed_bytes)
        return "more requests ended than the kernel counts bytes for";
    if ((answered + refused) * PROGRESS_RESPONSE_BYTES_MIN > written_bytes)
        return "more responses sent than the kernel counts bytes for";
    /* A client that leaves may take its request with it. */
    if (answered + refused == 0 && consumed_bytes > 0 &&
        progress.state != RECORD_CLOSING)
        return "a request was taken out and none was answered";
    return NULL;
}

const char *progress_check(struct record_progress progress,
                           uint32_t requests_max,
                           const struct progress_place *from,
                           const struct progress_place *to)
{
    if (progress.begun > requests_max)
        return "more requests begun than were handed over";
    if (!from || !to)
        return NULL;
    if (to->consumed_bytes < from->consumed_bytes ||
        to->written_bytes < from->written_bytes)
        return "the request in hand begins before the handoff";
    return check_bytes(progress, to->consumed_bytes - from->consumed_bytes,
                       to->written_bytes - from->written_bytes);
}
