/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/records.h"
#include <string.h>

#define FACTS                                                                  \
    {                                                                          \
        .consumed_bytes = 100, .unread_bytes = 60, .written_bytes = 500,       \
        .response_capacity = 1000                                              \
    }

const struct left_behind sound[RECORD_STATES] = {
    [RECORD_EMPTY] = { .progress = { RECORD_EMPTY, 2, 1, 1, 0 },
                       .facts = FACTS },
    [RECORD_PARSING] = { .progress = { RECORD_PARSING, 2, 1, 1, 0 },
                         .facts = FACTS },
    [RECORD_HANDLING] = { .progress = { RECORD_HANDLING, 3, 1, 1, 0 },
                          .record = { .request_start = 100,
                                      .request_bytes = 40 },
                          .facts = FACTS },
    [RECORD_COMMITTED] = { .progress = { RECORD_COMMITTED, 3, 1, 1, 0 },
                           .record = { .request_start = 100,
                                       .request_bytes = 40,
                                       .response_start = 500,
                                       .response_bytes = 200,
                                       .status = 200 },
                           .facts = FACTS },
    [RECORD_CLOSING] = { .progress = { RECORD_CLOSING, 3, 2, 1, 0 },
                         .facts = FACTS },
};

struct left_behind changed(enum record_state state,
                           const struct change *changes, int count)
{
    struct left_behind left = sound[state];

    for (int i = 0; i < count; i++) /* little-endian: the low bytes first */
        memcpy((char *)&left + changes[i].offset, &changes[i].value,
               changes[i].size);
    record_store(&left.record, left.progress);
    return left;
}

const char *check(const struct left_behind *left)
{
    return record_check(&left->record, &left->facts);
}
