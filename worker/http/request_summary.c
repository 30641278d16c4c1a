/* SPDX-License-Identifier: MIT */
/* request_summary.c - see request_summary.h. */
#include "worker/http/request_summary.h"
#include "worker/http/identity.h"
#include <string.h>

void request_summary_write(struct record *record, uint64_t start,
                           const char *bytes, size_t request_bytes,
                           bool repeatable)
{
    struct slice line = identity_line(bytes, request_bytes);

    record->request_start = start;
    record->taken_bytes = 0;
    record->request_bytes = (uint32_t)request_bytes;
    record->flags = repeatable ? RECORD_REPEATABLE : 0;
    record->line_bytes =
        (uint8_t)(line.bytes < RECORD_LINE_BYTES ? line.bytes
                                                 : RECORD_LINE_BYTES);
    memcpy(record->line, line.at, record->line_bytes);
}
