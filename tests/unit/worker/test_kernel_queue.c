/* SPDX-License-Identifier: MIT */
/* test_kernel_queue.c - the kernel's counts of a TCP connection while its
 * client closes. */
#include "tests/harness/run_suite.h"
#include "worker/protocol/kernel_queue.h"
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROUNDS 500

struct closing {
    int client;
    atomic_bool begun, over;
};

static void connect_both(int listener, const struct sockaddr_in *address,
                         int ends[2])
{
    struct linger immediate = { 1, 0 };

    ends[1] = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(
        connect(ends[1], (const struct sockaddr *)address, sizeof(*address)),
        0);
    ends[0] = accept(listener, NULL, NULL);
    ck_assert_int_ge(ends[0], 0);
    /* No TIME_WAIT. */
    setsockopt(ends[1], SOL_SOCKET, SO_LINGER, &immediate, sizeof(immediate));
}

static void *half_close(void *argument)
{
    struct closing *closing = argument;

    while (!atomic_load(&closing->begun))
        continue;
    shutdown(closing->client, SHUT_WR);
    atomic_store(&closing->over, true);
    return NULL;
}

/* No byte was sent: the count must stay 0 whether the FIN arrives before, while
 * or after the counts are read. */
START_TEST(concurrent_fin_is_not_counted_as_byte)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t bytes = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, bytes), 0);
    ck_assert_int_eq(listen(listener, 1), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &bytes),
                     0);
    for (int i = 0; i < ROUNDS; i++) {
        struct closing closing = { .begun = false };
        struct kernel_queue queue;
        pthread_t thread;
        int ends[2];
        bool over;

        connect_both(listener, &address, ends);
        closing.client = ends[1];
        ck_assert_int_eq(pthread_create(&thread, NULL, half_close, &closing),
                         0);
        atomic_store(&closing.begun, true);
        do {
            over = atomic_load(&closing.over);
            ck_assert_int_eq(kernel_queue_read(ends[0], &queue), 0);
            ck_assert_uint_eq(queue.consumed_bytes, 0);
        } while (!over);
        ck_assert(queue.peer_closed);
        pthread_join(thread, NULL);
        close(ends[1]);
        close(ends[0]);
    }
    close(listener);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("kernel queue");

    tcase_add_test(cases, concurrent_fin_is_not_counted_as_byte);
    return run_suite("kernel queue", cases);
}
