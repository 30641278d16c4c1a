/* SPDX-License-Identifier: MIT */
/* test_lifecycle.c - the valid transitions of a worker.  The tests cover all of
 * them, which mutate_lifecycle.sh proves. */
#include "supervisor/policy/lifecycle.h"
#include "tests/harness/run_suite.h"
#include <string.h>

/* Update this number when the table gains or loses a transition. */
#define VALID_TRANSITIONS 73

static void expect(enum worker_state state, enum worker_event event,
                   enum worker_state next, enum worker_action action)
{
    struct transition step = lifecycle_next(state, event);

    ck_assert_msg(step.next == next && step.action == action,
                  "%s, %s: want %s with action %d, got %s with action %d",
                  worker_state_name(state), worker_event_name(event),
                  worker_state_name(next), (int)action,
                  worker_state_name(step.next), (int)step.action);
}

START_TEST(wanted_child_asks_before_it_forks)
{
    expect(WORKER_ABSENT, EVENT_WANTED, WORKER_PENDING, ACTION_ASK);
    expect(WORKER_PENDING, EVENT_FORKED, WORKER_STARTING, ACTION_NONE);
}
END_TEST

START_TEST(failed_fork_is_retried_after_a_rest)
{
    expect(WORKER_PENDING, EVENT_FORK_FAILED, WORKER_RESTING, ACTION_REST);
    expect(WORKER_RESTING, EVENT_RESTED, WORKER_PENDING, ACTION_ASK);
}
END_TEST

START_TEST(worker_with_a_connection_is_busy_and_without_is_ready)
{
    expect(WORKER_STARTING, EVENT_ONLINE, WORKER_READY, ACTION_NONE);
    expect(WORKER_READY, EVENT_HANDED, WORKER_BUSY, ACTION_NONE);
    expect(WORKER_BUSY, EVENT_IDLE, WORKER_READY, ACTION_NONE);
}
END_TEST

static const enum worker_state alive[] = {
    WORKER_STARTING, WORKER_READY,    WORKER_BUSY,    WORKER_LEAVING,
    WORKER_DRAINING, WORKER_ABORTING, WORKER_KILLING,
};

START_TEST(exit_of_a_worker_follows_the_policy)
{
    expect(alive[_i], EVENT_LEFT_RENEW, WORKER_PENDING, ACTION_ASK);
    expect(alive[_i], EVENT_LEFT_REST, WORKER_RESTING, ACTION_REST);
    expect(alive[_i], EVENT_LEFT_RETIRE, WORKER_ABSENT, ACTION_NONE);
}
END_TEST

START_TEST(kill_ends_a_worker_in_any_state)
{
    expect(alive[_i], EVENT_KILL, WORKER_KILLING, ACTION_KILL);
}
END_TEST

START_TEST(worker_that_closed_its_channel_is_ended)
{
    expect(alive[_i], EVENT_CLOSED, WORKER_KILLING,
           alive[_i] == WORKER_KILLING ? ACTION_NONE : ACTION_END);
}
END_TEST

/* STARTING, READY, BUSY, LEAVING: the first four of alive[]. */
START_TEST(active_worker_is_asked_to_drain)
{
    expect(alive[_i], EVENT_DRAIN, WORKER_DRAINING, ACTION_DRAIN);
}
END_TEST

START_TEST(worker_that_says_that_it_leaves_is_leaving)
{
    expect(WORKER_READY, EVENT_LEAVING, WORKER_LEAVING, ACTION_NONE);
    expect(WORKER_BUSY, EVENT_LEAVING, WORKER_LEAVING, ACTION_NONE);
    expect(WORKER_LEAVING, EVENT_LEAVING, WORKER_LEAVING, ACTION_NONE);
    expect(WORKER_LEAVING, EVENT_IDLE, WORKER_LEAVING, ACTION_NONE);
}
END_TEST

/* READY, BUSY, LEAVING, DRAINING. */
START_TEST(hung_worker_is_aborted)
{
    expect(alive[_i], EVENT_HUNG, WORKER_ABORTING, ACTION_ABORT);
}
END_TEST

START_TEST(ending_worker_may_finish)
{
    static const enum worker_state ending[] = { WORKER_ABORTING,
                                                WORKER_KILLING };

    for (size_t i = 0; i < ROWS(ending); i++) {
        expect(ending[i], EVENT_IDLE, ending[i], ACTION_NONE);
        expect(ending[i], EVENT_LEAVING, ending[i], ACTION_NONE);
        expect(ending[i], EVENT_DRAIN, ending[i], ACTION_NONE);
    }
    expect(WORKER_KILLING, EVENT_ONLINE, WORKER_KILLING, ACTION_NONE);
}
END_TEST

START_TEST(drain_of_a_child_without_process_makes_it_absent)
{
    expect(WORKER_ABSENT, EVENT_DRAIN, WORKER_ABSENT, ACTION_NONE);
    expect(WORKER_PENDING, EVENT_DRAIN, WORKER_ABSENT, ACTION_NONE);
    expect(WORKER_RESTING, EVENT_DRAIN, WORKER_ABSENT, ACTION_NONE);
}
END_TEST

