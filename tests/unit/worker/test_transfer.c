/* SPDX-License-Identifier: MIT */
/* test_transfer.c - transfers on a Unix socket, and how the supervisor settles
 * the transfer of a dead worker. */
#include "supervisor/handoff/reclaim.h"
#include "supervisor/pool/child.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include "worker/protocol/transfer.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- The transfer of a dead worker ---- */

#define UNKNOWN UINT32_MAX

static const struct {
    const char *because;
    uint32_t owner, kind, before, first, moved;
    uint32_t count;   /* in the record */
    uint32_t settled; /* the expected count */
    enum transfer_verdict verdict;
} transfers[] = {
    { "no transfer", 0, TRANSFER_SEND, 10, 0, 5, 10, 10, TRANSFER_COUNTED },
    { "a transfer of another record", 3, TRANSFER_SEND, 10, 0, 5, 10, 10,
      TRANSFER_COUNTED },
    { "the call was not reached", 2, TRANSFER_SEND, 10, UNKNOWN, UNKNOWN, 10,
      10, TRANSFER_COUNTED },
    { "the kernel counted, the worker did not", 2, TRANSFER_SEND, 10, 0, 5, 10,
      15, TRANSFER_COUNTED },
    { "both counted", 2, TRANSFER_SEND, 10, 0, 5, 15, 15, TRANSFER_COUNTED },
    { "all was taken out", 2, TRANSFER_TAKE, 0, 0, 40, 0, 40,
      TRANSFER_COUNTED },
    { "nothing was moved", 2, TRANSFER_TAKE, 0, 0, 0, 0, 0, TRANSFER_COUNTED },
    { "a number without a start", 2, TRANSFER_SEND, 10, UNKNOWN, 5, 10, 10,
      TRANSFER_COUNTED },
    { "the number is missing", 2, TRANSFER_SEND, 10, 0, UNKNOWN, 10, 10,
      TRANSFER_UNCLEAR },
    { "an unknown kind", 2, 2, 10, 0, 5, 10, 10, TRANSFER_INVALID },
    { "a negative kind", 2, UNKNOWN, 10, 0, 5, 10, 10, TRANSFER_INVALID },
    { "a count that differs from the record's", 2, TRANSFER_SEND, 11, 0, 5, 10,
      10, TRANSFER_INVALID },
    { "a sum that wraps", 2, TRANSFER_SEND, 10, 0, UNKNOWN - 5, 10, 10,
      TRANSFER_INVALID },
};

START_TEST(transfer_of_a_dead_worker_corrects_the_count)
{
    struct transfer transfer = {
        .owner = transfers[_i].owner,
        .kind = transfers[_i].kind,
        .before_bytes = transfers[_i].before,
        .messages = { { .msg_len = transfers[_i].first },
                      { .msg_len = transfers[_i].moved } },
    };
    struct record_progress progress = { .state = RECORD_COMMITTED };
    bool takes = transfers[_i].kind == TRANSFER_TAKE;
    struct record record = { 0 };

    *(takes ? &record.taken_bytes : &record.sent_bytes) = transfers[_i].count;
    record_store(&record, progress);
    ck_assert_msg(transfer_settle(&transfer, 1, &record) ==
                      transfers[_i].verdict,
                  "%s", transfers[_i].because);
    ck_assert_msg((takes ? record.taken_bytes : record.sent_bytes) ==
                      transfers[_i].settled,
                  "%s", transfers[_i].because);
    ck_assert_uint_eq(takes ? record.sent_bytes : record.taken_bytes, 0);
}
END_TEST

/* The fields of a transfer are valid only for COMMITTED records. */
START_TEST(transfer_of_a_record_in_another_state_is_ignored)
{
    struct transfer transfer = { .owner = 2, .kind = 7 };
    struct record record = { .sent_bytes = 3 };
    struct record_progress progress = { .state = (enum record_state)_i };

    record_store(&record, progress);
    ck_assert_int_eq(transfer_settle(&transfer, 1, &record) != TRANSFER_COUNTED,
                     _i == RECORD_COMMITTED);
    ck_assert_uint_eq(record.sent_bytes, 3);
}
END_TEST

/* ---- Results of a transfer ---- */

static void open_pair(int ends[2])
{
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
}

