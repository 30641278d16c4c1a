/* test_lifecycle.c - the laws of a worker's life.  Together they know every
 * lawful step; mutate_lifecycle.sh proves that they do. */
#include "supervisor/policy/lifecycle.h"
#include "tests/harness/run_suite.h"
#include <string.h>

/* A new step is a decision, and must change this number. */
#define LAWFUL_STEPS 30

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

START_TEST(a_child_that_is_wanted_forks_with_a_permit)
{
    expect(WORKER_ABSENT, EVENT_WANTED, WORKER_PENDING, ACTION_ASK);
    expect(WORKER_PENDING, EVENT_FORKED, WORKER_STARTING, ACTION_NONE);
}
END_TEST

START_TEST(a_fork_that_fails_is_tried_again_after_a_rest)
{
    expect(WORKER_PENDING, EVENT_FORK_FAILED, WORKER_RESTING, ACTION_REST);
    expect(WORKER_RESTING, EVENT_RESTED, WORKER_PENDING, ACTION_ASK);
}
END_TEST

START_TEST(a_worker_is_ready_while_it_holds_nothing_and_busy_while_it_does)
{
    expect(WORKER_STARTING, EVENT_ONLINE, WORKER_READY, ACTION_NONE);
    expect(WORKER_READY, EVENT_HANDED, WORKER_BUSY, ACTION_NONE);
    expect(WORKER_BUSY, EVENT_IDLE, WORKER_READY, ACTION_NONE);
}
END_TEST

static const enum worker_state at_work[] = { WORKER_STARTING, WORKER_READY,
                                             WORKER_BUSY };

START_TEST(an_end_at_work_is_followed_by_what_the_policy_says)
{
    expect(at_work[_i], EVENT_LEFT_RENEW, WORKER_PENDING, ACTION_ASK);
    expect(at_work[_i], EVENT_LEFT_REST, WORKER_RESTING, ACTION_REST);
    expect(at_work[_i], EVENT_LEFT_RETIRE, WORKER_ABSENT, ACTION_NONE);
}
END_TEST

START_TEST(who_is_at_work_is_asked_to_leave)
{
    expect(at_work[_i], EVENT_DRAIN, WORKER_DRAINING, ACTION_DRAIN);
}
END_TEST

START_TEST(where_nobody_works_nobody_is_asked_to_leave)
{
    expect(WORKER_ABSENT, EVENT_DRAIN, WORKER_ABSENT, ACTION_NONE);
    expect(WORKER_PENDING, EVENT_DRAIN, WORKER_ABSENT, ACTION_NONE);
    expect(WORKER_RESTING, EVENT_DRAIN, WORKER_ABSENT, ACTION_NONE);
}
END_TEST

START_TEST(draining_lets_an_answer_finish_and_is_asked_for_once)
{
    expect(WORKER_DRAINING, EVENT_DRAIN, WORKER_DRAINING, ACTION_NONE);
    expect(WORKER_DRAINING, EVENT_ONLINE, WORKER_DRAINING, ACTION_NONE);
    expect(WORKER_DRAINING, EVENT_IDLE, WORKER_DRAINING, ACTION_NONE);
}
END_TEST

START_TEST(draining_replaces_nobody)
{
    expect(WORKER_DRAINING, EVENT_LEFT_RENEW, WORKER_ABSENT, ACTION_NONE);
    expect(WORKER_DRAINING, EVENT_LEFT_REST, WORKER_ABSENT, ACTION_NONE);
    expect(WORKER_DRAINING, EVENT_LEFT_RETIRE, WORKER_ABSENT, ACTION_NONE);
}
END_TEST

START_TEST(who_is_overdue_is_killed_where_it_stands)
{
    expect(WORKER_STARTING, EVENT_OVERDUE, WORKER_STARTING, ACTION_KILL);
    expect(WORKER_DRAINING, EVENT_OVERDUE, WORKER_DRAINING, ACTION_KILL);
}
END_TEST

START_TEST(every_other_step_is_refused_and_changes_nothing)
{
    int lawful = 0;

    for (int state = 0; state < WORKER_STATES; state++) {
        for (int event = 0; event < WORKER_EVENTS; event++) {
            struct transition step = lifecycle_next((enum worker_state)state,
                                                    (enum worker_event)event);

            if (step.action == ACTION_REFUSE)
                ck_assert_int_eq((int)step.next, state);
            else
                lawful++;
        }
    }
    ck_assert_int_eq(lawful, LAWFUL_STEPS);
}
END_TEST

/* Does the process begin and end exactly where `alive` says? */
START_TEST(a_process_begins_with_a_fork_and_ends_by_leaving)
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

START_TEST(a_drain_and_an_end_empty_every_child)
{
    enum worker_state state =
        lifecycle_next((enum worker_state)_i, EVENT_DRAIN).next;

    if (worker_is_alive(state))
        state = lifecycle_next(state, EVENT_LEFT_REST).next;
    ck_assert_int_eq((int)state, WORKER_ABSENT);
}
END_TEST

START_TEST(states_and_events_have_names_of_their_own)
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
    TCase *cases = tcase_create("life");

    tcase_add_test(cases, a_child_that_is_wanted_forks_with_a_permit);
    tcase_add_test(cases, a_fork_that_fails_is_tried_again_after_a_rest);
    tcase_add_test(
        cases, a_worker_is_ready_while_it_holds_nothing_and_busy_while_it_does);
    tcase_add_loop_test(cases,
                        an_end_at_work_is_followed_by_what_the_policy_says, 0,
                        ROWS(at_work));
    tcase_add_loop_test(cases, who_is_at_work_is_asked_to_leave, 0,
                        ROWS(at_work));
    tcase_add_test(cases, where_nobody_works_nobody_is_asked_to_leave);
    tcase_add_test(cases, draining_lets_an_answer_finish_and_is_asked_for_once);
    tcase_add_test(cases, draining_replaces_nobody);
    tcase_add_test(cases, who_is_overdue_is_killed_where_it_stands);
    tcase_add_test(cases, every_other_step_is_refused_and_changes_nothing);
    tcase_add_test(cases, a_process_begins_with_a_fork_and_ends_by_leaving);
    tcase_add_loop_test(cases, a_drain_and_an_end_empty_every_child, 0,
                        WORKER_STATES);
    tcase_add_test(cases, states_and_events_have_names_of_their_own);
    return run_suite("lifecycle", cases);
}
