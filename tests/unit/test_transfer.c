/*
 * test_transfer.c - what a worker leaves of a transfer on a Unix socket; and a
 * worker that is killed at every system call, whose client gets every byte
 * once.
 *
 * A Unix socket has no byte counts that a successor could ask the kernel for.
 * A real worker process is traced, killed at a chosen stop, and its connection
 * goes through the supervisor to a second worker process.
 */
#include "supervisor/dispatch.h"
#include "supervisor/inheritance.h"
#include "supervisor/settlement.h"
#include "tests/unit/run_suite.h"
#include "tests/unit/unmanned.h"
#include "worker/channel.h"
#include "worker/connection.h"
#include "worker/response.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_BYTES 512

/* Larger than a send queue, so that it takes several calls. */
#define LARGE_BYTES 300000
#define HEARD_MAX   1000000

#define REQUESTS                                                               \
    "GET /large HTTP/1.1\r\nHost: t\r\n\r\n"                                   \
    "GET /small HTTP/1.1\r\nHost: t\r\n\r\n"                                   \
    "PUT /large HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello"         \
    "GET /last HTTP/1.1\r\nHost: t\r\n\r\n"

/* A run of the traced worker ends by itself after fewer stops. */
#define STOPS_MAX 1000

/* Instructions after a call that moves bytes: enough to reach the stores that
 * count them. */
#define INSTRUCTIONS_MAX 64

/* ---- The worker ---- */

static enum handled fill(struct exchange *exchange, void *service)
{
    const struct request *request = exchange->request;
    bool large = memmem(request->target.at, request->target.bytes, "large", 5);
    size_t bytes = large ? LARGE_BYTES : request->target.bytes;
    char *body;

    (void)service;
    response_begin(exchange->response, 200, 0); /* the same Date each time */
    body = response_body(exchange->response, bytes);
    if (!body)
        _exit(3);
    for (size_t i = 0; i < bytes; i++)
        body[i] = (char)('a' + i % 26);
    memcpy(body, request->target.at, request->target.bytes);
    return HANDLED;
}

/* Serves the connection until nothing is unread; never returns. */
static void work(const struct arena *given, uint32_t index, int fd)
{
    static const struct quarantine none;
    static char room[4 * LIMIT_BYTES];
    struct arena arena;
    struct connection_setting setting = {
        .limits = { LIMIT_BYTES, LIMIT_BYTES },
        .handler = fill,
        .request_timeout_us = 60000000,
        .arena = &arena,
        .quarantine = &none,
    };
    struct peek_buffer peek = { room, sizeof(room), sizeof(room) };
    struct connection connection;
    struct pollfd writable = { .fd = fd, .events = POLLOUT };
    enum connection_need need;

    setting.peek = &peek;
    if (arena_map_whole(&arena, given->fd, given->capacity) < 0 ||
        connection_take_up(&connection, fd, &arena.records[index],
                           arena_area(&arena, index), 0))
        _exit(2);
    do {
        need = connection_advance(&connection, &setting);
        if (need == NEED_WRITABLE)
            poll(&writable, 1, -1);
    } while (need == NEED_NOTHING || need == NEED_WRITABLE);
    _exit(need == NEED_REQUEST ? 0 : 1);
}

/* ---- The client ---- */

struct client {
    int fd;
    size_t heard_bytes;
    char heard[HEARD_MAX];
};

static void hear(struct client *client)
{
    ssize_t got;

    while ((got = recv(client->fd, client->heard + client->heard_bytes,
                       HEARD_MAX - client->heard_bytes, MSG_DONTWAIT)) > 0)
        client->heard_bytes += (size_t)got;
}

/* ---- A traced run ---- */

/* Where the worker is to be killed: at its n-th stop, each of which is the
 * entry or the exit of a system call, or some instructions after it. */
struct point {
    unsigned stop, instructions;
};

