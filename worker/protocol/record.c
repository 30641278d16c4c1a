/* SPDX-License-Identifier: MIT */
/* record.c - packs the progress of a record, and checks a record against the
 * facts. */
#include "worker/protocol/record.h"

#define STATE_BITS 4
#define COUNT_BITS 15
#define STATE_MASK ((UINT64_C(1) << STATE_BITS) - 1)
#define COUNT_MASK ((UINT64_C(1) << COUNT_BITS) - 1)

_Static_assert(STATE_BITS + 4 * COUNT_BITS == 64, "progress is one word");
_Static_assert(RECORD_STATES <= 1 << STATE_BITS, "every state has a number");
_Static_assert(RECORD_COUNT_LIMIT == COUNT_MASK, "the limit is what fits");

#define FLAGS_KNOWN                                                            \
    (RECORD_ENDS | RECORD_REPEATABLE | RECORD_INTERIM | RECORD_CONTINUED |     \
     RECORD_KNOWN | RECORD_QUARANTINED)

static uint64_t place(uint32_t count, int which)
{
    return (count & COUNT_MASK) << (STATE_BITS + which * COUNT_BITS);
}

static uint32_t fetch(uint64_t word, int which)
{
    return (uint32_t)(word >> (STATE_BITS + which * COUNT_BITS) & COUNT_MASK);
}

void record_store(struct record *record, struct record_progress progress)
{
    uint64_t word = ((uint64_t)progress.state & STATE_MASK) |
                    place(progress.begun, 0) | place(progress.answered, 1) |
                    place(progress.refused, 2) | place(progress.quarantined, 3);

    /* Release: a process that reads this state also sees the other fields. */
    atomic_store_explicit(&record->progress, word, memory_order_release);
}

struct record_progress record_load(const struct record *record)
{
    uint64_t word =
        atomic_load_explicit(&record->progress, memory_order_acquire);

    return (struct record_progress){
        .state = (enum record_state)(word & STATE_MASK),
        .begun = fetch(word, 0),
        .answered = fetch(word, 1),
        .refused = fetch(word, 2),
        .quarantined = fetch(word, 3),
    };
}

static const char *check_counts(struct record_progress progress, bool interim)
{
    uint32_t ended = progress.answered + progress.refused;
    uint32_t open = progress.begun - ended;

    if (progress.begun < ended)
        return "more requests ended than begun";
    if (progress.quarantined > progress.refused)
        return "more requests refused by the quarantine than refused";
    switch (progress.state) {
    case RECORD_EMPTY:
    case RECORD_PARSING:
        return open == 0 ? NULL : "a request is in progress before it began";
    case RECORD_HANDLING:
        return open == 1 ? NULL : "not exactly one request is in progress";
    case RECORD_COMMITTED:
        /* The request of a 100 Continue has not begun yet. */
        return open == (interim ? 0 : 1)
                   ? NULL
                   : "not exactly one request is in progress";
    case RECORD_CLOSING:
        /* The client may have left during a request. */
        return open <= 1 ? NULL : "more than one request is in progress";
    case RECORD_STATES:
        break;
    }
    return "unknown state";
}

static const char *check_handling(const struct record *record,
                                  const struct record_facts *facts)
{
    if (record->request_bytes == 0)
        return "the request is empty";
    if (record->request_start != facts->consumed_bytes)
        return "the request does not begin at the kernel's position";
    if (record->request_bytes > facts->unread_bytes)
        return "the request is longer than the unread bytes";
    return NULL;
}

/* Compares differences, because a sum of values that a corrupt worker wrote
 * could wrap. */
static const char *check_committed(const struct record *record,
                                   const struct record_facts *facts)
{
    uint64_t written = facts->written_bytes - record->response_start;
    uint64_t taken = facts->consumed_bytes - record->request_start;

    if (record->response_bytes == 0)
        return "the response is empty";
    if (record->response_bytes > facts->response_capacity)
        return "the response is longer than a response area";
    if (facts->written_bytes < record->response_start ||
        written > record->response_bytes)
        return "the response does not contain the kernel's position";
    if (facts->consumed_bytes < record->request_start ||
        taken > record->request_bytes)
        return "the request does not contain the kernel's position";
    if (record->request_bytes - taken > facts->unread_bytes)
        return "the request is longer than the unread bytes";
    if (written < record->response_bytes && taken > 0)
        return "the request was consumed before its response was sent";
    if (record->flags & RECORD_INTERIM && record->request_bytes > 0)
        return "an interim response consumes a request";
    if (!(record->flags & RECORD_INTERIM) && record->request_bytes == 0)
        return "the request of the response is empty";
    if (record->status < 100 || record->status > 599)
        return "the status is not valid";
    return NULL;
}

const char *record_check(const struct record *record,
                         const struct record_facts *facts)
{
    struct record_progress progress = record_load(record);
    const char *problem;

    if (record->flags & ~FLAGS_KNOWN)
        return "unknown flags";
    if (record->line_bytes > RECORD_LINE_BYTES)
        return "the request line is longer than its field";
    problem = check_counts(progress, record->flags & RECORD_INTERIM);
    if (problem)
        return problem;
    if (progress.state == RECORD_HANDLING)
        return check_handling(record, facts);
    if (progress.state == RECORD_COMMITTED)
        return check_committed(record, facts);
    return NULL;
}

size_t record_unsent(const struct record *record,
                     const struct record_facts *facts)
{
    return (size_t)(record->response_bytes -
                    (facts->written_bytes - record->response_start));
}

size_t record_untaken(const struct record *record,
                      const struct record_facts *facts)
{
    return (size_t)(record->request_bytes -
                    (facts->consumed_bytes - record->request_start));
}

uint64_t record_arrival_left_us(const struct record *record,
                                uint64_t timeout_us, uint64_t now_us)
{
    uint64_t waited_us = now_us - record->since_us;

    return waited_us < timeout_us ? timeout_us - waited_us : 0;
}

const char *record_state_name(enum record_state state)
{
    switch (state) {
    case RECORD_EMPTY:
        return "empty";
    case RECORD_PARSING:
        return "parsing";
    case RECORD_HANDLING:
        return "handling";
    case RECORD_COMMITTED:
        return "committed";
    case RECORD_CLOSING:
        return "closing";
    case RECORD_STATES:
        break;
    }
    return "invalid";
}

struct record_facts record_own_facts(const struct record *record,
                                     uint64_t unread_bytes)
{
    return (struct record_facts){
        .consumed_bytes = record->request_start + record->taken_bytes,
        .unread_bytes = unread_bytes,
        .written_bytes = record->response_start + record->sent_bytes,
    };
}
