/* SPDX-License-Identifier: MIT */
/*
 * records.h - records that a worker may leave, and changes to them.
 *
 * For the tests of record.h.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_RECORDS_H
#define TESTS_HARNESS_SUPERVISOR_RECORDS_H

#include "worker/protocol/record.h"

/* A record, and the facts of the kernel that it is checked against. */
struct left_behind {
    struct record_progress progress;
    struct record record;
    struct record_facts facts;
};

/*
 * A valid record for each state: two requests are done, one of them was
 * refused. The third begins at byte 100 and has 40 of the 60 unread bytes.  Its
 * response begins at byte 500 and has 200 bytes of 1000, none of them sent.  In
 * state CLOSING it is answered.
 */
extern const struct left_behind sound[RECORD_STATES];

/* A field and its new value; all zero for no change. */
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

/* Returns the valid record with `count` changes. */
struct left_behind changed(enum record_state state,
                           const struct change *changes, int count);

/* Returns the result of record_check(). */
const char *check(const struct left_behind *left);

#endif