static const struct point nowhere = { STOPS_MAX, 0 };

struct run {
    unsigned stops;   /* that were reached */
    bool killed;      /* at the point */
    bool moves_bytes; /* the stop at the point is the exit of such a call */
    int status;       /* of waitpid(2) */
};

static bool call_moves_bytes(uint64_t call)
{
    return call == SYS_sendto || call == SYS_sendmmsg || call == SYS_recvfrom ||
           call == SYS_recvmmsg;
}

static void step(pid_t pid, unsigned instructions, int *status)
{
    while (instructions-- > 0 && WIFSTOPPED(*status)) {
        ck_assert_int_eq(ptrace(PTRACE_SINGLESTEP, pid, NULL, 0), 0);
        ck_assert_int_eq(waitpid(pid, status, 0), pid);
    }
}

/* The client reads at each stop, so that the worker never waits for room. */
static struct run trace(pid_t pid, struct client *client, struct point point)
{
    struct __ptrace_syscall_info info;
    struct run run = { 0 };
    uint64_t call = 0;

    ck_assert_int_eq(waitpid(pid, &run.status, 0), pid);
    ck_assert(WIFSTOPPED(run.status));
    ck_assert_int_eq(
        ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD), 0);
    for (;;) {
        ck_assert_int_eq(ptrace(PTRACE_SYSCALL, pid, NULL, 0), 0);
        ck_assert_int_eq(waitpid(pid, &run.status, 0), pid);
        if (!WIFSTOPPED(run.status))
            return run;
        ck_assert_int_eq(WSTOPSIG(run.status), SIGTRAP | 0x80);
        ck_assert_int_gt(
            ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info), 0);
        if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
            call = info.entry.nr;
        hear(client);
        if (run.stops++ == point.stop)
            break;
        ck_assert_uint_lt(run.stops, STOPS_MAX);
    }
    run.killed = true;
    run.moves_bytes =
        info.op == PTRACE_SYSCALL_INFO_EXIT && call_moves_bytes(call);
    step(pid, point.instructions, &run.status);
    if (WIFSTOPPED(run.status)) {
        kill(pid, SIGKILL);
        ck_assert_int_eq(waitpid(pid, &run.status, 0), pid);
    }
    hear(client);
    return run;
}

/* A child does not see the memory of berths and connections: copies do. */
static struct run run_worker(const struct berth *berth, const struct held *held,
                             struct client *client, struct point point)
{
    struct arena arena = berth->arena;
    uint32_t index = held->record;
    int fd = held->fd;
    pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        work(&arena, index, fd);
    }
    return trace(pid, client, point);
}

/* The first worker is killed at `point`, the second one goes on. */
static struct run serve(struct client *client, struct point point)
{
    struct unmanned unmanned;
    struct supervisor *supervisor = &unmanned.supervisor;
    struct channel_message message;
    enum record_state state;
    struct held *held;
    struct run run, last;
    int fd;

    client->heard_bytes = 0;
    unmanned_open(&unmanned, "--workers 2 --spares 0 --hand-over connection");
    held = unmanned_hand(&unmanned, 0, &client->fd);
    ck_assert_int_eq(send(client->fd, REQUESTS, strlen(REQUESTS), 0),
                     (ssize_t)strlen(REQUESTS));
    run = last = run_worker(&supervisor->berths[0], held, client, point);
    supervisor->berths[0].state = WORKER_ABSENT;
    held = inheritance_take(supervisor, &supervisor->berths[0], held->record,
                            false, &state);
    if (held && run.killed) {
        settlement_orphaned(supervisor, held, state, BLAME_OUTSIDE);
        dispatch(supervisor);
        ck_assert_int_eq(channel_receive(unmanned.channels[1], &message, &fd),
                         1);
        close(fd);
        last = run_worker(&supervisor->berths[1], held, client, nowhere);
        held = inheritance_take(supervisor, &supervisor->berths[1],
                                held->record, false, &state);
    }
    ck_assert_msg(held != NULL, "lost at stop %u", point.stop);
    settlement_returned(supervisor, held, state);
    ck_assert_msg(WIFEXITED(last.status) && WEXITSTATUS(last.status) == 0,
                  "stop %u: the connection did not end idle (%x)", point.stop,
                  (unsigned)last.status);
    hear(client);
    unmanned_close(&unmanned);
    close(client->fd);
    return run;
}