START_TEST(full_queue_and_closed_client_are_reported)
{
    static char bytes[1 << 20];
    struct transfer transfer = { 0 };
    struct record record = { 0 };
    ssize_t sent, more;
    int ends[2];

    open_pair(ends);
    sent = transfer_send(&transfer, 1, &record, ends[0], bytes, sizeof(bytes));
    ck_assert_int_gt(sent, 0);
    ck_assert_int_lt(sent, (ssize_t)sizeof(bytes));
    ck_assert_uint_eq(record.sent_bytes, (uint32_t)sent);
    more = transfer_send(&transfer, 1, &record, ends[0], bytes, 1);
    ck_assert_int_eq(more, -1);
    ck_assert_int_eq(errno, EAGAIN);
    close(ends[1]);
    more = transfer_send(&transfer, 1, &record, ends[0], bytes, 1);
    ck_assert_int_eq(more, -1);
    ck_assert_int_eq(errno, EPIPE);
    ck_assert_uint_eq(record.sent_bytes, (uint32_t)sent);
    ck_assert_uint_eq(transfer.owner, 0);
    /* The kernel wrote no counts, so a worker that died now has left none. */
    ck_assert_uint_eq(transfer.messages[0].msg_len, UNKNOWN);
    ck_assert_uint_eq(transfer.messages[1].msg_len, UNKNOWN);
    close(ends[0]);
}
END_TEST

/* The client sent a request and left without reading the response; the request
 * is still in the queue. */
START_TEST(request_of_a_client_that_left_is_taken_out)
{
    struct transfer transfer = { 0 };
    struct record record = { 0 };
    char buffer[16];
    int ends[2];

    open_pair(ends);
    ck_assert_int_eq(send(ends[1], "request", 7, 0), 7);
    ck_assert_int_eq(transfer_send(&transfer, 1, &record, ends[0], "answer", 6),
                     6);
    close(ends[1]);
    ck_assert_int_eq(
        transfer_take(&transfer, 1, &record, ends[0], buffer, sizeof(buffer)),
        7);
    ck_assert_int_eq(memcmp(buffer, "request", 7), 0);
    ck_assert_uint_eq(record.taken_bytes, 7);
    ck_assert_int_eq(
        transfer_take(&transfer, 1, &record, ends[0], buffer, sizeof(buffer)),
        0);
    ck_assert_uint_eq(record.taken_bytes, 7);
    ck_assert_uint_eq(transfer.owner, 0);
    close(ends[0]);
}
END_TEST

/* ---- An unknown count ---- */

/* The worker was killed after the call began and before the kernel stored the
 * count: no byte may be sent twice, so the connection is lost. */
START_TEST(response_of_unknown_length_is_not_resumed)
{
    static const char response[] = "HTTP/1.1 200 OK\r\n\r\n";
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    struct child *child;
    struct held_connection *held;
    struct record *record;
    struct transfer *transfer;
    enum record_state state;
    char received[64];
    int peer;

    no_workers_open(&no_workers, "--workers 1 --spares 0 --handoff connection");
    child = &supervisor->children[0];
    held = no_workers_hand(&no_workers, 0, &peer);
    record = &child->arena.records[held->assignment.record];
    record->response_bytes = sizeof(response) - 1;
    record->status = 200;
    ck_assert_int_eq(arena_write(&child->arena, held->assignment.record, 0,
                                 response, sizeof(response) - 1),
                     0);
    record_store(record,
                 (struct record_progress){ RECORD_COMMITTED, 1, 0, 0, 0 });
    transfer = &child->arena.head->transfer;
    *transfer = (struct transfer){ .owner = held->assignment.record + 1,
                                   .messages = { { .msg_len = 0 },
                                                 { .msg_len = UNKNOWN } } };
    child->state = WORKER_ABSENT;
    ck_assert_ptr_null(reclaim_take(supervisor, child, held->assignment.record,
                                    false, &state));
    ck_assert_int_eq(recv(peer, received, sizeof(received), 0), 0);
    ck_assert_uint_eq(supervisor->totals.connections.lost, 1);
    ck_assert_uint_eq(supervisor->totals.requests.lost, 1);
    ck_assert_uint_eq(supervisor->totals.invalid, 0);
    close(peer);
    no_workers_close(&no_workers);
}
END_TEST

START_TEST(next_worker_of_the_child_starts_without_a_transfer)
{
    struct no_workers no_workers;
    struct child *child;
    struct transfer *transfer;

    no_workers_open(&no_workers, "--workers 1 --spares 0");
    child = &no_workers.supervisor.children[0];
    transfer = &child->arena.head->transfer;
    *transfer = (struct transfer){ .owner = 1, .before_bytes = 7 };
    child_clear(child);
    ck_assert_uint_eq(transfer->owner, 0);
    ck_assert_uint_eq(transfer->before_bytes, 0);
    no_workers_close(&no_workers);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("transfer");

    tcase_add_loop_test(cases, transfer_of_a_dead_worker_corrects_the_count, 0,
                        ROWS(transfers));
    tcase_add_loop_test(cases, transfer_of_a_record_in_another_state_is_ignored,
                        0, RECORD_STATES);
    tcase_add_test(cases, full_queue_and_closed_client_are_reported);
    tcase_add_test(cases, request_of_a_client_that_left_is_taken_out);
    tcase_add_test(cases, response_of_unknown_length_is_not_resumed);
    tcase_add_test(cases, next_worker_of_the_child_starts_without_a_transfer);
    return run_suite("transfer", cases);
}
