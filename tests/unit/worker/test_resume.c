/* SPDX-License-Identifier: MIT */
/*
 * test_resume.c - a worker dies between two stores without a system call
 * between them, and the next worker resumes from the record.
 *
 * The connections are real, because the kernel's counts decide.
 */
#include "tests/harness/run_suite.h"
#include "worker/http/request_summary.h"
#include "worker/http/response.h"
#include "worker/protocol/kernel_queue.h"
#include "worker/serve/connection.h"
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIMIT_BYTES 512

static struct arena arena;
static struct record record;
static int server, client;
static jmp_buf death;

/* Replaces worker/http/request_summary.c: a worker dies when it begins to
 * describe its 100 Continue. */
void request_summary_write(struct record *of, uint64_t start, const char *bytes,
                           size_t request_bytes, bool repeatable)
{
    (void)bytes;
    if (request_bytes == 0)
        longjmp(death, 1);
    of->request_start = start;
    of->taken_bytes = 0;
    of->request_bytes = (uint32_t)request_bytes;
    of->flags = repeatable ? RECORD_REPEATABLE : 0;
}

static enum handled say_hello(struct exchange *exchange, void *service)
{
    char *body;

    (void)service;
    worker_response_begin(exchange->response, 200, exchange->now);
    body = worker_response_body(exchange->response, 5);
    ck_assert_ptr_nonnull(body);
    memcpy(body, "hello", 5);
    return HANDLED;
}

static void connect_both(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t bytes = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, bytes), 0);
    ck_assert_int_eq(listen(listener, 1), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &bytes),
                     0);
    client = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(client, (struct sockaddr *)&address, bytes), 0);
    server = accept(listener, NULL, NULL);
    ck_assert_int_ge(server, 0);
    close(listener);
    ck_assert_int_eq(arena_create(&arena, 1, 1), 0);
    ck_assert_int_eq(arena_map_whole(&arena, arena.fd, 1, 1), 0);
}

/* Loopback delivers before send() returns. */
static void send_text(const char *text)
{
    ck_assert_int_eq(send(client, text, strlen(text), MSG_NOSIGNAL),
                     (ssize_t)strlen(text));
}

/* Advances the connection until it needs something. */
static enum connection_need work(struct connection *connection)
{
    static const struct quarantine none;
    struct connection_setting setting = {
        .limits = { LIMIT_BYTES, LIMIT_BYTES },
        .handler = say_hello,
        .request_timeout_us = 1000000,
        .arena = &arena,
        .quarantine = &none,
    };
    /* Must outlive this function: longjmp() may leave it early. */
    static char buffer[4 * LIMIT_BYTES];
    struct peek_buffer peek = { .bytes = buffer,
                                .max = peek_capacity(&setting.limits) };
    enum connection_need need = NEED_NOTHING;

    ck_assert_uint_le(peek.max, sizeof(buffer));
    peek.capacity = peek.max;
    setting.peek = &peek;
    while (need == NEED_NOTHING)
        need = connection_advance(connection, &setting);
    return need;
}

static enum connection_need resume_and_work(void)
{
    struct connection connection;

    ck_assert_ptr_null(
        connection_resume(&connection, server, &record, &arena, 0));
    return work(&connection);
}

/* Returns whether the worker died. */
static bool dies(struct connection *connection)
{
    if (setjmp(death)) {
        arena_release_all(&arena); /* as the supervisor does */
        return true;
    }
    work(connection);
    return false;
}

static bool is_readable(int fd)
{
    struct pollfd look = { .fd = fd, .events = POLLIN };

    return poll(&look, 1, 0) == 1;
}

static const uint64_t places[] = { 0, 1, 1000, UINT64_MAX - 10, UINT64_MAX };

/* A worker ignores positions without RECORD_KNOWN.  Positions that wrap, which
 * the supervisor never marks as known, still must not leave an answered request
 * in the queue. */
