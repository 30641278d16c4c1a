/* SPDX-License-Identifier: MIT */
/*
 * test_reclaim.c - the supervisor takes a TCP connection back from a worker
 * that may be corrupt, and gives it to the next worker.
 *
 * The test plays the workers: it reads and writes the connection and forges
 * the record.
 */
#include "supervisor/connections/connections.h"
#include "supervisor/handoff/dispatch.h"
#include "supervisor/handoff/reclaim.h"
#include "supervisor/handoff/recovery.h"
#include "supervisor/lifecycle/inbox.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include "worker/protocol/channel.h"
#include "worker/protocol/kernel_queue.h"
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST       "GET / HTTP/1.1\r\nHost: t\r\n\r\n"
#define REQUEST_BYTES (sizeof(REQUEST) - 1)
#define ANSWER        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define ANSWER_BYTES  (sizeof(ANSWER) - 1)

/* ---- A connection ---- */

static void connect_both(int ends[2])
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t bytes = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, bytes), 0);
    ck_assert_int_eq(listen(listener, 1), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &bytes),
                     0);
    ends[1] = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(ends[1], (struct sockaddr *)&address, bytes), 0);
    ends[0] = accept(listener, NULL, NULL);
    ck_assert_int_ge(ends[0], 0);
    close(listener);
}

/* Makes child `index` the only one with a worker. */
static void leave_one_worker(struct no_workers *no_workers, uint32_t index)
{
    for (uint32_t i = 0; i < no_workers->supervisor.child_count; i++)
        no_workers->supervisor.children[i].state =
            i == index ? WORKER_READY : WORKER_ABSENT;
}

/* Hands off the waiting connection; returns the index of its record, and the
 * worker's descriptor in *fd. */
static uint32_t hand_to(struct no_workers *no_workers, uint32_t index, int *fd)
{
    struct channel_message message;

    leave_one_worker(no_workers, index);
    dispatch(&no_workers->supervisor);
    ck_assert_int_eq(channel_receive(no_workers->channels[index], &message, fd),
                     1);
    ck_assert_int_eq(message.kind, CHANNEL_SERVE);
    return message.record;
}

/* ---- What a worker does, and what it claims ---- */

/* Two requests are unread.  The worker reads `taken` bytes, sends `written`
 * bytes, and claims `progress`. */
static const struct row {
    const char *because;
    size_t taken, written;
    struct record_progress progress;
    bool accepted;
} rows[] = {
    { "it did nothing", 0, 0, { RECORD_EMPTY, 0, 0, 0, 0 }, true },
    { "it answered one request",
      REQUEST_BYTES,
      ANSWER_BYTES,
      { RECORD_EMPTY, 1, 1, 0, 0 },
      true },
    { "it answered two requests",
      2 * REQUEST_BYTES,
      2 * ANSWER_BYTES,
      { RECORD_EMPTY, 2, 2, 0, 0 },
      true },
    { "it claims a response", 0, 0, { RECORD_EMPTY, 1, 1, 0, 0 }, false },
    { "it claims a response and has sent it",
      0,
      ANSWER_BYTES,
      { RECORD_EMPTY, 1, 1, 0, 0 },
      false },
    { "it claims a response and read the request",
      REQUEST_BYTES,
      0,
      { RECORD_EMPTY, 1, 1, 0, 0 },
      false },
    { "it claims the maximum",
      REQUEST_BYTES,
      ANSWER_BYTES,
      { RECORD_EMPTY, RECORD_COUNT_LIMIT, RECORD_COUNT_LIMIT, 0, 0 },
      false },
    { "it hides an answered request",
      REQUEST_BYTES,
      ANSWER_BYTES,
      { RECORD_EMPTY, 0, 0, 0, 0 },
      false },
    { "it hides a request that it parses",
      REQUEST_BYTES,
      0,
      { RECORD_PARSING, 0, 0, 0, 0 },
      false },
    { "it claims a response while closing",
      0,
      0,
      { RECORD_CLOSING, 1, 1, 0, 0 },
      false },
};

/* Forged stream positions of the record. */
static const uint64_t places[] = { 0, 1, 1000, UINT64_MAX - 10, UINT64_MAX };

static void act_and_claim(const struct row *row, int fd, struct record *record,
                          uint64_t place)
{
    char answers[2 * ANSWER_BYTES + 1] = ANSWER ANSWER;
    char buffer[2 * REQUEST_BYTES];

    ck_assert_int_eq(recv(fd, buffer, row->taken, MSG_DONTWAIT),
                     (ssize_t)row->taken);
    ck_assert_int_eq(send(fd, answers, row->written, MSG_NOSIGNAL),
                     (ssize_t)row->written);
    close(fd);
    record->request_start = record->response_start = place;
    record_store(record, row->progress);
}

static void expect_kernel_counts(const struct record *record, int fd)
{
    struct kernel_queue queue;

    ck_assert_int_eq(kernel_queue_read(fd, &queue), 0);
    ck_assert_int_eq(record_load(record).state, RECORD_EMPTY);
    ck_assert_uint_eq(record_load(record).begun, 0);
    ck_assert_uint_eq(record->flags, RECORD_KNOWN);
    ck_assert_uint_eq(record->request_start, queue.consumed_bytes);
    ck_assert_uint_eq(record->response_start, queue.written_bytes);
}

