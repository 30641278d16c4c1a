/* SPDX-License-Identifier: MIT */
/*
 * prefork.c - yardstick: the smallest prefork server that answers one request
 * per process.
 *
 *   prefork PORT WORKERS FILE
 *
 * WORKERS children wait in accept(); each answers one request with the bytes of
 * FILE and exits; the parent forks another one.  It handles no errors and keeps
 * no connections.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define BACKLOG 4096

static int listen_on(const char *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int yes = 1;

    address.sin_port = htons((uint16_t)atoi(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(fd, BACKLOG) < 0) {
        perror("prefork: listen");
        exit(1);
    }
    return fd;
}

static void answer_one(int listener, const char *page, size_t length)
{
    char request[4096];
    int fd;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    fd = accept(listener, NULL, NULL);
    if (read(fd, request, sizeof request) > 0)
        _exit(write(fd, page, length) != (ssize_t)length);
    _exit(1);
}

int main(int argc, char **argv)
{
    static char page[8192];
    int listener, file;
    ssize_t length;

    if (argc != 4)
        return 2;
    file = open(argv[3], O_RDONLY);
    length = read(file, page, sizeof page);
    close(file);
    if (length < 0) {
        perror("prefork: page");
        return 1;
    }
    listener = listen_on(argv[1]);
    for (int lacking = atoi(argv[2]);; lacking = 1) {
        for (; lacking > 0; lacking--) {
            if (fork() == 0)
                answer_one(listener, page, (size_t)length);
        }
        wait(NULL);
    }
}
