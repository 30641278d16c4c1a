/* SPDX-License-Identifier: MIT */
/* test_limits.c - which requests are refused, with which status; a refusal
 * affects no other client. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <stdlib.h>
#include <string.h>

#define GET  "GET / HTTP/1.1\r\nHost: test\r\n"
#define POST "POST / HTTP/1.1\r\nHost: test\r\n"

/* The bytes of a literal, zeros within it included. */
#define BYTES(literal) literal, sizeof(literal) - 1

struct shape {
    const char *name;
    const char *bytes;
    size_t count;
    int status;
};

static const struct shape unknown[] = {
    { "not HTTP", BYTES("hello\r\n\r\n"), 400 },
    { "a TLS handshake", BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc"), 400 },
    { "an unknown method", BYTES("BREW / HTTP/1.1\r\nHost: t\r\n\r\n"), 501 },
    { "a tunnel", BYTES("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"), 501 },
    { "a lower-case method", BYTES("get / HTTP/1.1\r\nHost: t\r\n\r\n"), 400 },
    { "HTTP/2 with prior knowledge", BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      505 },
    { "a future version", BYTES("GET / HTTP/3.0\r\nHost: t\r\n\r\n"), 505 },
    { "another protocol", BYTES("GET / RTSP/1.0\r\n\r\n"), 400 },
    { "HTTP/0.9", BYTES("GET /\r\n\r\n"), 400 },
};

/* If a proxy parses a request differently, a client can hide a second request
 * in its body (RFC 9112 section 11.2). */
static const struct shape smuggled[] = {
    { "both lengths",
      BYTES(POST "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "0\r\n\r\n"),
      400 },
    { "both lengths, the other way round",
      BYTES(POST "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n"
                 "0\r\n\r\n"),
      400 },
    { "two lengths",
      BYTES(POST "Content-Length: 4\r\nContent-Length: 5\r\n\r\nhello"), 400 },
    { "the same length twice",
      BYTES(POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"), 400 },
    { "a list of lengths", BYTES(POST "Content-Length: 5, 5\r\n\r\nhello"),
      400 },
    { "a sign", BYTES(POST "Content-Length: +5\r\n\r\nhello"), 400 },
    { "a negative length", BYTES(POST "Content-Length: -5\r\n\r\nhello"), 400 },
    { "a hexadecimal length", BYTES(POST "Content-Length: 0x5\r\n\r\nhello"),
      400 },
    { "a length above 64 bits",
      BYTES(POST "Content-Length: 18446744073709551617\r\n\r\nh"), 400 },
    { "chunked is not the last coding",
      BYTES(POST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
      400 },
    { "a transfer coding without chunked",
      BYTES(POST "Transfer-Encoding: gzip\r\n\r\nhello"), 400 },
    { "almost chunked",
      BYTES(POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 400 },
    { "a chunk size with a prefix",
      BYTES(POST "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n"
                 "0\r\n\r\n"),
      400 },
    { "a negative chunk",
      BYTES(POST "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n"
                 "0\r\n\r\n"),
      400 },
    { "a chunk size above 64 bits",
      BYTES(POST "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"),
      400 },
    { "a chunk longer than its size",
      BYTES(POST "Transfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n"
                 "0\r\n\r\n"),
      400 },
    { "a bare LF after a chunk",
      BYTES(POST "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n"),
      400 },
    { "a bare LF after a header",
      BYTES("GET / HTTP/1.1\r\nHost: t\r\nA: b\nC: d\r\n"
            "\r\n"),
      400 },
    { "a bare LF after the request line",
      BYTES("GET / HTTP/1.1\nHost: test\r\n\r\n"), 400 },
    { "a bare CR in a value", BYTES(GET "A: b\rC: d\r\n\r\n"), 400 },
    { "a value folded over lines", BYTES(GET "A: b\r\n c\r\n\r\n"), 400 },
    { "a value folded by a tab", BYTES(GET "A: b\r\n\tc\r\n\r\n"), 400 },
    { "a length folded over lines",
      BYTES(POST "Content-Length:\r\n 5\r\n\r\nhello"), 400 },
    { "a blank before the colon", BYTES(GET "Content-Length : 5\r\n\r\nhello"),
      400 },
    { "a blank before the first name",
      BYTES("GET / HTTP/1.1\r\n Host: test\r\n\r\n"), 400 },
    { "a name without a colon", BYTES(GET "Content-Length\r\n\r\n"), 400 },
    { "an empty name", BYTES(GET ": value\r\n\r\n"), 400 },
    { "a zero in a value", BYTES(GET "A: b\0c\r\n\r\n"), 400 },
    { "a blank in the target", BYTES("GET /a b HTTP/1.1\r\nHost: t\r\n\r\n"),
      400 },
};

static void expect_refused(struct supervised *supervised,
                           const struct shape *shape)
{
    struct http_client client;
    struct http_answer answer;
    enum http_outcome outcome;

    http_expect_connect(&client, supervised->port);
    ck_assert_int_eq(http_send_bytes(&client, shape->bytes, shape->count),
                     HTTP_ANSWERED);
    outcome = http_receive(&client, false, &answer);
    ck_assert_msg(outcome == HTTP_ANSWERED, "%s: %s", shape->name,
                  http_outcome_name(outcome));
    ck_assert_msg(answer.status == shape->status, "%s: %d instead of %d",
                  shape->name, answer.status, shape->status);
    ck_assert_msg(!answer.keep_alive,
                  "%s: the response keeps the connection open", shape->name);
    ck_assert_msg(http_closes(&client), "%s: not closed", shape->name);
    http_answer_free(&answer);
    http_disconnect(&client);
}

/* The totals count `refused` requests, and no refused request ended a worker.
 */
static void finish_refused(struct supervised *supervised, size_t refused)
{
    const cJSON *totals;

    http_expect_hello(supervised->port);
    ck_assert_uint_eq(
        event_log_count(&supervised->log, "{'event':'exit','cause':'crash'}"),
        0);
    supervised_drain(supervised);
    totals = supervised_totals(supervised);
    ck_assert_uint_eq(event_number(totals, "requests.refused"), refused);
    ck_assert_uint_eq(event_number(totals, "requests.begun"), refused + 1);
    supervised_finish_ended(supervised, 0);
}

static void expect_all_refused(const char *kind, const struct shape *shapes,
                               size_t count)
{
    struct supervised supervised;

    supervised_start(&supervised, "%s", kind);
    for (size_t i = 0; i < count; i++)
        expect_refused(&supervised, &shapes[i]);
    finish_refused(&supervised, count);
}

START_TEST(unsupported_protocols_and_methods_are_refused)
{
    expect_all_refused(kinds[_i], unknown, sizeof(unknown) / sizeof(*unknown));
}
END_TEST

START_TEST(ambiguous_requests_are_refused)
{
    expect_all_refused(kinds[_i], smuggled,
                       sizeof(smuggled) / sizeof(*smuggled));
}
END_TEST

/* ---- Sizes ---- */

/* Returns `before`, `filling` times 'a', and `after`; the caller frees it. */
static char *fill(const char *before, size_t filling, const char *after)
{
    char *text = malloc(strlen(before) + filling + strlen(after) + 1);

    ck_assert_ptr_nonnull(text);
    strcpy(text, before);
    memset(text + strlen(before), 'a', filling);
    strcpy(text + strlen(before) + filling, after);
    return text;
}

static void expect_size(struct supervised *supervised, const char *before,
                        size_t filling, const char *after, int status)
{
    char *text = fill(before, filling, after);
    struct http_client client;

    http_expect_ask(&client, supervised->port, text);
    http_expect_answer(&client, status, "");
    /* The next request is found after one that fits. */
    if (status == 200) {
        http_expect_page(&client, "/?t=next.", "t=next.");
    } else {
        http_expect_close(&client);
    }
    http_disconnect(&client);
    free(text);
}

#define MAX_HEADER 1024
#define MAX_BODY   4096

START_TEST(requests_above_the_size_limits_are_refused)
{
    const size_t value = MAX_HEADER - strlen(GET "X: \r\n\r\n");
    const size_t target =
        MAX_HEADER - strlen("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    struct supervised supervised;

    supervised_start(&supervised, "%s --max-header %d --max-body %d", kinds[_i],
                     MAX_HEADER, MAX_BODY);
    expect_size(&supervised, GET "X: ", value, "\r\n\r\n", 200);
    expect_size(&supervised, GET "X: ", value + 8, "\r\n\r\n", 431);
    expect_size(&supervised, GET "X: ", 30 * MAX_HEADER, "\r\n\r\n", 431);
    expect_size(&supervised, "GET /", target, " HTTP/1.1\r\nHost: t\r\n\r\n",
                200);
    expect_size(&supervised, "GET /", MAX_HEADER,
                " HTTP/1.1\r\nHost: t\r\n\r\n", 414);
    /* A request line that does not end. */
    expect_size(&supervised, "GET /", 30 * MAX_HEADER, "", 414);
    expect_size(&supervised, POST "Content-Length: 4096\r\n\r\n", MAX_BODY, "",
                200);
    expect_size(&supervised, POST "Content-Length: 4097\r\n\r\n", MAX_BODY + 1,
                "", 413);
    expect_size(&supervised,
                POST "Transfer-Encoding: chunked\r\n\r\n"
                     "1000\r\n",
                MAX_BODY, "\r\n0\r\n\r\n", 200);
    expect_size(&supervised,
                POST "Transfer-Encoding: chunked\r\n\r\n"
                     "1001\r\n",
                MAX_BODY + 1, "\r\n0\r\n\r\n", 413);
    supervised_finish(&supervised);
}
END_TEST

/* The framing is larger than the body. */
START_TEST(body_of_many_tiny_chunks_is_refused)
{
    char text[8 * MAX_BODY] = POST "Transfer-Encoding: chunked\r\n\r\n";
    struct supervised supervised;
    struct http_client client;
    size_t used = strlen(text);

    supervised_start(&supervised, "%s --max-header %d --max-body %d", kinds[_i],
                     MAX_HEADER, MAX_BODY);
    while (used + 7 < sizeof(text))
        used += (size_t)sprintf(text + used, "1\r\na\r\n");
    http_expect_ask(&client, supervised.port, text);
    http_expect_answer(&client, 413, "");
    http_expect_close(&client);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(request_with_more_than_100_headers_is_refused)
{
    char text[8192];
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s", kinds[_i]);
    for (int headers = 100; headers <= 101; headers++) {
        size_t used = (size_t)sprintf(text, "GET / HTTP/1.1\r\nHost: t\r\n");

        /* The first is Host. */
        for (int i = 1; i < headers; i++)
            used += (size_t)sprintf(text + used, "X-%d: %d\r\n", i, i);
        sprintf(text + used, "\r\n");
        http_expect_ask(&client, supervised.port, text);
        http_expect_answer(&client, headers == 100 ? 200 : 431, "");
        http_disconnect(&client);
    }
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("limits");

    tcase_add_loop_test(cases, unsupported_protocols_and_methods_are_refused, 0,
                        KINDS);
    tcase_add_loop_test(cases, ambiguous_requests_are_refused, 0, KINDS);
    tcase_add_loop_test(cases, requests_above_the_size_limits_are_refused, 0,
                        KINDS);
    tcase_add_loop_test(cases, body_of_many_tiny_chunks_is_refused, 0, KINDS);
    tcase_add_loop_test(cases, request_with_more_than_100_headers_is_refused, 0,
                        KINDS);
    return suite_run(cases, "limits");
}
