/* SPDX-License-Identifier: MIT */
/* test_request_sizes.c - the limits on the size of a request, to the byte. */
#include "tests/harness/http/peeked.h"
#include "tests/harness/run_suite.h"
#include <stdio.h>
#include <string.h>

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
    unsigned status; /* 0: accepted */
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

/* The empty line is not counted, so a part that lacks only that is not too
 * long. */
START_TEST(parts_of_a_request_at_the_limit_are_not_refused)
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

START_TEST(trailing_white_space_counts)
{
    static const char before[] = GET "A: b", end[] = "\r\n\r\n";
    const size_t capacity = HEADER_BYTES - strlen(before);
    char text[2 * HEADER_BYTES];
    struct request request;
    unsigned status;

    for (size_t more = 0; more <= 1; more++) {
        memcpy(text, before, strlen(before));
        memset(text + strlen(before), "\t "[_i], capacity + more);
        memcpy(text + HEADER_BYTES + more, end, strlen(end));
        ck_assert_int_eq(read_copy(&request, text,
                                   HEADER_BYTES + more + strlen(end), &status,
                                   NULL),
                         more ? REQUEST_BAD : REQUEST_WHOLE);
        if (more)
            ck_assert_uint_eq(status, 431);
    }
}
END_TEST

START_TEST(number_of_headers_is_limited)
{
    struct request_limits limits = { 64 * 1024, 0 };
    struct request request;
    char text[8192];
    unsigned status;

    for (int count = 99; count <= 101; count++) {
        size_t used = (size_t)sprintf(text, GET);

        /* Host is the first header. */
        for (int i = 1; i < count; i++)
            used += (size_t)sprintf(text + used, "X%d: %d\r\n", i, i);
        used += (size_t)sprintf(text + used, "\r\n");
        if (count <= REQUEST_HEADERS_MAX) {
            ck_assert_int_eq(
                request_read(&request, text, used, &limits, &status),
                REQUEST_WHOLE);
            ck_assert_uint_eq(request.header_count, count);
            check_slice("last", worker_request_header(&request, "x98"), "98");
        } else {
            ck_assert_int_eq(
                request_read(&request, text, used, &limits, &status),
                REQUEST_BAD);
            ck_assert_uint_eq(status, 431);
        }
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("request sizes");

    tcase_add_loop_test(cases, sizes_are_limited, 0, ROWS(sizes));
    tcase_add_test(cases, parts_of_a_request_at_the_limit_are_not_refused);
    tcase_add_loop_test(cases, trailing_white_space_counts, 0, 2);
    tcase_add_test(cases, number_of_headers_is_limited);
    return run_suite("request sizes", cases);
}
