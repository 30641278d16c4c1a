/* description.c - the request line, its hash, and where the bytes lie. */
#include "worker/description.h"
#include "worker/request.h"
#include <string.h>

static uint64_t hash_of(struct slice line)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (size_t i = 0; i < line.bytes; i++)
        hash = (hash ^ (unsigned char)line.at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

void description_write(struct record *record, uint64_t start, const char *bytes,
                       size_t request_bytes, bool repeatable)
{
    struct slice line = { bytes, 0 };
    size_t left = request_bytes;

    /* Empty lines before a request are skipped (RFC 9112 section 2.2). */
    while (left > 0 && (*line.at == '\r' || *line.at == '\n')) {
        line.at++;
        left--;
    }
    while (line.bytes < left && line.at[line.bytes] != '\r' &&
           line.at[line.bytes] != '\n')
        line.bytes++;
    record->request_start = start;
    record->taken_bytes = 0;
    record->request_bytes = (uint32_t)request_bytes;
    record->flags = repeatable ? RECORD_REPEATABLE : 0;
    record->line_hash = hash_of(line);
    record->line_bytes =
        (uint8_t)(line.bytes < RECORD_LINE_BYTES ? line.bytes
                                                 : RECORD_LINE_BYTES);
    memcpy(record->line, line.at, record->line_bytes);
}
