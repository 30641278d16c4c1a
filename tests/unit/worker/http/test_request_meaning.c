/* SPDX-License-Identifier: MIT */
/* test_request_meaning.c - properties of a parsed request. */
#include "tests/harness/http/peeked.h"
#include "tests/harness/run_suite.h"
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *bytes;
    bool repeatable;
} repeats[] = {
    { "GET / HTTP/1.1\r\nHost: t\r\n\r\n", true },
    { "HEAD / HTTP/1.1\r\nHost: t\r\n\r\n", true },
    { "PUT / HTTP/1.1\r\nHost: t\r\n\r\n", true },
    { "DELETE / HTTP/1.1\r\nHost: t\r\n\r\n", true },
    { "OPTIONS / HTTP/1.1\r\nHost: t\r\n\r\n", true },
    { "TRACE / HTTP/1.1\r\nHost: t\r\n\r\n", true },
    { "POST / HTTP/1.1\r\nHost: t\r\n\r\n", false },
    { "PATCH / HTTP/1.1\r\nHost: t\r\n\r\n", false },
    { "LOCK / HTTP/1.1\r\nHost: t\r\n\r\n", false },
    { POST "Idempotency-Key: \"k\"\r\n\r\n", true },
    { POST "idempotency-key: k\r\n\r\n", true },
    { POST "Idempotency-Key:\r\n\r\n", false },
    { POST "X-Idempotency-Key: k\r\n\r\n", false },
    { CHUNKED "0\r\nIdempotency-Key: k\r\n\r\n", false },
};

START_TEST(request_with_idempotent_method_or_key_is_repeatable)
{
    const char *bytes = repeats[_i].bytes;
    struct request request;
    unsigned status;

    ck_assert_int_eq(read_copy(&request, bytes, strlen(bytes), &status, NULL),
                     REQUEST_WHOLE);
    ck_assert_msg(request.repeatable == repeats[_i].repeatable, "%s", bytes);
    ck_assert_int_eq(request.is_head, strncmp(bytes, "HEAD", 4) == 0);
}
END_TEST

static const struct {
    const char *bytes;
    bool wants;
} expectations[] = {
    { POST "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", true },
    { POST "expect: 100-CONTINUE\r\nContent-Length: 5\r\n\r\n", true },
    { POST "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n", true },
    { POST "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nh", false },
    { POST "Expect: 100-continue\r\nContent-Length: 5\r\n", false },
    { POST "Expect: 200-ok\r\nContent-Length: 5\r\n\r\n", false },
    { POST "Content-Length: 5\r\n\r\n", false },
    { "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
      false },
};

START_TEST(expectation_of_100_continue_is_recognized)
{
    const char *bytes = expectations[_i].bytes;
    struct request request;
    unsigned status;

    ck_assert_int_eq(read_copy(&request, bytes, strlen(bytes), &status, NULL),
                     REQUEST_PARTIAL);
    ck_assert_msg(request.wants_continue == expectations[_i].wants, "%s",
                  bytes);
}
END_TEST

