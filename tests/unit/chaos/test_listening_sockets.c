/* SPDX-License-Identifier: MIT */
/* test_listening_sockets.c - which process holds which listening socket. */
#include "chaos/target/listening_sockets.h"
#include "tests/harness/run_suite.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
    const char *because, *line, *address;
    uint64_t inode; /* 0: not listening */
} lines[] = {
    { "listening",
      "   0: 0100007F:1F96 00000000:0000 0A 00000000:00000000 00:00000000 "
      "00000000     0        0 4711 1 0000000000000000 100 0 0 10 0",
      "127.0.0.1:8086", 4711 },
    { "on all addresses",
      "  12: 00000000:0050 00000000:0000 0A 00000000:00000005 00:00000000 "
      "00000000  1000        0 8 2 0000000000000000 100 0 0 10 0",
      "0.0.0.0:80", 8 },
    { "IPv6",
      "   0: 00000000000000000000000001000000:1F96 "
      "00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 "
      "00000000     0        0 99 1 0000000000000000 100 0 0 10 0",
      "[::1]:8086", 99 },
    { "a connection",
      "   1: 0100007F:1F96 0100007F:D3A2 01 00000000:00000000 00:00000000 "
      "00000000     0        0 4712 1 0000000000000000 20 4 30 10 -1",
      NULL, 0 },
    { "the header of the table",
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
      "retrnsmt   uid  timeout inode",
      NULL, 0 },
    { "an empty line", "", NULL, 0 },
};

START_TEST(kernel_table_is_read)
{
    struct listening_socket socket;

    ck_assert_msg(listening_sockets_read(&socket, lines[_i].line) ==
                      (lines[_i].inode > 0),
                  "%s", lines[_i].because);
    if (lines[_i].inode == 0)
        return;
    ck_assert_str_eq(socket.address, lines[_i].address);
    ck_assert_uint_eq(socket.inode, lines[_i].inode);
}
END_TEST

static int listen_somewhere(char address[64])
{
    struct sockaddr_in any = { .sin_family = AF_INET };
    socklen_t length = sizeof(any);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&any, length), 0);
    ck_assert_int_eq(listen(fd, 1), 0);
    getsockname(fd, (struct sockaddr *)&any, &length);
    snprintf(address, 64, "127.0.0.1:%u", ntohs(any.sin_port));
    return fd;
}

static const struct listening_holder *
holder(const struct listening_sockets *listening, pid_t pid,
       const char *address)
{
    for (uint32_t i = 0; i < listening->count; i++)
        if (listening->holders[i].pid == pid &&
            strcmp(listening->holders[i].socket.address, address) == 0)
            return &listening->holders[i];
    return NULL;
}

START_TEST(child_that_inherits_a_socket_holds_it_too)
{
    static struct listening_sockets listening;
    const struct listening_holder *ours, *theirs;
    char address[64];
    int fd = listen_somewhere(address);
    int gate[2];
    pid_t child;

    ck_assert_int_eq(pipe(gate), 0);
    child = fork();
    if (child == 0) {
        close(gate[1]);
        _exit(read(gate[0], gate, 1) < 0);
    }
    listening_sockets_find(&listening, getpid());
    close(gate[1]);
    waitpid(child, NULL, 0);
    ours = holder(&listening, getpid(), address);
    theirs = holder(&listening, child, address);
    ck_assert_ptr_nonnull(ours);
    ck_assert_ptr_nonnull(theirs);
    ck_assert(ours->root && !theirs->root);
    ck_assert_int_eq(ours->fd, fd);
    ck_assert_uint_eq(ours->socket.inode, theirs->socket.inode);
    close(gate[0]);
    close(fd);
    listening_sockets_find(&listening, getpid());
    ck_assert_ptr_null(holder(&listening, getpid(), address));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("listening_sockets");

    tcase_add_loop_test(cases, kernel_table_is_read, 0, ROWS(lines));
    tcase_add_test(cases, child_that_inherits_a_socket_holds_it_too);
    return run_suite("listening_sockets", cases);
}
