/* SPDX-License-Identifier: MIT */
/* server.c - see server.h. */
#include "tests/bench/server.h"
#include "tests/bench/fetch.h"
#include "tests/bench/interrupt.h"
#include "worker/clock.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_LIMIT_US (10 * UINT64_C(1000000))
#define END_LIMIT_US                                                           \
    (15 * UINT64_C(1000000)) /* more than the drain timeout                    \
                              */
#define INTERRUPTED_LIMIT_US                                                   \
    (2 * UINT64_C(1000000)) /* the same when interrupted */
#define NAP_US 1000

int server_reserve_port(struct server *server)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int yes = 1;

    /* A bound socket that does not listen, with SO_REUSEADDR on both sides: the
     * server can bind the same port, and the kernel gives it to no one else. */
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) < 0) {
        perror("bench: no free port");
        close(fd);
        return -1;
    }
    server->reservation = fd;
    server->port = ntohs(address.sin_port);
    return 0;
}

static void exec_server(const struct server *server, char *const argv[],
                        pid_t parent)
{
    int null = open("/dev/null", O_RDONLY);
    int out = open(server->output, O_WRONLY | O_CREAT | O_APPEND, 0600);

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(127);
    interrupt_unblock();
    dup2(null, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    execvp(argv[0], argv);
    dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

int server_start(struct server *server, char *const argv[])
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid == 0)
        exec_server(server, argv, parent);
    if (pid < 0) {
        perror("bench: fork");
        return -1;
    }
    setpgid(pid, pid); /* also called by the child: either may be first */
    server->pid = pid;
    return 0;
}

bool server_is_running(const struct server *server)
{
    siginfo_t info = { 0 };

    return server->pid > 0 &&
           waitid(P_PID, (id_t)server->pid, &info,
                  WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

void server_print_output(const struct server *server)
{
    char line[512];
    FILE *file = fopen(server->output, "re");

    while (file && fgets(line, sizeof line, file))
        fprintf(stderr, "  %s", line);
    if (file)
        fclose(file);
}

int server_await(struct server *server)
{
    uint64_t start_us = clock_monotonic_us();
    int fd = -1;

    while (fd < 0 && server_is_running(server) && !interrupt_pending() &&
           clock_monotonic_us() - start_us < START_LIMIT_US) {
        fd = fetch_connect(server->port, INADDR_ANY);
        if (fd < 0)
            usleep(NAP_US);
    }
    if (fd >= 0) {
        close(fd);
        return 0;
    }
    if (!interrupt_pending()) {
        fprintf(stderr, "bench: %s does not start:\n", server->name);
        server_print_output(server);
    }
    return -1;
}

static void wait_for_end(const struct server *server)
{
    uint64_t start_us = clock_monotonic_us();

    while (server_is_running(server)) {
        uint64_t age_us = clock_monotonic_us() - start_us;

        if (age_us >
            (interrupt_pending() ? INTERRUPTED_LIMIT_US : END_LIMIT_US))
            return;
        usleep(NAP_US);
    }
}

int server_end(struct server *server)
{
    int status = 0;

    if (server->pid > 0) {
        kill(server->pid, SIGTERM);
        wait_for_end(server);
        /* Before the leader is reaped, while its pid cannot be reused. */
        kill(-server->pid, SIGKILL);
        waitpid(server->pid, &status, 0);
    }
    if (server->reservation >= 0)
        close(server->reservation);
    server->pid = 0;
    server->reservation = -1;
    return status;
}
