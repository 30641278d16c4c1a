/* SPDX-License-Identifier: MIT */
/* test_connection_enter.c - the list, the watcher and the counts of a
 * connection follow from its state. */
#include "supervisor/connections/connections.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define STEPS_MAX 5000

static struct held_connection *adopt(struct supervisor *supervisor, int *client)
{
    const struct sockaddr_storage peer = { .ss_family = AF_UNIX };
    int ends[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    *client = ends[1];
    connections_adopt(supervisor, ends[0], false, &peer);
    return &supervisor->connections->table[0];
}

static void expect_place(const struct supervisor *supervisor,
                         struct held_connection *held)
{
    const struct connections *connections = supervisor->connections;

    for (int i = 0; i < CONNECTION_STATES; i++) {
        bool is_listed = connection_state_has_deadline(held->state) &&
                         held->state == (enum connection_state)i;

        ck_assert_ptr_eq(connections->lists[i].head, is_listed ? held : NULL);
        ck_assert_ptr_eq(connections->lists[i].tail, is_listed ? held : NULL);
    }
    ck_assert_int_eq(ev_is_active(&held->watcher),
                     connection_state_is_watched(held->state));
    ck_assert_uint_eq(connections->lingering,
                      held->state == CONNECTION_LINGERING);
    ck_assert_uint_eq(connections->count, held->state != CONNECTION_FREE);
}

/* Takes one random lawful step. */
static void step(struct supervisor *supervisor, struct held_connection *held)
{
    enum connection_state next =
        (enum connection_state)(rand() % CONNECTION_STATES);
    enum connection_state state = held->state;

    if (!connection_state_step(&state, next))
        return;
    if (next == CONNECTION_FREE) {
        connections_drop(supervisor, held, END_CLOSED);
        return;
    }
    if (next == CONNECTION_STALLED && !held->saved_request)
        connections_save_request(supervisor, held,
                                 calloc(1, sizeof(struct saved_request)));
    connection_enter(supervisor, held, next);
    ck_assert_int_eq(held->state, next);
}

START_TEST(list_and_watcher_follow_from_the_state)
{
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    struct held_connection *held;
    bool was_entered[CONNECTION_STATES] = { false };
    int client;

    no_workers_open(&no_workers, "--workers 1 --spares 0");
    held = adopt(supervisor, &client);
    for (int i = 0; i < STEPS_MAX; i++) {
        step(supervisor, held);
        expect_place(supervisor, held);
        was_entered[held->state] = true;
        if (held->state == CONNECTION_FREE) {
            close(client);
            held = adopt(supervisor, &client);
        }
    }
    for (int i = 0; i < CONNECTION_STATES; i++)
        ck_assert_msg(was_entered[i], "state %d", i);
    close(client);
    no_workers_close(&no_workers);
}
END_TEST

START_TEST(unlawful_step_is_an_assertion)
{
    struct no_workers no_workers;
    int client;

    no_workers_open(&no_workers, "--workers 1 --spares 0");
    connection_enter(&no_workers.supervisor,
                     adopt(&no_workers.supervisor, &client), CONNECTION_URGENT);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("connection enter");

    tcase_add_test(cases, list_and_watcher_follow_from_the_state);
    tcase_add_test_raise_signal(cases, unlawful_step_is_an_assertion, SIGABRT);
    return run_suite("connection enter", cases);
}