static void expect_verdict(struct no_workers *no_workers,
                           struct held_connection *held, const struct row *row,
                           bool dies)
{
    struct supervisor *supervisor = &no_workers->supervisor;
    enum record_state state;
    uint32_t record;
    int fd;

    held = reclaim_take(supervisor, &supervisor->children[0],
                        held->assignment.record, false, &state);
    ck_assert_msg(!held == !row->accepted, "%s", row->because);
    ck_assert_uint_eq(supervisor->totals.invalid, !row->accepted);
    ck_assert_uint_eq(supervisor->totals.connections.lost, !row->accepted);
    ck_assert_uint_eq(supervisor->totals.requests.answered,
                      row->accepted ? row->progress.answered : 0);
    if (!held)
        return;
    if (dies)
        recovery_orphaned(supervisor, held, state, BLAME_OUTSIDE);
    else
        recovery_returned(supervisor, held, state);
    record = hand_to(no_workers, 1, &fd);
    expect_kernel_counts(&supervisor->children[1].arena.records[record], fd);
    close(fd);
}

START_TEST(next_worker_starts_from_the_kernels_counts)
{
    size_t place = (size_t)_i / 2 % ROWS(places);
    const struct row *row = &rows[(size_t)_i / 2 / ROWS(places)];
    struct no_workers no_workers;
    const struct sockaddr_storage peer = { .ss_family = AF_UNSPEC };
    struct held_connection *held;
    uint32_t record;
    int ends[2], fd;

    no_workers_open(&no_workers, "--workers 2 --spares 0 --handoff connection");
    connect_both(ends);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    connections_adopt(&no_workers.supervisor, ends[0], true, &peer);
    record = hand_to(&no_workers, 0, &fd);
    held = no_workers.supervisor.children[0].connections[record];
    ck_assert_int_eq(send(ends[1], REQUEST REQUEST, 2 * REQUEST_BYTES, 0),
                     2 * (ssize_t)REQUEST_BYTES);
    act_and_claim(row, fd,
                  &no_workers.supervisor.children[0].arena.records[record],
                  places[place]);
    expect_verdict(&no_workers, held, row, _i % 2);
    close(ends[1]);
    no_workers_close(&no_workers);
}
END_TEST

/* The next worker adds to these numbers. */
START_TEST(saved_request_contains_no_count_of_the_dead_worker)
{
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    enum record_state state;
    struct record *record;
    struct held_connection *held;
    int peer;

    no_workers_open(&no_workers, "--workers 1 --spares 0 --handoff connection");
    held = no_workers_hand(&no_workers, 0, &peer);
    record = &supervisor->children[0].arena.records[held->assignment.record];
    ck_assert_int_eq(send(peer, REQUEST, REQUEST_BYTES, 0),
                     (ssize_t)REQUEST_BYTES);
    record->request_start = record->response_start = UINT64_MAX - 10;
    record->request_bytes = REQUEST_BYTES;
    record->sent_bytes = UINT32_MAX;
    record_store(record,
                 (struct record_progress){ RECORD_HANDLING, 1, 0, 0, 0 });
    held = reclaim_take(supervisor, &supervisor->children[0],
                        held->assignment.record, false, &state);
    ck_assert_ptr_nonnull(held);
    ck_assert_int_eq(state, RECORD_HANDLING);
    ck_assert_uint_eq(held->saved_request->record.request_start, 0);
    ck_assert_uint_eq(held->saved_request->record.response_start, 0);
    ck_assert_uint_eq(held->saved_request->record.taken_bytes, 0);
    ck_assert_uint_eq(held->saved_request->record.sent_bytes, 0);
    recovery_orphaned(supervisor, held, state, BLAME_OUTSIDE);
    held->request_in_progress = false;
    supervisor->totals.requests.lost++;
    close(peer);
    no_workers_close(&no_workers);
}
END_TEST

START_TEST(handoff_of_one_request_allows_one_request)
{
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    enum record_state state;
    struct held_connection *held;
    int peer;

    no_workers_open(&no_workers, "--workers 1 --spares 0 --handoff connection");
    held = no_workers_hand(&no_workers, 0, &peer);
    held->assignment.single_request = true;
    record_store(
        &supervisor->children[0].arena.records[held->assignment.record],
        (struct record_progress){ RECORD_EMPTY, 2, 2, 0, 0 });
    ck_assert_ptr_null(reclaim_take(supervisor, &supervisor->children[0],
                                    held->assignment.record, false, &state));
    ck_assert_uint_eq(supervisor->totals.invalid, 1);
    ck_assert_uint_eq(supervisor->totals.requests.answered, 0);
    close(peer);
    no_workers_close(&no_workers);
}
END_TEST

/* Progress would clear the failures of the slot. */
START_TEST(claimed_answer_alone_is_not_progress)
{
    struct channel_message message = { .kind = CHANNEL_ANSWERED };
    struct no_workers no_workers;

    no_workers_open(&no_workers, "--workers 1 --spares 0");
    ck_assert_int_eq(channel_send(no_workers.channels[0], &message, -1), 0);
    inbox_read_last(&no_workers.supervisor, &no_workers.supervisor.children[0]);
    ck_assert(!no_workers.supervisor.children[0].history.progressed);
    no_workers_close(&no_workers);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("reclaim");

    tcase_add_loop_test(cases, next_worker_starts_from_the_kernels_counts, 0,
                        2 * ROWS(places) * ROWS(rows));
    tcase_add_test(cases, saved_request_contains_no_count_of_the_dead_worker);
    tcase_add_test(cases, handoff_of_one_request_allows_one_request);
    tcase_add_test(cases, claimed_answer_alone_is_not_progress);
    return run_suite("reclaim", cases);
}
