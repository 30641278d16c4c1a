/* SPDX-License-Identifier: MIT */
/* resume.c - resumes a connection from the kernel's counts and its record. */
#include "worker/protocol/kernel_queue.h"
#include "worker/serve/internal.h"
#include <errno.h>

int connection_facts(int fd, const struct record *record,
                     struct record_facts *facts, bool *counted, bool *dead)
{
    struct kernel_queue queue;

    *counted = kernel_queue_read(fd, &queue) == 0;
    *dead = *counted && queue.dead;
    if (*counted)
        *facts = (struct record_facts){
            .consumed_bytes = queue.consumed_bytes,
            .unread_bytes = queue.unread_bytes,
            .written_bytes = queue.written_bytes,
        };
    else if (errno == EOPNOTSUPP)
        *facts = record_own_facts(record, kernel_queue_unread(fd));
    else
        return -1;
    facts->response_capacity = ARENA_RESPONSE_BYTES;
    return 0;
}

const char *connection_resume(struct connection *connection, int fd,
                              struct record *record, struct arena *arena,
                              unsigned refusal)
{
    struct record_facts facts;
    bool dead;

    struct record_progress progress = record_load(record);

    /* The last worker died before it committed the quarantine's refusal. */
    if (!refusal && progress.state == RECORD_HANDLING &&
        record->flags & RECORD_QUARANTINED)
        refusal = 503;
    *connection = (struct connection){ .fd = fd,
                                       .record = record,
                                       .arena = arena,
                                       .area = ARENA_NO_AREA,
                                       .progress = progress,
                                       .refusal = refusal };
    if (connection->progress.state == RECORD_EMPTY &&
        record->flags & RECORD_KNOWN) {
        connection->counted = true;
        connection->consumed_bytes = record->request_start;
        connection->written_bytes = record->response_start;
        return NULL;
    }
    if (connection_facts(fd, record, &facts, &connection->counted, &dead) < 0)
        return "the kernel does not report counts for the connection";
    connection->consumed_bytes = facts.consumed_bytes;
    connection->written_bytes = facts.written_bytes;
    /* SO_RCVLOWAT is known to be 1 only in state EMPTY. */
    connection->low_water_raised = connection->progress.state != RECORD_EMPTY;
    if (connection->progress.state == RECORD_COMMITTED &&
        !step_own_area(connection))
        return "the response area of the response is not valid";
    if (dead) {
        connection_abandon(connection);
        return NULL;
    }
    return record_check(record, &facts);
}
