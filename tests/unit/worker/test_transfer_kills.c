/* SPDX-License-Identifier: MIT */
/*
 * test_transfer_kills.c - a worker that serves a Unix socket is killed at every
 * system call, and the client gets every byte exactly once.
 *
 * The kernel keeps no byte counts of a Unix socket that a successor could read.
 * A real worker process is traced, killed at a chosen stop, and its connection
 * goes through the supervisor to a second worker process.
 */
#include "supervisor/handoff/dispatch.h"
#include "supervisor/handoff/reclaim.h"
#include "supervisor/handoff/recovery.h"
#include "supervisor/handoff/response_memory.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include "worker/http/response.h"
#include "worker/protocol/channel.h"
#include "worker/protocol/kernel_queue.h"
#include "worker/serve/connection.h"
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_BYTES 512

/* Larger than a send queue, so that several calls are necessary. */
#define LARGE_BYTES  300000
#define RECEIVED_MAX 1000000

#define REQUESTS                                                               \
    "GET /large HTTP/1.1\r\nHost: t\r\n\r\n"                                   \
    "GET /small HTTP/1.1\r\nHost: t\r\n\r\n"                                   \
    "PUT /large HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello"         \
    "GET /last HTTP/1.1\r\nHost: t\r\n\r\n"

/* A complete run of the traced worker has fewer stops. */
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
    worker_response_begin(exchange->response, 200,
                          0); /* the same Date each time */
    body = worker_response_body(exchange->response, bytes);
    if (!body)
        _exit(3);
    for (size_t i = 0; i < bytes; i++)
        body[i] = (char)('a' + i % 26);
    memcpy(body, request->target.at, request->target.bytes);
    return HANDLED;
}

/* Serves one request, or the connection until nothing is unread; never
 * returns. */
static void work(const struct arena *given, uint32_t index, int fd,
                 bool one_request)
{
    static const struct quarantine none;
    static char buffer[4 * LIMIT_BYTES];
    struct arena arena;
    struct connection_setting setting = {
        .limits = { LIMIT_BYTES, LIMIT_BYTES },
        .handler = fill,
        .request_timeout_us = 60000000,
        .arena = &arena,
        .quarantine = &none,
    };
    struct peek_buffer peek = { buffer, sizeof(buffer), sizeof(buffer) };
    struct connection connection;
    struct pollfd writable = { .fd = fd, .events = POLLOUT };
    enum connection_need need;

    setting.peek = &peek;
    if (arena_map_whole(&arena, given->fd, given->capacity, given->area_count) <
            0 ||
        connection_resume(&connection, fd, &arena.records[index], &arena, 0))
        _exit(2);
    do {
        need = connection_advance(&connection, &setting);
        if (need == NEED_WRITABLE)
            poll(&writable, 1, -1);
        if (one_request && connection.progress.answered > 0)
            need = NEED_REQUEST;
    } while (need == NEED_NOTHING || need == NEED_WRITABLE);
    _exit(need == NEED_REQUEST ? 0 : 1);
}

/* ---- The client ---- */

struct killed_client {
    int fd;
    size_t received_bytes;
    char received[RECEIVED_MAX];
};

static void receive(struct killed_client *client)
{
    ssize_t got;

    while ((got = recv(client->fd, client->received + client->received_bytes,
                       RECEIVED_MAX - client->received_bytes, MSG_DONTWAIT)) >
           0)
        client->received_bytes += (size_t)got;
}

/* ---- A traced run ---- */

/* Where the worker is killed: at its n-th stop, the entry or exit of a system
 * call, or some instructions after it. */
struct kill_point {
    unsigned stop, instructions;
};

static const struct kill_point nowhere = { STOPS_MAX, 0 };

