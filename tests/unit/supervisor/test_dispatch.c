/* SPDX-License-Identifier: MIT */
/* test_dispatch.c - handoffs of a saved response that fail. */
#include "supervisor/handoff/dispatch.h"
#include "supervisor/handoff/reclaim.h"
#include "supervisor/handoff/recovery.h"
#include "supervisor/handoff/response_memory.h"
#include "supervisor/log/journal.h"
#include "supervisor/pool/outbox.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include "tests/harness/text_file.h"
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TURNS_MAX 1000

static char log_path[TEXT_FILE_PATH];

/* Opens a supervisor with one worker, and queues a connection with a committed
 * response that a worker has left. */
static struct held_connection *open_with_response(struct no_workers *no_workers,
                                                  int *peer)
{
    struct supervisor *supervisor = &no_workers->supervisor;
    struct child *child;
    char options[TEXT_FILE_PATH + 100];
    enum record_state state;
    struct held_connection *held;
    struct record *record;

    text_file_make(log_path, "");
    snprintf(options, sizeof(options),
             "--workers 1 --spares 0 --handoff connection --log %s", log_path);
    no_workers_open(no_workers, options);
    child = &supervisor->children[0];
    memory_share_out(supervisor);
    held = no_workers_hand(no_workers, 0, peer);
    ck_assert_int_eq(send(*peer, "r", 1, 0), 1);
    record = &child->arena.records[held->assignment.record];
    *record = (struct record){ .request_bytes = 1,
                               .response_bytes = 1000,
                               .status = 200,
                               .area = arena_take(&child->arena) };
    record_store(record,
                 (struct record_progress){ RECORD_COMMITTED, 1, 0, 0, 0 });
    held =
        reclaim_take(supervisor, child, held->assignment.record, false, &state);
    ck_assert_ptr_nonnull(held);
    recovery_orphaned(supervisor, held, state, BLAME_OUTSIDE);
    ck_assert(connection_state_waits_for_worker(held->state));
    return held;
}

/* The worker is paused for handoffs only: other messages are sent. */
static void expect_paused(struct no_workers *no_workers,
                          const struct held_connection *held)
{
    struct child *child = &no_workers->supervisor.children[0];

    dispatch(&no_workers->supervisor);
    ck_assert(connection_state_waits_for_worker(held->state));
    ck_assert(ev_is_active(&child->handoff_timer));
    ck_assert(!child->channel_full);
    ck_assert_int_eq(outbox_send(child, CHANNEL_PING), 0);
}

static bool logged(const char *text)
{
    FILE *file = fopen(log_path, "re");
    char log[4096];

    ck_assert_ptr_nonnull(file);
    log[fread(log, 1, sizeof(log) - 1, file)] = '\0';
    fclose(file);
    return strstr(log, text) != NULL;
}

/* The connection is handed off after the pause.  Returns whether `text` was
 * logged. */
static bool end(struct no_workers *no_workers, struct child *child,
                const struct held_connection *held, int peer, const char *text)
{
    bool found;
    struct supervisor *supervisor = &no_workers->supervisor;

    for (int i = 0; i < TURNS_MAX && ev_is_active(&child->handoff_timer); i++)
        ev_run(supervisor->loop, EVRUN_ONCE);
    dispatch(supervisor);
    ck_assert_int_eq(held->state, CONNECTION_HANDED);
    journal_flush(supervisor->journal);
    found = logged(text);
    unlink(log_path);
    close(peer);
    no_workers_close(no_workers);
    return found;
}

START_TEST(failed_write_pauses_handoffs_and_no_other_message)
{
    struct no_workers no_workers;
    struct child *child;
    int peer, fd;
    struct held_connection *held = open_with_response(&no_workers, &peer);

    child = &no_workers.supervisor.children[0];
    fd = child->arena.fd;
    child->arena.fd = -1;
    expect_paused(&no_workers, held);
    child->arena.fd = fd;
    ck_assert(end(&no_workers, child, held, peer,
                  "cannot be handed a connection: Bad file descriptor"));
}
END_TEST

/* A worker releases an area soon, so that this is not logged. */
START_TEST(missing_area_pauses_handoffs_and_no_other_message)
{
    struct no_workers no_workers;
    struct child *child;
    int peer;
    struct held_connection *held = open_with_response(&no_workers, &peer);

    child = &no_workers.supervisor.children[0];
    while (arena_take(&child->arena) != ARENA_NO_AREA)
        continue;
    expect_paused(&no_workers, held);
    /* The failed handoff released the areas, because no connection uses one. */
    ck_assert(!end(&no_workers, child, held, peer, "cannot be"));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("dispatch");

    tcase_add_test(cases, failed_write_pauses_handoffs_and_no_other_message);
    tcase_add_test(cases, missing_area_pauses_handoffs_and_no_other_message);
    return run_suite("dispatch", cases);
}
