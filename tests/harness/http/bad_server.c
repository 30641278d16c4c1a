/* SPDX-License-Identifier: MIT */
#include "tests/harness/http/bad_server.h"
#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define REQUEST_MAX 4096
#define ANSWER_MAX  1024
#define A_LITTLE_US 20000
#define PAGE        "<p>%s</p><p>%s</p></html>"

static void answer_text(char answer[ANSWER_MAX], const char *status,
                        const char *page, const char *token)
{
    char body[ANSWER_MAX / 2];
    int length = snprintf(body, sizeof(body), PAGE, page, token);

    snprintf(answer, ANSWER_MAX, "HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s",
             status, length, body);
}

/* Copies "t=..." from the request line. */
static void find_token(const char *request, char token[64])
{
    const char *found = strstr(request, "t=");

    token[0] = '\0';
    if (found)
        snprintf(token, 64, "%.*s", (int)strcspn(found, " &\r\n"), found);
}

static void say(int fd, const char *text, size_t length)
{
    if (send(fd, text, length, MSG_NOSIGNAL) < 0)
        _exit(0);
}

static void say_half(int fd, const char *answer)
{
    say(fd, answer, strlen(answer) - 10);
}

/* Writes an answer whose body ends with the connection, without its last `cut`
 * bytes. */
static void say_until_close(int fd, const char *token, size_t cut)
{
    char answer[ANSWER_MAX];
    int length =
        snprintf(answer, sizeof(answer),
                 "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" PAGE "\n",
                 "Hello", token);

    say(fd, answer, (size_t)length - cut);
}

static void reset(int fd)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

static void be_silent(int fd)
{
    char bytes[64];

    while (recv(fd, bytes, sizeof(bytes), 0) > 0)
        ;
}

/* Answers the request with the defect.  The connection ends with the process.
 */
static void commit(int fd, enum defect defect, const char *token)
{
    char answer[ANSWER_MAX], twice[128];

    answer_text(answer, "200 OK", "Hello", token);
    snprintf(twice, sizeof(twice), "%s %s", token, token);
    switch (defect) {
    case DEFECT_RESET:
        reset(fd);
        break;
    case DEFECT_HALF_AND_RESET:
        say_half(fd, answer);
        usleep(A_LITTLE_US);
        reset(fd);
        break;
    case DEFECT_HALF_AND_CLOSE:
        say_half(fd, answer);
        break;
    case DEFECT_GIBBERISH:
        say(fd, "BANANA\r\n\r\n", 10);
        break;
    case DEFECT_TAIL:
        strcat(answer, "tail");
        say(fd, answer, strlen(answer));
        break;
    case DEFECT_TWICE:
        say(fd, answer, strlen(answer));
        usleep(A_LITTLE_US);
        say(fd, answer, strlen(answer));
        break;
    case DEFECT_OTHER_TOKEN:
        answer_text(answer, "200 OK", "Hello", "t=0123456789abcdef0123");
        say(fd, answer, strlen(answer));
        break;
    case DEFECT_TOKEN_TWICE:
        answer_text(answer, "200 OK", "Hello", twice);
        say(fd, answer, strlen(answer));
        break;
    case DEFECT_NO_TOKEN:
        answer_text(answer, "200 OK", "Hello", "");
        say(fd, answer, strlen(answer));
        break;
    case DEFECT_OTHER_PAGE:
        answer_text(answer, "200 OK", "Good-bye", token);
        say(fd, answer, strlen(answer));
        break;
    case DEFECT_HALF_AND_SILENCE:
        say_half(fd, answer);
        be_silent(fd);
        break;
    case DEFECT_SILENCE:
        be_silent(fd);
        break;
    case DEFECT_UNTIL_CLOSE:
        say_until_close(fd, token, 0);
        break;
    case DEFECT_UNTIL_CLOSE_AND_CUT:
        say_until_close(fd, token, strlen("html>\n"));
        break;
    case DEFECT_503:
        answer_text(answer, "503 Service Unavailable", "no", "");
        say(fd, answer, strlen(answer));
        break;
    case DEFECT_404:
        answer_text(answer, "404 Not Found", "no", "");
        say(fd, answer, strlen(answer));
        break;
    case DEFECT_CLOSE:
    case DEFECT_NONE:
        break;
    }
    _exit(0);
}

/* Serves one connection.  The client sends one request at a time, in one
 * segment. */
static void serve(int fd, enum defect defect, unsigned when,
                  atomic_uint *requests)
{
    char request[REQUEST_MAX], answer[ANSWER_MAX], token[64];
    ssize_t length;

    while ((length = recv(fd, request, sizeof(request) - 1, 0)) > 0) {
        request[length] = '\0';
        find_token(request, token);
        if (atomic_fetch_add(requests, 1) + 1 == when)
            commit(fd, defect, token);
        answer_text(answer, "200 OK", "Hello", token);
        say(fd, answer, strlen(answer));
        if (strstr(request, "Connection: close"))
            break;
    }
    _exit(0);
}

static void accept_forever(int listener, enum defect defect, unsigned when)
{
    atomic_uint *requests =
        mmap(NULL, sizeof(*requests), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int one = 1;

    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);

        if (fd < 0)
            continue;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        if (fork() == 0)
            serve(fd, defect, when, requests);
        close(fd);
    }
}

void bad_server_start(struct bad_server *server, enum defect defect,
                      unsigned when)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(
        bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    ck_assert_int_eq(listen(listener, 128), 0);
    getsockname(listener, (struct sockaddr *)&address, &length);
    server->port = ntohs(address.sin_port);
    server->pid = fork();
    ck_assert_int_ge(server->pid, 0);
    if (server->pid == 0) {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        accept_forever(listener, defect, when);
    }
    setpgid(server->pid, server->pid);
    close(listener);
}

void bad_server_stop(struct bad_server *server)
{
    kill(-server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    server->pid = 0;
}
