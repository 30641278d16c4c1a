/* SPDX-License-Identifier: MIT */
/* test_address.c - parsing of addresses to listen on. */
#include "supervisor/policy/address.h"
#include "tests/harness/run_suite.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

/* LONGEST is the longest path that fits: 107 bytes. */
#define TEN     "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define LONGEST HUNDRED "0123456"

static const struct {
    const char *typed, *host;
    int family;
    in_port_t port;
} hosts[] = {
    { "127.0.0.1:8086", "127.0.0.1", AF_INET, 8086 },
    { "127.0.0.1:0", "127.0.0.1", AF_INET, 0 },
    { "0.0.0.0:65535", "0.0.0.0", AF_INET, 65535 },
    { "[::1]:8086", "::1", AF_INET6, 8086 },
    { "[::]:1", "::", AF_INET6, 1 },
    { "[2001:db8:0:1:2:3:4:5]:80", "2001:db8:0:1:2:3:4:5", AF_INET6, 80 },
    { "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]:80",
      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", AF_INET6, 80 },
    { "[::ffff:255.255.255.255]:80", "::ffff:255.255.255.255", AF_INET6, 80 },
};

START_TEST(host_and_port_are_read)
{
    struct address address;
    char host[INET6_ADDRSTRLEN];
    const void *bytes;
    in_port_t port;

    ck_assert(listen_address_read(hosts[_i].typed, &address));
    ck_assert_int_eq(address.socket.ss_family, hosts[_i].family);
    if (address.socket.ss_family == AF_INET) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)&address.socket;

        ck_assert_uint_eq(address.length, sizeof *v4);
        bytes = &v4->sin_addr;
        port = v4->sin_port;
    } else {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address.socket;

        ck_assert_uint_eq(address.length, sizeof *v6);
        bytes = &v6->sin6_addr;
        port = v6->sin6_port;
    }
    inet_ntop(hosts[_i].family, bytes, host, sizeof host);
    ck_assert_str_eq(host, hosts[_i].host);
    ck_assert_uint_eq(ntohs(port), hosts[_i].port);
}
END_TEST

static const char *const paths[] = { "/run/hello.socket", "hello", "a:8086",
                                     LONGEST };

START_TEST(path_is_read)
{
    struct address address;
    struct sockaddr_un *path = (struct sockaddr_un *)&address.socket;
    char typed[sizeof "unix:" + sizeof LONGEST] = "unix:";

    strcat(typed, paths[_i]);
    ck_assert(listen_address_read(typed, &address));
    ck_assert_int_eq(path->sun_family, AF_UNIX);
    ck_assert_str_eq(path->sun_path, paths[_i]);
}
END_TEST

static const struct {
    const char *because, *typed;
} refused[] = {
    { "an empty address", "" },
    { "a port alone", "8086" },
    { "no host", ":8086" },
    { "no port", "127.0.0.1" },
    { "an empty port", "127.0.0.1:" },
    { "a port too large", "127.0.0.1:65536" },
    { "a port far too large", "127.0.0.1:18446744073709551617" },
    { "a negative port", "127.0.0.1:-1" },
    { "a port with a space", "127.0.0.1: 80" },
    { "text after the port", "127.0.0.1:80x" },
    { "a host name", "localhost:8086" },
    { "three numbers", "127.0.1:8086" },
    { "a number too large", "127.0.0.256:8086" },
    { "a number with a leading zero", "127.0.0.01:8086" },
    { "all addresses, as an asterisk", "*:8086" },
    { "IPv6 without brackets", "::1:8086" },
    { "no closing bracket", "[::1:8086" },
    { "no opening bracket", "::1]:8086" },
    { "empty brackets", "[]:8086" },
    { "IPv4 in brackets", "[127.0.0.1]:8086" },
    { "text after the brackets", "[::1]x:8086" },
    { "a scope", "[fe80::1%lo]:8086" },
    { "a host one byte too long",
      "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]x:8086" },
    { "a host far too long", HUNDRED ":8086" },
    { "an empty path", "unix:" },
    { "a path too long", "unix:" LONGEST "7" },
    { "unix: in capitals", "UNIX:/run/hello.socket" },
};

START_TEST(invalid_address_is_refused_and_changes_nothing)
{
    struct address address, before;

    memset(&address, 0x55, sizeof address);
    before = address;
    ck_assert_msg(!listen_address_read(refused[_i].typed, &address), "%s: %s",
                  refused[_i].because, refused[_i].typed);
    ck_assert_mem_eq(&address, &before, sizeof address);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("address");

    tcase_add_loop_test(cases, host_and_port_are_read, 0, ROWS(hosts));
    tcase_add_loop_test(cases, path_is_read, 0, ROWS(paths));
    tcase_add_loop_test(cases, invalid_address_is_refused_and_changes_nothing,
                        0, ROWS(refused));
    return run_suite("address", cases);
}
