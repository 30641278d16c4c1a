/* SPDX-License-Identifier: MIT */
/* test_request_refused.c - invalid requests and the status of their refusal. */
#include "tests/harness/http/peeked.h"
#include "tests/harness/run_suite.h"
#include <string.h>

static const struct {
    const char *because, *bytes;
    unsigned status;
} invalid[] = {
    { "not HTTP", "hello\r\n", 400 },
    { "TLS", "\x16\x03\x01", 400 },
    { "no host", "GET / HTTP/1.1\r\nX: y\r\n\r\n", 400 },
    { "two hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400 },
    { "a method in lower case", "get / HTTP/1.1\r\nHost: t\r\n", 400 },
    { "an unknown method", "BREW / HTTP/1.1\r\nHost: t\r\n", 501 },
    { "an unknown method that begins like a known one",
      "GEX / HTTP/1.1\r\nHost: t\r\n", 501 },
    { "a tunnel", "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", 501 },
    { "HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505 },
    { "HTTP/3", "GET / HTTP/3.0\r\n\r\n", 505 },
    { "HTTP/0.9", "GET /\r\n\r\n", 400 },
    { "RTSP", "GET / RTSP/1.0\r\n\r\n", 400 },
    { "ICE", "SOURCE / ICE/1.0\r\n\r\n", 400 },
    { "a space in the target", "GET /a b HTTP/1.1\r\nHost: t\r\n\r\n", 400 },
    { "a control byte in the target", "GET /\x01 HTTP/1.1\r\nHost: t\r\n\r\n",
      400 },
    { "a bare LF after the request line", "GET / HTTP/1.1\nA: b\r\n\r\n", 400 },
    { "a bare LF after a field", GET "A: b\nC: d\r\n\r\n", 400 },
    { "a bare CR in a value", GET "A: b\rC: d\r\n\r\n", 400 },
    { "a name without a colon", GET "A\r\n\r\n", 400 },
    { "no name", GET ": b\r\n\r\n", 400 },
    { "a space before the colon", GET "A : b\r\n\r\n", 400 },
    { "a space before the first name", GET " A: b\r\n\r\n", 400 },
    { "a fold", GET "A: b\r\n c\r\n\r\n", 400 },
    { "a fold with a tab", GET "A: b\r\n\tc\r\n\r\n", 400 },
    { "a fold before the value", GET "A:\r\n b\r\n\r\n", 400 },
    { "a fold of a space", GET "A:\r\n \r\nB: c\r\n\r\n", 400 },
    { "a fold of a space after a tab", GET "A:\t\r\n \r\nB: c\r\n\r\n", 400 },
    { "a fold of a tab before the end", GET "A:\r\n\t\r\n\r\n", 400 },
    { "a length and a coding",
      POST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400 },
    { "a coding and a length",
      POST "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
      400 },
    { "two lengths", POST "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      400 },
    { "the same length twice",
      POST "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400 },
    { "a list of lengths", POST "Content-Length: 1, 1\r\n\r\na", 400 },
    { "a plus sign", POST "Content-Length: +1\r\n\r\na", 400 },
    { "a minus sign", POST "Content-Length: -1\r\n\r\na", 400 },
    { "hexadecimal", POST "Content-Length: 0x1\r\n\r\na", 400 },
    { "a length that overflows",
      POST "Content-Length: 18446744073709551617\r\n\r\na", 400 },
    { "chunked is not the last coding",
      POST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400 },
    { "another coding before chunked",
      POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501 },
    { "chunked twice",
      POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"
           "0\r\n\r\n",
      400 },
    { "a coding in HTTP/1.0",
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
    { "not chunked", POST "Transfer-Encoding: gzip\r\n\r\na", 400 },
    { "a chunk size with a prefix", CHUNKED "0x1\r\na\r\n0\r\n\r\n", 400 },
    { "a negative chunk size", CHUNKED "-1\r\na\r\n0\r\n\r\n", 400 },
    { "a chunk size that overflows", CHUNKED "fffffffffffffffff\r\n", 400 },
    { "a chunk longer than its size", CHUNKED "1\r\nab\r\n0\r\n\r\n", 400 },
    { "a chunk with a bare LF", CHUNKED "1\na\r\n0\r\n\r\n", 400 },
    { "an empty transfer coding", POST "Transfer-Encoding:\r\n\r\n0\r\n\r\n",
      400 },
    { "an empty transfer coding and a length",
      POST "Transfer-Encoding: \r\nContent-Length: 1\r\n\r\na", 400 },
    { "an empty transfer coding after a length",
      POST "Content-Length: 1\r\nTransfer-Encoding:\r\n\r\na", 400 },
    { "two spaces after the method", "GET  / HTTP/1.1\r\nHost: t\r\n\r\n",
      400 },
    { "two spaces after the target", "GET /  HTTP/1.1\r\nHost: t\r\n\r\n",
      400 },
    { "a bare CR before the request line",
      "\rGET / HTTP/1.1\r\nHost: t\r\n\r\n", 400 },
    { "a tab after the version", "GET / HTTP/1.1\t\r\nHost: t\r\n\r\n", 400 },
    { "a tab after a name without a colon", GET "A\t\r\n\r\n", 400 },
    { "a line of a tab", GET "A: b\r\n\t\r\n\r\n", 400 },
    { "a line of white space", GET "A: b\r\n \t \r\n\r\n", 400 },
    { "a first line of a tab", "GET / HTTP/1.1\r\n\t\r\nHost: t\r\n\r\n", 400 },
    { "a fold that ends in a tab", GET "A: b\r\n c\t\r\n\r\n", 400 },
    { "a tab within a length", POST "Content-Length: 5\t5\r\n\r\n", 400 },
    { "a length of a tab", POST "Content-Length:\t\r\n\r\n", 400 },
    { "a tab and a bare CR", POST "Content-Length: 5\t\rX\r\n\r\n", 400 },
    { "a tab and a bare LF", POST "Content-Length: 5\t\n\r\n", 400 },
    { "a space and a tab in a name", GET "A \t", 400 },
    { "a space and a tab after a bare CR", GET "A: b\r \t", 400 },
    { "a bare LF at the end of the fields", GET "A: b\r\n\n", 400 },
    { "a bare LF after an empty field", GET "A:\r\n\n", 400 },
    { "a bare LF after a length", POST "Content-Length: 1\r\n\na", 400 },
    { "a bare LF after a coding",
      POST "Transfer-Encoding: chunked\r\n\n0\r\n\r\n", 400 },
    { "a bare LF instead of fields", "GET / HTTP/1.0\r\n\n", 400 },
    { "a trailer without a name", CHUNKED "0\r\n: b\r\n\r\n", 400 },
    { "a trailer of a colon", CHUNKED "0\r\n:\r\n\r\n", 400 },
    { "a second trailer without a name", CHUNKED "0\r\nA: b\r\n: c\r\n\r\n",
      400 },
    { "a folded trailer", CHUNKED "0\r\nA: b\r\n c\r\n\r\n", 400 },
    { "a fold before a trailer's value", CHUNKED "0\r\nA:\r\n b\r\n\r\n", 400 },
    { "a bare LF after a trailer", CHUNKED "0\r\nA: b\n\r\n", 400 },
    { "a bare LF at the end of the trailers", CHUNKED "0\r\nA: b\r\n\n", 400 },
    { "a bare LF after an empty trailer", CHUNKED "0\r\nA:\r\n\n", 400 },
    { "a bare LF after the last chunk", CHUNKED "0\r\n\n", 400 },
    { "the largest possible chunk size", CHUNKED "ffffffffffffffff\r\n", 413 },
    { "a chunk size above the limit", CHUNKED "101\r\n", 413 },
    { "chunk sizes above the limit together", CHUNKED "1\r\na\r\n100\r\n",
      413 },
    { "chunk sizes whose sum overflows",
      CHUNKED "1\r\na\r\nffffffffffffffff\r\n", 413 },
    { "a body too long", POST "Content-Length: 257\r\n\r\n", 413 },
    { "a chunk too long",
      CHUNKED
      "101\r\n"
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdefX",
      413 },
};

START_TEST(invalid_request_is_refused_with_its_status)
{
    const char *bytes = invalid[_i].bytes;
    struct request request;
    unsigned status;
    enum request_outcome outcome =
        read_copy(&request, bytes, strlen(bytes), &status, NULL);

    ck_assert_msg(outcome == REQUEST_BAD && status == invalid[_i].status,
                  "%s: outcome %d, status %u", invalid[_i].because, outcome,
                  status);
}
END_TEST

/* An invalid request that arrives in parts is never complete, and after it is
 * refused the outcome and the status do not change. */
START_TEST(prefix_of_an_invalid_request_is_never_complete)
{
    const char *bytes = invalid[_i].bytes;
    struct request request;
    unsigned status, first = 0;

    for (size_t part = 0; part <= strlen(bytes); part++) {
        enum request_outcome outcome =
            read_copy(&request, bytes, part, &status, NULL);

        ck_assert_msg(outcome == (first ? REQUEST_BAD : outcome),
                      "%s: accepted again after %zu bytes", invalid[_i].because,
                      part);
        ck_assert_int_ne(outcome, REQUEST_WHOLE);
        if (outcome == REQUEST_BAD && !first)
            first = status;
        ck_assert_msg(outcome != REQUEST_BAD || status == first,
                      "%s: %u, then %u", invalid[_i].because, first, status);
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("request refused");

    tcase_add_loop_test(cases, invalid_request_is_refused_with_its_status, 0,
                        ROWS(invalid));
    tcase_add_loop_test(cases, prefix_of_an_invalid_request_is_never_complete,
                        0, ROWS(invalid));
    return run_suite("request refused", cases);
}
