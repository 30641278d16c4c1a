/* test_request.c - what is a request, what is none, and what is not one yet. */
#include "tests/unit/peeked.h"
#include "tests/unit/run_suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Whole ---- */

#define CHUNKED                                                                \
    "POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"

static const struct {
    const char *bytes;
    const char *method, *target, *path, *query;
    const char *body; /* its first piece */
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
    { CHUNKED "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "POST", "/c", "/c", "", "he",
      5, true, false, false },
    { CHUNKED "0\r\n\r\n", "POST", "/c", "/c", "", "", 0, true, false, false },
    { CHUNKED "1;a=b\r\nx\r\n0\r\nTrailer: t\r\n\r\n", "POST", "/c", "/c", "",
      "x", 1, true, false, false },
};

START_TEST(a_whole_request_is_understood)
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

START_TEST(any_beginning_of_it_is_a_part)
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

/* Be it another request or rubbish. */
START_TEST(what_follows_does_not_belong_to_it)
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

/* ---- Bad ---- */

#define GET  "GET / HTTP/1.1\r\nHost: t\r\n"
#define POST "POST / HTTP/1.1\r\nHost: t\r\n"

static const struct {
    const char *because, *bytes;
    unsigned status;
} bads[] = {
    { "no HTTP", "hello\r\n", 400 },
    { "TLS", "\x16\x03\x01", 400 },
    { "no host", "GET / HTTP/1.1\r\nX: y\r\n\r\n", 400 },
    { "two hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400 },
    { "a method in small letters", "get / HTTP/1.1\r\nHost: t\r\n", 400 },
    { "a method that nobody knows", "BREW / HTTP/1.1\r\nHost: t\r\n", 501 },
    { "an unknown beginning of a known one", "GEX / HTTP/1.1\r\nHost: t\r\n",
      501 },
    { "a tunnel", "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", 501 },
    { "HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505 },
    { "HTTP/3", "GET / HTTP/3.0\r\n\r\n", 505 },
    { "HTTP/0.9", "GET /\r\n\r\n", 400 },
    { "RTSP", "GET / RTSP/1.0\r\n\r\n", 400 },
    { "ICE", "SOURCE / ICE/1.0\r\n\r\n", 400 },
    { "a blank in the target", "GET /a b HTTP/1.1\r\nHost: t\r\n\r\n", 400 },
    { "a control byte in the target", "GET /\x01 HTTP/1.1\r\nHost: t\r\n\r\n",
      400 },
    { "a bare LF behind the request line", "GET / HTTP/1.1\nA: b\r\n\r\n",
      400 },
    { "a bare LF behind a field", GET "A: b\nC: d\r\n\r\n", 400 },
    { "a bare CR in a value", GET "A: b\rC: d\r\n\r\n", 400 },
    { "a name without a colon", GET "A\r\n\r\n", 400 },
    { "no name", GET ": b\r\n\r\n", 400 },
    { "a blank in front of the colon", GET "A : b\r\n\r\n", 400 },
    { "a blank in front of the first name", GET " A: b\r\n\r\n", 400 },
    { "a fold", GET "A: b\r\n c\r\n\r\n", 400 },
    { "a fold by a tab", GET "A: b\r\n\tc\r\n\r\n", 400 },
    { "a fold in front of the value", GET "A:\r\n b\r\n\r\n", 400 },
    { "both lengths",
      POST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400 },
    { "both lengths, the other way round",
      POST "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
      400 },
    { "two lengths", POST "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      400 },
    { "one length twice",
      POST "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400 },
    { "a list of lengths", POST "Content-Length: 1, 1\r\n\r\na", 400 },
    { "a sign", POST "Content-Length: +1\r\n\r\na", 400 },
    { "a minus", POST "Content-Length: -1\r\n\r\na", 400 },
    { "hexadecimal", POST "Content-Length: 0x1\r\n\r\na", 400 },
    { "a length beyond numbers",
      POST "Content-Length: 18446744073709551617\r\n\r\na", 400 },
    { "not chunked in the end",
      POST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400 },
    { "not chunked", POST "Transfer-Encoding: gzip\r\n\r\na", 400 },
    { "a chunk size with a prefix", CHUNKED "0x1\r\na\r\n0\r\n\r\n", 400 },
    { "a negative chunk size", CHUNKED "-1\r\na\r\n0\r\n\r\n", 400 },
    { "a chunk size beyond numbers", CHUNKED "fffffffffffffffff\r\n", 400 },
    { "a chunk longer than its size", CHUNKED "1\r\nab\r\n0\r\n\r\n", 400 },
    { "a chunk with a bare LF", CHUNKED "1\na\r\n0\r\n\r\n", 400 },
    { "too long a body", POST "Content-Length: 257\r\n\r\n", 413 },
    { "too long a chunk",
      CHUNKED
      "101\r\n"
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdefX",
      413 },
};

START_TEST(what_is_no_request_is_refused)
{
    const char *bytes = bads[_i].bytes;
    struct request request;
    unsigned status;
    enum request_outcome outcome =
        read_copy(&request, bytes, strlen(bytes), &status, NULL);

    ck_assert_msg(outcome == REQUEST_BAD && status == bads[_i].status,
                  "%s: outcome %d, status %u", bads[_i].because, outcome,
                  status);
}
END_TEST

/* However it comes in parts: it is never whole, and once it is bad it stays so,
 * with one status. */
START_TEST(what_is_bad_was_never_good)
{
    const char *bytes = bads[_i].bytes;
    struct request request;
    unsigned status, first = 0;

    for (size_t part = 0; part <= strlen(bytes); part++) {
        enum request_outcome outcome =
            read_copy(&request, bytes, part, &status, NULL);

        ck_assert_msg(outcome == (first ? REQUEST_BAD : outcome),
                      "%s: good again after %zu bytes", bads[_i].because, part);
        ck_assert_int_ne(outcome, REQUEST_WHOLE);
        if (outcome == REQUEST_BAD && !first)
            first = status;
        ck_assert_msg(outcome != REQUEST_BAD || status == first,
                      "%s: %u, then %u", bads[_i].because, first, status);
    }
}
END_TEST

/* ---- Sizes ---- */

static enum request_outcome read_filled(const char *before, size_t filling,
                                        const char *after, unsigned *status)
{
    char text[4 * HEADER_BYTES] = "";
    struct request request;
    size_t used = strlen(before);

    ck_assert_uint_lt(used + filling + strlen(after), sizeof(text));
    memcpy(text, before, used);
    memset(text + used, 'a', filling);
    strcpy(text + used + filling, after);
    return read_copy(&request, text, strlen(text), status, NULL);
}

static const struct {
    const char *because, *before;
    size_t filling;
    const char *after;
    unsigned status; /* 0: it is whole */
} sizes[] = {
    { "a header that fits",
      GET "A: ", HEADER_BYTES - sizeof(GET "A: \r\n\r\n") + 1, "\r\n\r\n", 0 },
    { "a header too long", GET "A: ", HEADER_BYTES, "\r\n\r\n", 431 },
    { "a name too long", GET, HEADER_BYTES, ": b\r\n\r\n", 431 },
    { "a header without an end", GET "A: ", HEADER_BYTES, "", 431 },
    { "a target that fits", "GET /",
      HEADER_BYTES - sizeof("GET / HTTP/1.1\r\nHost: t\r\n\r\n") + 1,
      " HTTP/1.1\r\nHost: t\r\n\r\n", 0 },
    { "a target too long", "GET /", HEADER_BYTES,
      " HTTP/1.1\r\nHost: t\r\n\r\n", 414 },
    { "a target without an end", "GET /", HEADER_BYTES, "", 414 },
    { "a body that fits", POST "Content-Length: 256\r\n\r\n", BODY_BYTES, "",
      0 },
    { "a chunk that fits", CHUNKED "100\r\n", BODY_BYTES, "\r\n0\r\n\r\n", 0 },
    { "an extension without an end", CHUNKED "1;",
      HEADER_BYTES + 2 * BODY_BYTES, "", 413 },
};

START_TEST(sizes_are_limited)
{
    unsigned status;
    enum request_outcome outcome = read_filled(
        sizes[_i].before, sizes[_i].filling, sizes[_i].after, &status);

    ck_assert_msg(outcome == (sizes[_i].status ? REQUEST_BAD : REQUEST_WHOLE) &&
                      (!sizes[_i].status || status == sizes[_i].status),
                  "%s: outcome %d, status %u", sizes[_i].because, outcome,
                  status);
}
END_TEST

/* The end of the section is not counted, so a part that lacks only that is none
 * too long. */
START_TEST(at_the_limit_no_part_is_refused)
{
    static const char end[] = "\r\n\r\n";
    const size_t filling = HEADER_BYTES - strlen(GET "A: ");
    unsigned status;

    ck_assert_int_eq(read_filled(GET "A: ", filling, end, &status),
                     REQUEST_WHOLE);
    for (size_t less = 1; less <= strlen(end); less++) {
        char part[sizeof(end)] = "";

        memcpy(part, end, strlen(end) - less);
        ck_assert_int_eq(read_filled(GET "A: ", filling, part, &status),
                         REQUEST_PARTIAL);
    }
}
END_TEST

START_TEST(headers_are_counted)
{
    struct request_limits roomy = { 64 * 1024, 0 };
    struct request request;
    char text[8192];
    unsigned status;

    for (int count = 99; count <= 101; count++) {
        size_t used = (size_t)sprintf(text, GET);

        /* Host is one. */
        for (int i = 1; i < count; i++)
            used += (size_t)sprintf(text + used, "X%d: %d\r\n", i, i);
        used += (size_t)sprintf(text + used, "\r\n");
        if (count <= REQUEST_HEADERS_MOST) {
            ck_assert_int_eq(
                request_read(&request, text, used, &roomy, &status),
                REQUEST_WHOLE);
            ck_assert_uint_eq(request.header_count, count);
            check_slice("last", request_header(&request, "x98"), "98");
        } else {
            ck_assert_int_eq(
                request_read(&request, text, used, &roomy, &status),
                REQUEST_BAD);
            ck_assert_uint_eq(status, 431);
        }
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("request");

    tcase_add_loop_test(cases, a_whole_request_is_understood, 0, ROWS(wholes));
    tcase_add_loop_test(cases, any_beginning_of_it_is_a_part, 0, ROWS(wholes));
    tcase_add_loop_test(cases, what_follows_does_not_belong_to_it, 0,
                        ROWS(wholes));
    tcase_add_loop_test(cases, what_is_no_request_is_refused, 0, ROWS(bads));
    tcase_add_loop_test(cases, what_is_bad_was_never_good, 0, ROWS(bads));
    tcase_add_loop_test(cases, sizes_are_limited, 0, ROWS(sizes));
    tcase_add_test(cases, headers_are_counted);
    tcase_add_test(cases, at_the_limit_no_part_is_refused);
    return run_suite("request", cases);
}
