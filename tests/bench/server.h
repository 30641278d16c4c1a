/* SPDX-License-Identifier: MIT */
/*
 * server.h - starts, awaits and ends one measured server.
 *
 * The server leads its own process group, so that Ctrl-C in a terminal reaches
 * only the bench and the whole group can be killed.  It gets SIGTERM if the
 * bench dies.  Errors are reported on standard error.
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

/* Chooses a free port for a server that needs one, and reserves it until the
 * server ends.  Returns 0 or -1. */
int server_reserve_port(struct server *server);

/* Starts argv[0], searched in PATH, with its output in `server->output`.
 * Returns 0, or -1 if fork fails. */
int server_start(struct server *server, char *const argv[]);

/* Returns whether the server is still running. */
bool server_is_running(const struct server *server);

/* Waits until the server accepts connections.  Returns 0; or -1, after printing
 * the server's output, if it ended or took more than ten seconds. */
int server_await(struct server *server);

/* Sends SIGTERM, waits, kills the rest of the process group, and clears the pid
 * and the reservation.  Returns the wait status; 0 if it was not running. */
int server_end(struct server *server);

/* Prints the server's output to standard error. */
void server_print_output(const struct server *server);

#endif
