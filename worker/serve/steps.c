/* SPDX-License-Identifier: MIT */
/* steps.c - functions that several steps share. */
#include "worker/clock.h"
#include "worker/serve/internal.h"
#include <sys/socket.h>

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
    step_release_area(connection);
}

/* ---- Response areas ---- */

bool step_own_area(struct connection *connection)
{
    const struct record *record = connection->record;

    if (record->area >= connection->arena->area_count ||
        record->response_bytes > ARENA_RESPONSE_BYTES)
        return false;
    connection->area = record->area;
    connection->area_used_bytes = record->response_bytes;
    return true;
}

bool step_take_area(struct connection *connection)
{
    if (connection->area == ARENA_NO_AREA) {
        connection->area = arena_take(connection->arena);
        connection->area_used_bytes = 0;
    }
    return connection->area != ARENA_NO_AREA;
}

void step_release_area(struct connection *connection)
{
    uint32_t area = connection->area;

    connection->area = ARENA_NO_AREA;
    if (area != ARENA_NO_AREA)
        arena_release(connection->arena, area, connection->area_used_bytes);
}

/* In a self-accepting worker, a response keeps its area until its client has
 * read it.  So the last area is used only for small responses, which the send
 * queue usually takes whole. */
size_t step_response_capacity(const struct connection *connection,
                              const struct connection_setting *setting)
{
    const struct arena *arena = connection->arena;
    uint64_t allowed = atomic_load(&arena->head->allowance_bytes);
    uint64_t claimed = arena_claimed(arena);
    uint64_t capacity = allowed > claimed ? allowed - claimed : 0;

    if (capacity < ARENA_SMALL_BYTES ||
        (setting->keeps_connections && !arena_has_free(arena)))
        return ARENA_SMALL_BYTES;
    return capacity < ARENA_RESPONSE_BYTES ? (size_t)capacity
                                           : ARENA_RESPONSE_BYTES;
}

bool step_claim(const struct connection *connection, size_t bytes)
{
    const struct arena *arena = connection->arena;

    arena_claim(arena, connection->area, (uint32_t)bytes);
    if (bytes <= ARENA_SMALL_BYTES ||
        arena_claimed(arena) <= atomic_load(&arena->head->allowance_bytes))
        return true;
    arena_claim(arena, connection->area, 0);
    return false;
}

enum connection_need step_close(struct connection *connection)
{
    connection_abandon(connection);
    return NEED_CLOSE;
}

uint64_t connection_arrival_left_us(const struct connection *connection,
                                    uint64_t timeout_us)
{
    return record_arrival_left_us(connection->record, timeout_us,
                                  clock_monotonic_us());
}
