/* SPDX-License-Identifier: MIT */
/* identity.c - see identity.h. */
#include "worker/http/identity.h"
#include <string.h>

static bool ends_line(char byte)
{
    return byte == '\r' || byte == '\n';
}

struct slice identity_line(const char *bytes, size_t length)
{
    struct slice line = { bytes, 0 };
    size_t left = length;

    while (left > 0 && ends_line(*line.at)) {
        line.at++;
        left--;
    }
    while (line.bytes < left && !ends_line(line.at[line.bytes]))
        line.bytes++;
    return line;
}

struct identity identity_of(const struct siphash_key *key, const char *bytes,
                            size_t length)
{
    struct slice line = identity_line(bytes, length);
    size_t skipped = (size_t)(line.at - bytes);

    return (struct identity){
        .request_hash = siphash(key, line.at, length - skipped),
        .line_hash = siphash(key, line.at, line.bytes),
    };
}

uint64_t identity_seal(const struct siphash_key *key,
                       const struct record *record, uint32_t index,
                       uint32_t begun)
{
    struct {
        uint64_t request_hash, line_hash;
        uint32_t index, accepted, begun, line_bytes;
        char line[RECORD_LINE_BYTES];
    } sealed = {
        .request_hash = record->request_hash,
        .line_hash = record->line_hash,
        .index = index,
        .accepted = atomic_load(&record->accepted),
        .begun = begun,
        .line_bytes = record->line_bytes,
    };

    memcpy(sealed.line, record->line, sizeof(sealed.line));
    return siphash(key, &sealed, sizeof(sealed));
}