START_TEST(draining_worker_may_finish_and_is_asked_once)
{
    expect(WORKER_DRAINING, EVENT_DRAIN, WORKER_DRAINING, ACTION_NONE);
    expect(WORKER_DRAINING, EVENT_ONLINE, WORKER_DRAINING, ACTION_NONE);
    expect(WORKER_DRAINING, EVENT_IDLE, WORKER_DRAINING, ACTION_NONE);
    expect(WORKER_DRAINING, EVENT_LEAVING, WORKER_DRAINING, ACTION_NONE);
}
END_TEST

START_TEST(overdue_worker_is_killed)
{
    expect(WORKER_STARTING, EVENT_OVERDUE, WORKER_KILLING, ACTION_KILL);
    expect(WORKER_LEAVING, EVENT_OVERDUE, WORKER_KILLING, ACTION_KILL);
    expect(WORKER_DRAINING, EVENT_OVERDUE, WORKER_KILLING, ACTION_KILL);
}
END_TEST

START_TEST(refused_kill_and_overdue_abort_keep_the_cause)
{
    expect(WORKER_ABORTING, EVENT_OVERDUE, WORKER_KILLING, ACTION_END);
    expect(WORKER_KILLING, EVENT_OVERDUE, WORKER_KILLING, ACTION_END);
}
END_TEST

START_TEST(every_other_transition_is_refused_and_changes_nothing)
{
    int valid = 0;

    for (int state = 0; state < WORKER_STATES; state++) {
        for (int event = 0; event < WORKER_EVENTS; event++) {
            struct transition step = lifecycle_next((enum worker_state)state,
                                                    (enum worker_event)event);

            if (step.action == ACTION_REFUSE)
                ck_assert_int_eq((int)step.next, state);
            else
                valid++;
        }
    }
    ck_assert_int_eq(valid, VALID_TRANSITIONS);
}
END_TEST

/* worker_is_alive() must agree with the fork and the exit. */
START_TEST(process_is_alive_from_fork_to_exit)
{
    for (int from = 0; from < WORKER_STATES; from++) {
        for (int event = 0; event < WORKER_EVENTS; event++) {
            enum worker_state state = (enum worker_state)from;
            struct transition step =
                lifecycle_next(state, (enum worker_event)event);
            bool left = event == EVENT_LEFT_RENEW || event == EVENT_LEFT_REST ||
                        event == EVENT_LEFT_RETIRE;

            if (step.action == ACTION_REFUSE)
                continue;
            ck_assert_int_eq(
                worker_is_alive(step.next),
                left ? false : event == EVENT_FORKED || worker_is_alive(state));
        }
    }
}
END_TEST

START_TEST(drain_and_exit_make_any_child_absent)
{
    enum worker_state state =
        lifecycle_next((enum worker_state)_i, EVENT_DRAIN).next;

    if (worker_is_alive(state))
        state = lifecycle_next(state, EVENT_LEFT_RETIRE).next;
    ck_assert_int_eq((int)state, WORKER_ABSENT);
}
END_TEST

START_TEST(names_of_states_and_events_are_unique)
{
    for (int i = 0; i < WORKER_STATES; i++)
        for (int j = 0; j <= WORKER_STATES; j++)
            ck_assert(i == j ||
                      strcmp(worker_state_name((enum worker_state)i),
                             worker_state_name((enum worker_state)j)) != 0);
    for (int i = 0; i < WORKER_EVENTS; i++)
        for (int j = 0; j <= WORKER_EVENTS; j++)
            ck_assert(i == j ||
                      strcmp(worker_event_name((enum worker_event)i),
                             worker_event_name((enum worker_event)j)) != 0);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("lifecycle");

    tcase_add_test(cases, wanted_child_asks_before_it_forks);
    tcase_add_test(cases, failed_fork_is_retried_after_a_rest);
    tcase_add_test(cases,
                   worker_with_a_connection_is_busy_and_without_is_ready);
    tcase_add_loop_test(cases, exit_of_a_worker_follows_the_policy, 0,
                        ROWS(alive));
    tcase_add_loop_test(cases, kill_ends_a_worker_in_any_state, 0, ROWS(alive));
    tcase_add_loop_test(cases, worker_that_closed_its_channel_is_ended, 0,
                        ROWS(alive));
    tcase_add_loop_test(cases, active_worker_is_asked_to_drain, 0, 4);
    tcase_add_test(cases, worker_that_says_that_it_leaves_is_leaving);
    tcase_add_loop_test(cases, hung_worker_is_aborted, 1, 5);
    tcase_add_test(cases, ending_worker_may_finish);
    tcase_add_test(cases, drain_of_a_child_without_process_makes_it_absent);
    tcase_add_test(cases, draining_worker_may_finish_and_is_asked_once);
    tcase_add_test(cases, overdue_worker_is_killed);
    tcase_add_test(cases, refused_kill_and_overdue_abort_keep_the_cause);
    tcase_add_test(cases,
                   every_other_transition_is_refused_and_changes_nothing);
    tcase_add_test(cases, process_is_alive_from_fork_to_exit);
    tcase_add_loop_test(cases, drain_and_exit_make_any_child_absent, 0,
                        WORKER_STATES);
    tcase_add_test(cases, names_of_states_and_events_are_unique);
    return run_suite("lifecycle", cases);
}
