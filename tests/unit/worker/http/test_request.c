/* SPDX-License-Identifier: MIT */
/* test_request.c - complete and partial requests. */
#include "tests/harness/http/peeked.h"
#include "tests/harness/run_suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *bytes;
    const char *method, *target, *path, *query;
    const char *body; /* its first chunk */
    size_t body_bytes;
    bool keep_alive, http_1_0, repeatable;
} wholes[] = {
    { "GET / HTTP/1.1\r\nHost: t\r\n\r\n", "GET", "/", "/", "", "", 0, true,
      false, true },
    { "GET /a?b=c&d HTTP/1.1\r\nHost: t\r\n\r\n", "GET", "/a?b=c&d", "/a",
      "b=c&d", "", 0, true, false, true },
    { "\r\n\r\nGET / HTTP/1.1\r\nHost: t\r\n\r\n", "GET", "/", "/", "", "", 0,
      true, false, true },
    { "GET /? HTTP/1.1\r\nHost: t\r\n\r\n", "GET", "/?", "/", "", "", 0, true,
      false, true },
    { "GET /a?b?c HTTP/1.1\r\nHost: t\r\n\r\n", "GET", "/a?b?c", "/a", "b?c",
      "", 0, true, false, true },
    { "OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n", "OPTIONS", "*", "*", "", "", 0,
      true, false, true },
    { "GET http://h/p HTTP/1.1\r\nHost: t\r\n\r\n", "GET", "http://h/p",
      "http://h/p", "", "", 0, true, false, true },
    { "GET / HTTP/1.0\r\n\r\n", "GET", "/", "/", "", "", 0, false, true, true },
    { "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET", "/", "/", "",
      "", 0, true, true, true },
    { "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", "GET", "/", "/",
      "", "", 0, false, false, true },
    { "GET / HTTP/1.1\r\nHost: t\r\nEmpty:\r\n\r\n", "GET", "/", "/", "", "", 0,
      true, false, true },
    { "POST / HTTP/1.1\r\nHost: t\r\n\r\n", "POST", "/", "/", "", "", 0, true,
      false, false },
    { "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello", "POST",
      "/", "/", "", "hello", 5, true, false, false },
    { "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\t\r\n\r\nhello", "POST",
      "/", "/", "", "hello", 5, true, false, false },
    { "\r\nPOST / HTTP/1.1\r\nHost:\tt\t\r\nA:\t\r\n"
      "Content-Length:\t 5 \t \r\nB: \t c\td \t\r\n\r\nh\t\r\no",
      "POST", "/", "/", "", "h\t\r\no", 5, true, false, false },
    { "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked \t\r\n\r\n"
      "5\r\nh\t\r\no\r\n0\r\n\r\n",
      "POST", "/", "/", "", "h\t\r\no", 5, true, false, false },
    { "POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\n\t\r\n\t\r", "POST", "/",
      "/", "", "\t\r\n\t\r", 5, false, true, false },
    { "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n", "POST", "/",
      "/", "", "", 0, true, false, false },
    { "GET / HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhi", "GET", "/",
      "/", "", "hi", 2, true, false, true },
    { "POST / HTTP/1.1\r\nHost: t\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n"
      "Content-Length: 2\r\n\r\nhi",
      "POST", "/", "/", "", "hi", 2, true, false, false },
    { "GET / HTTP/1.1\r\nHost: t\r\nUpgrade: a\r\nConnection: Upgrade\r\n\r\n",
      "GET", "/", "/", "", "", 0, true, false, true },
    { CHUNKED "5\r\nhello\r\n0\r\n\r\n", "POST", "/c", "/c", "", "hello", 5,
      true, false, false },
    { CHUNKED "2\r\nwo\r\n3\r\nrld\r\n0\r\n\r\n", "POST", "/c", "/c", "", "wo",
      5, true, false, false },
    { CHUNKED "0\r\n\r\n", "POST", "/c", "/c", "", "", 0, true, false, false },
    { CHUNKED "1;a=b\r\nx\r\n0\r\nTrailer: t\r\n\r\n", "POST", "/c", "/c", "",
      "x", 1, true, false, false },
};

START_TEST(complete_request_is_parsed)
{
    const char *bytes = wholes[_i].bytes;
    struct request request;
    unsigned status;
    char *copy;

    ck_assert_int_eq(read_copy(&request, bytes, strlen(bytes), &status, &copy),
                     REQUEST_WHOLE);
    check_slice("method", request.method, wholes[_i].method);
    check_slice("target", request.target, wholes[_i].target);
    check_slice("path", request.path, wholes[_i].path);
    check_slice("query", request.query, wholes[_i].query);
    check_slice("body", request.body, wholes[_i].body);
    ck_assert_uint_eq(request.body_bytes, wholes[_i].body_bytes);
    ck_assert_int_eq(request.keep_alive, wholes[_i].keep_alive);
    ck_assert_int_eq(request.http_1_0, wholes[_i].http_1_0);
    ck_assert_int_eq(request.repeatable, wholes[_i].repeatable);
    ck_assert(!request.is_head);
    ck_assert_uint_eq(request.wire_bytes, strlen(bytes));
    free(copy);
}
END_TEST

START_TEST(every_prefix_of_a_request_is_partial)
{
    struct request request;
    unsigned status;

    for (size_t part = 0; part < strlen(wholes[_i].bytes); part++)
        ck_assert_msg(read_copy(&request, wholes[_i].bytes, part, &status,
                                NULL) == REQUEST_PARTIAL,
                      "%zu bytes, status %u, of %s", part, status,
                      wholes[_i].bytes);
}
END_TEST

START_TEST(following_bytes_do_not_belong_to_the_request)
{
    static const char *const nexts[] = { "GET / HTTP/1.1\r\nHost: t\r\n\r\n",
                                         "\r\n", "x", "\x16\x03" };
    struct request request;
    unsigned status;
    char text[512];

    for (int next = 0; next < ROWS(nexts); next++) {
        snprintf(text, sizeof(text), "%s%s", wholes[_i].bytes, nexts[next]);
        ck_assert_int_eq(read_copy(&request, text, strlen(text), &status, NULL),
                         REQUEST_WHOLE);
        ck_assert_uint_eq(request.wire_bytes, strlen(wholes[_i].bytes));
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("request");

    tcase_add_loop_test(cases, complete_request_is_parsed, 0, ROWS(wholes));
    tcase_add_loop_test(cases, every_prefix_of_a_request_is_partial, 0,
                        ROWS(wholes));
    tcase_add_loop_test(cases, following_bytes_do_not_belong_to_the_request, 0,
                        ROWS(wholes));
    return run_suite("request", cases);
}
