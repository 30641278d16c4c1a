/* SPDX-License-Identifier: MIT */
/* test_listener.c - a port is not opened if the receive buffer of a connection
 * cannot hold the largest request. */
#include "supervisor/system/listener.h"
#include "tests/harness/run_suite.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

static const struct address *loopback(void)
{
    static struct address address;
    struct sockaddr_in *in = (struct sockaddr_in *)&address.socket;

    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.length = sizeof(*in);
    return &address;
}

/* The largest receive buffer without privileges. */
static size_t granted_bytes(void)
{
    FILE *file = fopen("/proc/sys/net/core/rmem_max", "re");
    size_t bytes;

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%zu", &bytes), 1);
    fclose(file);
    return bytes;
}

START_TEST(listener_without_granted_buffer_is_refused)
{
    size_t granted = granted_bytes();
    int listener;

    if (geteuid() == 0)
        ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
    listener = listener_open(loopback(), granted / 2, 0, 0);
    ck_assert_int_ge(listener, 0);
    listener_close(listener);
    ck_assert_int_lt(listener_open(loopback(), 2 * granted, 0, 0), 0);
    ck_assert_int_eq(errno, EMSGSIZE);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("listener");

    tcase_add_test(cases, listener_without_granted_buffer_is_refused);
    return run_suite("listener", cases);
}
