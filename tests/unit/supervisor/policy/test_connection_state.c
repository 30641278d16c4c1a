/* SPDX-License-Identifier: MIT */
/* test_connection_state.c - every lawful step of a connection is listed here;
 * every other step is refused and changes nothing. */
#include "supervisor/policy/connection_state.h"
#include "tests/harness/run_suite.h"

#define FREE         CONNECTION_FREE
#define IDLE         CONNECTION_IDLE
#define PARTIAL      CONNECTION_PARTIAL
#define TRICKLE      CONNECTION_TRICKLE
#define STALLED      CONNECTION_STALLED
#define EMPTY_WORKER CONNECTION_EMPTY_WORKER
#define URGENT       CONNECTION_URGENT
#define QUEUED       CONNECTION_QUEUED
#define LATER        CONNECTION_LATER
#define LINGERING    CONNECTION_LINGERING
#define HANDED       CONNECTION_HANDED
#define RECLAIMED    CONNECTION_RECLAIMED

static const struct {
    enum connection_state from, to;
} lawful[] = {
    /* Accepted. */
    { FREE, IDLE },
    { FREE, QUEUED },
    /* The client sent something, or is overdue. */
    { IDLE, QUEUED },
    { IDLE, EMPTY_WORKER },
    { PARTIAL, QUEUED },
    { PARTIAL, EMPTY_WORKER },
    { PARTIAL, LATER },
    { TRICKLE, PARTIAL },
    /* The client read more of its response, or nothing for too long. */
    { STALLED, LATER },
    { STALLED, EMPTY_WORKER },
    { STALLED, LINGERING },
    /* A worker was free. */
    { EMPTY_WORKER, HANDED },
    { URGENT, HANDED },
    { QUEUED, HANDED },
    { LATER, HANDED },
    /* No worker was free in time: there is no request, there is a rest of a
     * response, or the request is refused. */
    { EMPTY_WORKER, IDLE },
    { URGENT, IDLE },
    { QUEUED, IDLE },
    { LATER, IDLE },
    { EMPTY_WORKER, STALLED },
    { URGENT, STALLED },
    { QUEUED, STALLED },
    { LATER, STALLED },
    { EMPTY_WORKER, LINGERING },
    { URGENT, LINGERING },
    { QUEUED, LINGERING },
    { LATER, LINGERING },
    /* The worker returned the connection, or died. */
    { HANDED, RECLAIMED },
    { RECLAIMED, IDLE },
    { RECLAIMED, PARTIAL },
    { RECLAIMED, TRICKLE },
    { RECLAIMED, STALLED },
    { RECLAIMED, EMPTY_WORKER },
    { RECLAIMED, URGENT },
    { RECLAIMED, QUEUED },
    { RECLAIMED, LATER },
    { RECLAIMED, LINGERING },
    /* Closed. */
    { IDLE, FREE },
    { PARTIAL, FREE },
    { TRICKLE, FREE },
    { STALLED, FREE },
    { EMPTY_WORKER, FREE },
    { URGENT, FREE },
    { QUEUED, FREE },
    { LATER, FREE },
    { LINGERING, FREE },
    { RECLAIMED, FREE },
};

static bool is_listed(enum connection_state from, enum connection_state to)
{
    for (size_t i = 0; i < ROWS(lawful); i++)
        if (lawful[i].from == from && lawful[i].to == to)
            return true;
    return false;
}

START_TEST(listed_steps_are_lawful_and_all_others_change_nothing)
{
    enum connection_state from = (enum connection_state)_i;

    for (int i = 0; i < CONNECTION_STATES; i++) {
        enum connection_state to = (enum connection_state)i, state = from;
        bool is_lawful = connection_state_step(&state, to);

        ck_assert_msg(is_lawful == is_listed(from, to), "step %d to %d", _i, i);
        ck_assert_int_eq(state, is_lawful ? to : from);
    }
}
END_TEST

/* A connection that could wait without a deadline would wait forever. */
START_TEST(connection_outside_a_worker_has_a_deadline)
{
    enum connection_state state = (enum connection_state)_i;

    ck_assert_int_eq(connection_state_has_deadline(state),
                     state != FREE && state != HANDED && state != RECLAIMED);
    ck_assert_int_eq(connection_state_waits_for_client(state),
                     state == IDLE || state == PARTIAL || state == TRICKLE ||
                         state == STALLED);
    ck_assert_int_eq(connection_state_waits_for_worker(state),
                     state == EMPTY_WORKER || state == URGENT ||
                         state == QUEUED || state == LATER);
    ck_assert_int_eq(connection_state_is_watched(state),
                     state == IDLE || state == PARTIAL || state == STALLED ||
                         state == LINGERING);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("connection state");

    tcase_add_loop_test(cases,
                        listed_steps_are_lawful_and_all_others_change_nothing,
                        0, CONNECTION_STATES);
    tcase_add_loop_test(cases, connection_outside_a_worker_has_a_deadline, 0,
                        CONNECTION_STATES);
    return run_suite("connection state", cases);
}
