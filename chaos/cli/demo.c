/* SPDX-License-Identifier: MIT */
/* demo.c - `chaos demo`: kills with and without retention of connections. */
#include "chaos/cli/commands.h"
#include "chaos/cli/demo_run.h"
#include "worker/clock.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT        8086
#define WORKERS_MIN 4

struct demo_fields {
    uint64_t seed, first_us, second_us;
    const char *supervisor;
};

#define AT(field) offsetof(struct demo_fields, field)

static const struct option_row option_table[] = {
    OPTION("seed", VALUE_COUNT, AT(seed), "seed of all random choices",
           .fallback_help = "from the clock"),
    OPTION("first", VALUE_TIME, AT(first_us), "duration of the first part",
           "25s", .min = 1e6, .max = 1e10),
    OPTION("second", VALUE_TIME, AT(second_us),
           "duration of the negative control", "10s", .min = 1e6, .max = 1e10),
    OPTION("supervisor", VALUE_TEXT, AT(supervisor), "the supervisor",
           .value = "PATH", .fallback_help = "in the directory of chaos"),
};

static const struct command_line line = {
    .name = "chaos demo",
    .usage = "[options]",
    .about = "Every worker exits after each response, and chaos kills workers "
             "with SIGKILL, while a client that never retries checks every "
             "response.  Then the same with a supervisor that does not retain "
             "connections.",
    .after = "Exit status: 0 the first part lost nothing and the second lost "
             "requests, 1 otherwise, 2 bad input.",
    .rows = option_table,
    .count = sizeof(option_table) / sizeof(option_table[0]),
};

static bool is_free(uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(port) };
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool usable;

    if (fd < 0)
        return false;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    usable = bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
             listen(fd, 1) == 0;
    close(fd);
    return usable;
}

/* Writes the path of `name` in the directory of this program. */
static bool sibling_path(const char *name, char *path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    char *slash;

    if (length < 0)
        return false;
    path[length] = '\0';
    slash = strrchr(path, '/');
    if (!slash || (size_t)(slash - path) + strlen(name) + 2 > size)
        return false;
    strcpy(slash + 1, name);
    return true;
}

int command_demo(int argc, char **argv)
{
    struct demo_fields fields = { .seed = clock_wall_us() % 1000000 };
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    char supervisor[4096];
    struct demo demo;
    int operands, status;

    if (!arguments_read(&line, &fields, argc, argv, &operands, &status))
        return status;
    if (!fields.supervisor) {
        if (!sibling_path("supervisor", supervisor, sizeof(supervisor))) {
            fprintf(stderr, "chaos: the path of this program is unknown (use "
                            "--supervisor)\n");
            return EXIT_BAD_INPUT;
        }
        fields.supervisor = supervisor;
    }
    if (access(fields.supervisor, X_OK) < 0) {
        fprintf(stderr, "chaos: %s: not an executable (run make to build it)\n",
                fields.supervisor);
        return EXIT_BAD_INPUT;
    }
    demo = (struct demo){
        .supervisor = fields.supervisor,
        .seed = fields.seed,
        .workers =
            processors > WORKERS_MIN ? (unsigned)processors : WORKERS_MIN,
        .rate = demo_rate(),
        .port = PORT,
        .first_us = fields.first_us,
        .second_us = fields.second_us,
    };
    if (!is_free(PORT)) {
        printf("Port %d is in use; the kernel chooses another.\n\n", PORT);
        demo.port = 0;
    }
    return demo_run(&demo);
}
