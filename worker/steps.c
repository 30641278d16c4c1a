/* steps.c - what all steps do alike. */
#include "worker/steps.h"
#include <sys/socket.h>
#include <time.h>

void step_mark(struct connection *connection, enum record_state state)
{
    struct record *record = connection->record;

    connection->progress.state = state;
    record_store(record, connection->progress);
    if (state == RECORD_EMPTY)
        record->flags = 0;
}

void step_set_low_water(struct connection *connection, int bytes)
{
    setsockopt(connection->fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof(bytes));
    connection->low_water_raised = bytes > 1;
}

void connection_abandon(struct connection *connection)
{
    step_mark(connection, RECORD_CLOSING);
}

enum connection_need step_close(struct connection *connection)
{
    connection_abandon(connection);
    return NEED_CLOSE;
}

uint64_t step_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

uint64_t connection_arrival_left_us(const struct connection *connection,
                                    uint64_t timeout_us)
{
    return record_arrival_left_us(connection->record, timeout_us,
                                  step_now_us());
}