static void expect_same(const struct client *expected,
                        const struct client *client, struct point point)
{
    ck_assert_msg(
        client->heard_bytes == expected->heard_bytes &&
            memcmp(client->heard, expected->heard, expected->heard_bytes) == 0,
        "killed at stop %u and %u instructions: %zu bytes instead of "
        "%zu, or wrong ones",
        point.stop, point.instructions, client->heard_bytes,
        expected->heard_bytes);
}

START_TEST(worker_killed_at_any_call_on_a_unix_socket_corrupts_nothing)
{
    static struct client expected, client;
    unsigned stops = serve(&expected, nowhere).stops, moving = 0;
    struct run run;

    ck_assert_uint_gt(expected.heard_bytes, 2 * LARGE_BYTES);
    for (struct point point = { 0, 0 }; point.stop < stops; point.stop++) {
        point.instructions = 0;
        do {
            run = serve(&client, point);
            ck_assert(run.killed);
            expect_same(&expected, &client, point);
        } while (run.moves_bytes && point.instructions++ < INSTRUCTIONS_MAX);
        moving += run.moves_bytes;
    }
    /* Each response is sent, and each request is taken out. */
    ck_assert_uint_ge(moving, 8);
}
END_TEST

/* ---- What a dead worker's transfer says ---- */

#define UNKNOWN UINT32_MAX

static const struct {
    const char *because;
    uint32_t owner, kind, before, first, moved;
    uint32_t count;   /* of the record, as the worker left it */
    uint32_t settled; /* as it must be */
    enum transfer_verdict verdict;
} transfers[] = {
    { "none is in progress", 0, TRANSFER_SEND, 10, 0, 5, 10, 10,
      TRANSFER_COUNTED },
    { "another record has one", 3, TRANSFER_SEND, 10, 0, 5, 10, 10,
      TRANSFER_COUNTED },
    { "the call was not reached", 2, TRANSFER_SEND, 10, UNKNOWN, UNKNOWN, 10,
      10, TRANSFER_COUNTED },
    { "the kernel counted, the worker did not", 2, TRANSFER_SEND, 10, 0, 5, 10,
      15, TRANSFER_COUNTED },
    { "both counted", 2, TRANSFER_SEND, 10, 0, 5, 15, 15, TRANSFER_COUNTED },
    { "all was taken out", 2, TRANSFER_TAKE, 0, 0, 40, 0, 40,
      TRANSFER_COUNTED },
    { "nothing was moved", 2, TRANSFER_TAKE, 0, 0, 0, 0, 0, TRANSFER_COUNTED },
    { "a number without a beginning", 2, TRANSFER_SEND, 10, UNKNOWN, 5, 10, 10,
      TRANSFER_COUNTED },
    { "the number is missing", 2, TRANSFER_SEND, 10, 0, UNKNOWN, 10, 10,
      TRANSFER_UNCLEAR },
    { "an unknown kind", 2, 2, 10, 0, 5, 10, 10, TRANSFER_UNSOUND },
    { "a negative kind", 2, UNKNOWN, 10, 0, 5, 10, 10, TRANSFER_UNSOUND },
    { "another count than the record's", 2, TRANSFER_SEND, 11, 0, 5, 10, 10,
      TRANSFER_UNSOUND },
    { "a sum that wraps", 2, TRANSFER_SEND, 10, 0, UNKNOWN - 5, 10, 10,
      TRANSFER_UNSOUND },
};

