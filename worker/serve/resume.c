/* resume.c - believes the kernel, then the record. */
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

    /* Its last worker refused it, and died before it said so. */
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
        return "the system knows nothing of the connection";
    connection->consumed_bytes = facts.consumed_bytes;
    connection->written_bytes = facts.written_bytes;
    /* Only an EMPTY record promises that the mark stands at 1. */
    connection->low_water_raised = connection->progress.state != RECORD_EMPTY;
    if (connection->progress.state == RECORD_COMMITTED &&
        !step_own_area(connection))
        return "its response is in no response area";
    if (dead) {
        connection_abandon(connection);
        return NULL;
    }
    return record_check(record, &facts);
}