START_TEST(request_is_answered_and_taken_out_whatever_its_recorded_position)
{
    struct connection connection;
    uint8_t flags = _i % 2 ? RECORD_KNOWN : 0;
    char received[512];

    connect_both();
    send_text("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    record = (struct record){ .request_start = places[_i / 2],
                              .response_start = places[_i / 2],
                              .flags = flags };
    ck_assert_ptr_null(
        connection_resume(&connection, server, &record, &arena, 0));
    ck_assert_uint_eq(connection.consumed_bytes, flags ? places[_i / 2] : 0);
    ck_assert_uint_eq(connection.written_bytes, flags ? places[_i / 2] : 0);
    ck_assert_int_eq(work(&connection), NEED_REQUEST);
    ck_assert_uint_eq(connection.progress.answered, 1);
    ck_assert(kernel_queue_is_empty(server));
    ck_assert_int_gt(recv(client, received, sizeof(received), MSG_DONTWAIT), 0);
}
END_TEST

/* After the first part of a request the worker waits for more.  Then the rest
 * of the head arrives, and, while the worker writes 100 Continue, the body. */
START_TEST(death_before_100_continue_hides_no_later_request)
{
    struct connection connection;

    connect_both();
    send_text(
        "PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nX-Pad: ........");
    ck_assert_ptr_null(
        connection_resume(&connection, server, &record, &arena, 0));
    ck_assert_int_eq(work(&connection), NEED_MORE);
    send_text("\r\nExpect: 100-continue\r\n\r\n");
    ck_assert(dies(&connection));
    ck_assert_int_eq(record_load(&record).state, RECORD_EMPTY);
    send_text("hello");
    ck_assert_int_eq(resume_and_work(), NEED_REQUEST);
    send_text("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    ck_assert(is_readable(server));
}
END_TEST

/* The next request is shorter than the part for which the first worker
 * waited. */
START_TEST(death_while_a_request_arrives_hides_no_later_request)
{
    struct connection connection;

    connect_both();
    send_text("GET / HTTP/1.1\r\nHost: t\r\nX-Pad: ....................\r\n");
    ck_assert_ptr_null(
        connection_resume(&connection, server, &record, &arena, 0));
    ck_assert_int_eq(work(&connection), NEED_MORE);
    send_text("\r\n");
    ck_assert_int_eq(resume_and_work(), NEED_REQUEST);
    send_text("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    ck_assert(is_readable(server));
}
END_TEST

START_TEST(last_byte_of_a_request_wakes_its_worker)
{
    struct connection connection;

    connect_both();
    send_text("GET / HTTP/1.1\r\nHost: t\r\n\r");
    ck_assert_ptr_null(
        connection_resume(&connection, server, &record, &arena, 0));
    ck_assert_int_eq(work(&connection), NEED_MORE);
    ck_assert(!is_readable(server));
    send_text("\n");
    ck_assert(is_readable(server));
    ck_assert_int_eq(work(&connection), NEED_REQUEST);
}
END_TEST

START_TEST(request_in_quarantine_is_refused_after_the_death_of_its_worker)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";
    char received[512] = "";

    connect_both();
    send_text(request);
    record = (struct record){ .request_bytes = sizeof(request) - 1,
                              .flags = RECORD_REPEATABLE | RECORD_QUARANTINED };
    record_store(&record, (struct record_progress){ .state = RECORD_HANDLING,
                                                    .begun = 1 });
    ck_assert_int_eq(resume_and_work(), NEED_REQUEST);
    ck_assert_int_gt(recv(client, received, sizeof(received) - 1, MSG_DONTWAIT),
                     0);
    ck_assert_ptr_nonnull(strstr(received, "HTTP/1.1 503 "));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("resume");

    tcase_add_loop_test(
        cases, request_is_answered_and_taken_out_whatever_its_recorded_position,
        0, 2 * ROWS(places));
    tcase_add_test(cases, death_before_100_continue_hides_no_later_request);
    tcase_add_test(cases, death_while_a_request_arrives_hides_no_later_request);
    tcase_add_test(cases, last_byte_of_a_request_wakes_its_worker);
    tcase_add_test(
        cases, request_in_quarantine_is_refused_after_the_death_of_its_worker);
    return run_suite("resume", cases);
}
