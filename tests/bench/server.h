/*
 * server.h - one process that is measured: started, waited for, ended.
 *
 * It leads a process group of its own, so that Ctrl-C in a terminal reaches us
 * alone and that nothing of it can stay behind; it is told to leave when we
 * die.  Reports what fails on standard error.
 */
#ifndef TESTS_BENCH_SERVER_H
#define TESTS_BENCH_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SERVER_PATH_BYTES 256

struct server {
    pid_t pid; /* 0: not running */
    uint16_t port;
    int reservation; /* holds the port, or -1 */
    const char *name;
    char output[SERVER_PATH_BYTES]; /* its standard output and error */
    char log[SERVER_PATH_BYTES];    /* the supervisor's, JSON; else "" */
};

/* Chooses a free port for a server that cannot let the kernel choose, and
 * keeps others from it until the server ends.  Returns 0 or -1. */
int server_reserve_port(struct server *server);

/* Starts argv[0], found along PATH; its output goes to `server->output`.
 * Returns 0, or -1 if it cannot be forked. */
int server_start(struct server *server, char *const argv[]);

/* Is it still running? */
bool server_runs(const struct server *server);

/* Waits until it accepts connections.  Returns 0; or -1, with its output
 * shown, if it ended before that or took more than ten seconds. */
int server_await(struct server *server);

/* Asks it to leave, waits for it, insists, ends what is left of its group and
 * clears *server.  Returns its wait status; 0 if it was not running. */
int server_end(struct server *server);

/* Shows what it wrote, on standard error. */
void server_show_output(const struct server *server);

#endif
