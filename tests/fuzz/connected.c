/* SPDX-License-Identifier: MIT */
/* connected.c - see connected.h. */
#include "tests/fuzz/connected.h"
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

/* Retries after EINTR: libFuzzer's timer interrupts connect(2), which waits on
 * a busy machine. */
static void connect_tcp(int ends[2])
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct linger at_once = { 1, 0 };
    socklen_t bytes = sizeof(address);
    static int listener = -1;

    if (listener < 0) {
        listener = socket(AF_INET, SOCK_STREAM, 0);
        assert(bind(listener, (struct sockaddr *)&address, bytes) == 0);
        assert(listen(listener, 8) == 0);
    }
    assert(getsockname(listener, (struct sockaddr *)&address, &bytes) == 0);
    ends[1] = socket(AF_INET, SOCK_STREAM, 0);
    assert(TEMP_FAILURE_RETRY(
               connect(ends[1], (struct sockaddr *)&address, bytes)) == 0);
    ends[0] = TEMP_FAILURE_RETRY(accept(listener, NULL, NULL));
    assert(ends[0] >= 0);
    /* A reset leaves no socket in TIME_WAIT. */
    setsockopt(ends[0], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    setsockopt(ends[1], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

void connected_pair(int ends[2], bool tcp)
{
    if (tcp)
        connect_tcp(ends);
    else
        assert(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
}