START_TEST(transfer_left_by_dead_worker_corrects_the_count)
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

/* Its fields mean something in COMMITTED records alone. */
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

/* ---- What the worker is told ---- */

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
    close(ends[0]);
}
END_TEST

/* The client asked, did not read its response, and left: the request is still
 * in the queue, and is taken out like any other. */
START_TEST(request_of_a_client_that_left_is_taken_out)
{
    struct transfer transfer = { 0 };
    struct record record = { 0 };
    char room[16];
    int ends[2];

    open_pair(ends);
    ck_assert_int_eq(send(ends[1], "request", 7, 0), 7);
    ck_assert_int_eq(transfer_send(&transfer, 1, &record, ends[0], "answer", 6),
                     6);
    close(ends[1]);
    ck_assert_int_eq(
        transfer_take(&transfer, 1, &record, ends[0], room, sizeof(room)), 7);
    ck_assert_int_eq(memcmp(room, "request", 7), 0);
    ck_assert_uint_eq(record.taken_bytes, 7);
    ck_assert_int_eq(
        transfer_take(&transfer, 1, &record, ends[0], room, sizeof(room)), 0);
    ck_assert_uint_eq(record.taken_bytes, 7);
    ck_assert_uint_eq(transfer.owner, 0);
    close(ends[0]);
}
END_TEST

/* ---- A count that nobody knows ---- */

/* The worker is killed after the kernel began and before a count was there:
 * nothing of the response is sent again, and the connection is lost. */
START_TEST(response_of_unknown_length_is_not_resumed)
{
    static const char response[] = "HTTP/1.1 200 OK\r\n\r\n";
    struct unmanned unmanned;
    struct supervisor *supervisor = &unmanned.supervisor;
    struct berth *berth;
    struct held *held;
    struct record *record;
    struct transfer *transfer;
    enum record_state state;
    char heard[64];
    int peer;

    unmanned_open(&unmanned, "--workers 1 --spares 0 --hand-over connection");
    berth = &supervisor->berths[0];
    held = unmanned_hand(&unmanned, 0, &peer);
    record = &berth->arena.records[held->record];
    record->response_bytes = sizeof(response) - 1;
    record->status = 200;
    ck_assert_int_eq(arena_write(&berth->arena, held->record, 0, response,
                                 sizeof(response) - 1),
                     0);
    record_store(record, (struct record_progress){ RECORD_COMMITTED, 1, 0, 0 });
    transfer = &berth->arena.head->transfer;
    *transfer = (struct transfer){ .owner = held->record + 1,
                                   .messages = { { .msg_len = 0 },
                                                 { .msg_len = UNKNOWN } } };
    berth->state = WORKER_ABSENT;
    ck_assert_ptr_null(
        inheritance_take(supervisor, berth, held->record, false, &state));
    ck_assert_int_eq(recv(peer, heard, sizeof(heard), 0), 0);
    ck_assert_uint_eq(supervisor->totals.connections.lost, 1);
    ck_assert_uint_eq(supervisor->totals.requests.lost, 1);
    ck_assert_uint_eq(supervisor->totals.unsound, 0);
    close(peer);
    unmanned_close(&unmanned);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("transfer");

    tcase_set_timeout(cases, 300);
    tcase_add_test(cases,
                   worker_killed_at_any_call_on_a_unix_socket_corrupts_nothing);
    tcase_add_loop_test(cases, transfer_left_by_dead_worker_corrects_the_count,
                        0, ROWS(transfers));
    tcase_add_loop_test(cases, transfer_of_a_record_in_another_state_is_ignored,
                        0, RECORD_STATES);
    tcase_add_test(cases, full_queue_and_closed_client_are_reported);
    tcase_add_test(cases, request_of_a_client_that_left_is_taken_out);
    tcase_add_test(cases, response_of_unknown_length_is_not_resumed);
    return run_suite("transfer", cases);
}
