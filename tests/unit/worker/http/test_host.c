/* SPDX-License-Identifier: MIT */
/* test_host.c - valid and invalid values of the Host field. */
#include "tests/harness/run_suite.h"
#include "worker/http/host.h"
#include "worker/http/request.h"
#include <stdio.h>
#include <string.h>

/* With a length, because values may contain NUL. */
#define VALUE(text) text, sizeof(text) - 1

static const struct {
    const char *value;
    size_t bytes;
} hosts[] = {
    { VALUE("t") },
    { VALUE("localhost:8086") },
    { VALUE("127.0.0.1:8086") },
    { VALUE("[::1]") },
    { VALUE("[::1]:8086") },
    { VALUE("[2001:DB8::192.0.2.1]:80") },
    { VALUE("[v7.a:b]") },
    { VALUE("a-b.c_d~e!$&'()*+,;=f") },
    { VALUE("caf%C3%A9.example") },
    { VALUE("example:") },
    { VALUE(":80") },
    { VALUE("") },
};

static const struct {
    const char *because, *value;
    size_t bytes;
} others[] = {
    { "a space", VALUE("a b") },
    { "a tab", VALUE("a\tb") },
    { "a NUL", VALUE("a\0b") },
    { "a control byte", VALUE("a\x01") },
    { "a DEL", VALUE("a\x7f") },
    { "a path", VALUE("a/b") },
    { "a scheme", VALUE("http://a") },
    { "a query", VALUE("a?b") },
    { "a fragment", VALUE("a#b") },
    { "a user", VALUE("user@a") },
    { "a password", VALUE("user:word@a") },
    { "a backslash", VALUE("a\\b") },
    { "a quote", VALUE("\"a\"") },
    { "angle brackets", VALUE("<a>") },
    { "bytes that are not ASCII", VALUE("caf\xc3\xa9") },
    { "two ports", VALUE("a:1:2") },
    { "a port of letters", VALUE("a:b") },
    { "a port below 0", VALUE("a:-1") },
    { "two hosts", VALUE("a, b") },
    { "an invalid escape", VALUE("a%zz") },
    { "an incomplete escape", VALUE("a%2") },
    { "IPv6 without brackets", VALUE("::1") },
    { "no closing bracket", VALUE("[::1") },
    { "no opening bracket", VALUE("::1]") },
    { "empty brackets", VALUE("[]") },
    { "brackets around IPv4", VALUE("[127.0.0.1]") },
    { "brackets around a name", VALUE("[a]") },
    { "text after the bracket", VALUE("[::1]a") },
    { "a zone", VALUE("[fe80::1%25eth0]") },
    { "an address that is too long",
      VALUE("[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]") },
    { "a NUL after an address", VALUE("[::1\0]") },
    { "a version without an address", VALUE("[v7.]") },
    { "an address without a version number", VALUE("[v.a]") },
};

START_TEST(valid_host_is_accepted)
{
    ck_assert_msg(host_is_sound(hosts[_i].value, hosts[_i].bytes), "'%s'",
                  hosts[_i].value);
}
END_TEST

START_TEST(invalid_host_is_not_accepted)
{
    ck_assert_msg(!host_is_sound(others[_i].value, others[_i].bytes),
                  "%s: '%s' is accepted", others[_i].because, others[_i].value);
}
END_TEST

static enum request_outcome read_with(const char *value, size_t bytes,
                                      unsigned *status)
{
    static const char before[] = "GET / HTTP/1.1\r\nHost: ";
    const struct request_limits limits = { 1024, 1024 };
    static struct request request;
    char wire[256];
    size_t used = sizeof(before) - 1;

    memcpy(wire, before, used);
    memcpy(wire + used, value, bytes);
    used += bytes;
    memcpy(wire + used, "\r\n\r\n", 4);
    return request_read(&request, wire, used + 4, &limits, status);
}

START_TEST(request_with_a_valid_host_is_accepted)
{
    unsigned status;

    ck_assert_int_eq(read_with(hosts[_i].value, hosts[_i].bytes, &status),
                     REQUEST_WHOLE);
}
END_TEST

START_TEST(request_with_an_invalid_host_is_refused)
{
    unsigned status;

    ck_assert_int_eq(read_with(others[_i].value, others[_i].bytes, &status),
                     REQUEST_BAD);
    ck_assert_msg(status == 400, "%s: %u", others[_i].because, status);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("host");

    tcase_add_loop_test(cases, valid_host_is_accepted, 0, ROWS(hosts));
    tcase_add_loop_test(cases, invalid_host_is_not_accepted, 0, ROWS(others));
    tcase_add_loop_test(cases, request_with_a_valid_host_is_accepted, 0,
                        ROWS(hosts));
    tcase_add_loop_test(cases, request_with_an_invalid_host_is_refused, 0,
                        ROWS(others));
    return run_suite("host", cases);
}