struct kill_run {
    unsigned stops; /* number reached */
    bool killed;    /* at the point */
    bool
        moves_bytes; /* the stop at the point is the exit of a call that does */
    int status;      /* of waitpid(2) */
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

/* The client reads at each stop, so that the worker never blocks. */
static struct kill_run trace(pid_t pid, struct killed_client *client,
                             struct kill_point point)
{
    struct __ptrace_syscall_info info;
    struct kill_run run = { 0 };
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
        receive(client);
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
    receive(client);
    return run;
}

/* Children and connections are in memory that a fork does not inherit
 * (MADV_DONTFORK), so the worker uses copies. */
static struct kill_run run_worker(const struct child *child,
                                  const struct held_connection *held,
                                  struct killed_client *client,
                                  struct kill_point point)
{
    struct arena arena = child->arena;
    uint32_t index = held->assignment.record;
    bool one_request = held->assignment.single_request;
    int fd = held->fd;
    pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        work(&arena, index, fd, one_request);
    }
    return trace(pid, client, point);
}

/* The first worker is killed at `point`; the second worker continues. */
static struct kill_run serve(struct killed_client *client,
                             struct kill_point point)
{
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    struct channel_message message;
    enum record_state state;
    struct held_connection *held;
    struct kill_run run, last = { .status = 0 };
    int fd;

    client->received_bytes = 0;
    no_workers_open(&no_workers, "--workers 2 --spares 0 --handoff connection");
    memory_share_out(supervisor);
    held = no_workers_hand(&no_workers, 0, &client->fd);
    ck_assert_int_eq(send(client->fd, REQUESTS, strlen(REQUESTS), 0),
                     (ssize_t)strlen(REQUESTS));
    run = run_worker(&supervisor->children[0], held, client, point);
    supervisor->children[0].state = WORKER_ABSENT;
    held = reclaim_take(supervisor, &supervisor->children[0],
                        held->assignment.record, false, &state);
    ck_assert_msg(held != NULL, "lost at stop %u", point.stop);
    if (run.killed)
        recovery_orphaned(supervisor, held, state, BLAME_OUTSIDE);
    else {
        last = run;
        recovery_returned(supervisor, held, state);
    }
    /* A retried request is handed off alone, the following ones after it. */
    while (state != RECORD_EMPTY || !kernel_queue_is_empty(held->fd)) {
        dispatch(supervisor);
        ck_assert_int_eq(channel_receive(no_workers.channels[1], &message, &fd),
                         1);
        close(fd);
        last = run_worker(&supervisor->children[1], held, client, nowhere);
        held = reclaim_take(supervisor, &supervisor->children[1],
                            held->assignment.record, false, &state);
        ck_assert_msg(held != NULL, "lost at stop %u", point.stop);
        recovery_returned(supervisor, held, state);
    }
    ck_assert_msg(WIFEXITED(last.status) && WEXITSTATUS(last.status) == 0,
                  "stop %u: the connection did not end idle (%x)", point.stop,
                  (unsigned)last.status);
    receive(client);
    no_workers_close(&no_workers);
    close(client->fd);
    return run;
}

static void expect_same(const struct killed_client *expected,
                        const struct killed_client *client,
                        struct kill_point point)
{
    ck_assert_msg(client->received_bytes == expected->received_bytes &&
                      memcmp(client->received, expected->received,
                             expected->received_bytes) == 0,
                  "killed at stop %u and %u instructions: %zu bytes instead of "
                  "%zu, or wrong ones",
                  point.stop, point.instructions, client->received_bytes,
                  expected->received_bytes);
}

START_TEST(worker_killed_at_any_call_on_a_unix_socket_corrupts_nothing)
{
    static struct killed_client expected, client;
    unsigned stops = serve(&expected, nowhere).stops, moving = 0;
    struct kill_run run;

    ck_assert_uint_gt(expected.received_bytes, 2 * LARGE_BYTES);
    for (struct kill_point point = { 0, 0 }; point.stop < stops; point.stop++) {
        point.instructions = 0;
        do {
            run = serve(&client, point);
            ck_assert(run.killed);
            expect_same(&expected, &client, point);
        } while (run.moves_bytes && point.instructions++ < INSTRUCTIONS_MAX);
        moving += run.moves_bytes;
    }
    /* Four responses are sent and four requests are taken out. */
    ck_assert_uint_ge(moving, 8);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("transfer kills");

    tcase_set_timeout(cases, 300);
    tcase_add_test(cases,
                   worker_killed_at_any_call_on_a_unix_socket_corrupts_nothing);
    return run_suite("transfer kills", cases);
}
