/* SPDX-License-Identifier: MIT */
/*
 * records.h - records as a worker may leave them, and changes to them.
 *
 * For the tests of record.h.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_RECORDS_H
#define TESTS_HARNESS_SUPERVISOR_RECORDS_H

#include "worker/protocol/record.h"

/* A record, and the kernel that it is held against. */
struct left_behind {
    struct record_progress progress;
    struct record record;
    struct record_facts facts;
};

/*
 * A sound one in each state: two requests are over, one of them was refused.
 * The third lies at byte 100, of 60 that are unread its are 40; its response
 * lies at byte 500, has 200 bytes in a room of 1000, and none is sent.  When
 * CLOSING, it is answered.
 */
extern const struct left_behind sound[RECORD_STATES];

/* A field to be set to another value; all zero for none. */
struct change {
    size_t offset, size;
    uint64_t value;
};

#define NOTHING                                                                \
    {                                                                          \
        0, 0, 0                                                                \
    }
#define SET(field, value)                                                      \
    {                                                                          \
        offsetof(struct left_behind, field),                                   \
            sizeof(((struct left_behind *)0)->field), (value)                  \
    }

/* The sound one with `count` changes made. */
struct left_behind changed(enum record_state state,
                           const struct change *changes, int count);

/* record_check() of it. */
const char *check(const struct left_behind *left);

#endif