static const struct {
    const char *bytes;
    bool keeps;
} endings[] = {
    { GET "\r\n", true },
    { GET "Connection: close\r\n\r\n", false },
    { GET "Connection: close\t\r\n\r\n", false },
    { GET "Connection:\tclose\r\n\r\n", false },
    { GET "Connection: \t CLOSE \t \r\n\r\n", false },
    { GET "Connection: close\t,x\r\n\r\n", false },
    { GET "Connection: x\t,\tclose\t\r\n\r\n", false },
    { GET "Connection: ,,close,\r\n\r\n", false },
    { GET "Connection: keep-alive\r\nConnection: close\t\r\n\r\n", false },
    { GET "Connection: closex\r\n\r\n", true },
    { GET "Connection: x\tclose\r\n\r\n", true },
    { GET "X-Connection: close\r\n\r\n", true },
    { "GET / HTTP/1.0\r\n\r\n", false },
    { "GET / HTTP/1.0\r\nConnection: keep-alive\t\r\n\r\n", true },
    { "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false },
};

START_TEST(request_determines_whether_the_connection_persists)
{
    const char *bytes = endings[_i].bytes;
    struct request request;
    unsigned status;

    ck_assert_int_eq(read_copy(&request, bytes, strlen(bytes), &status, NULL),
                     REQUEST_WHOLE);
    ck_assert_msg(request.keep_alive == endings[_i].keeps, "%s", bytes);
    ck_assert_uint_eq(request.wire_bytes, strlen(bytes));
}
END_TEST

START_TEST(headers_are_found_by_name)
{
    static const char bytes[] =
        GET "x-a:  spaced out \r\nX-A: second\r\nEmpty:\r\n\r\n";
    struct request request;
    unsigned status;
    char *copy;

    ck_assert_int_eq(read_copy(&request, bytes, strlen(bytes), &status, &copy),
                     REQUEST_WHOLE);
    check_slice("host", worker_request_header(&request, "host"), "t");
    check_slice("surrounding spaces", worker_request_header(&request, "x-a"),
                "spaced out");
    check_slice("empty", worker_request_header(&request, "empty"), "");
    ck_assert_ptr_nonnull(worker_request_header(&request, "empty").at);
    ck_assert_ptr_null(worker_request_header(&request, "hos").at);
    ck_assert_ptr_null(worker_request_header(&request, "hosts").at);
    free(copy);
}
END_TEST

static const struct {
    const char *query, *name, *value; /* NULL: there is none */
} queries[] = {
    { "", "a", NULL },        { "a=1", "a", "1" },
    { "a=1&b=2", "b", "2" },  { "a=1&b=2&a=3", "a", "1" },
    { "ab=1&a=2", "a", "2" }, { "a=1", "ab", NULL },
    { "a", "a", "" },         { "a=", "a", "" },
    { "a&b", "b", "" },       { "&&a=1", "a", "1" },
    { "a=1=2", "a", "1=2" },  { "a=%26", "a", "%26" },
    { "=1", "a", NULL },      { "b=a=1", "a", NULL },
};

START_TEST(query_values_are_found_by_name)
{
    struct request request = { .query = { queries[_i].query,
                                          strlen(queries[_i].query) } };
    struct slice value = worker_request_query(&request, queries[_i].name);

    if (queries[_i].value)
        check_slice(queries[_i].query, value, queries[_i].value);
    else
        ck_assert_ptr_null(value.at);
}
END_TEST

START_TEST(head_request_is_recognized_without_parsing)
{
    static const struct {
        const char *bytes;
        bool is_head;
    } rows[] = {
        { "HEAD / HTTP/1.1", true },
        { "\r\n\nHEAD /", true },
        { "HEAD", false },
        { "HEADS / ", false },
        { "GET /HEAD ", false },
        { "\r\n", false },
        { "", false },
    };

    for (int i = 0; i < ROWS(rows); i++)
        ck_assert_msg(
            worker_request_is_head(rows[i].bytes, strlen(rows[i].bytes)) ==
                rows[i].is_head,
            "%s", rows[i].bytes);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("request meaning");

    tcase_add_loop_test(cases,
                        request_with_idempotent_method_or_key_is_repeatable, 0,
                        ROWS(repeats));
    tcase_add_loop_test(cases, expectation_of_100_continue_is_recognized, 0,
                        ROWS(expectations));
    tcase_add_loop_test(cases,
                        request_determines_whether_the_connection_persists, 0,
                        ROWS(endings));
    tcase_add_test(cases, headers_are_found_by_name);
    tcase_add_loop_test(cases, query_values_are_found_by_name, 0,
                        ROWS(queries));
    tcase_add_test(cases, head_request_is_recognized_without_parsing);
    return run_suite("request meaning", cases);
}
