/* SPDX-License-Identifier: MIT */
/*
 * stage.h - the measured systems, set up to serve the same page with the same
 * number of workers.
 *
 * All their files are in one temporary folder, which stage_close() removes.
 * Errors are reported on standard error.
 */
#ifndef TESTS_BENCH_STAGE_H
#define TESTS_BENCH_STAGE_H

#include "tests/bench/server.h"
#include <stdbool.h>
#include <stdint.h>

#define STAGE_SERVERS_MAX 4

struct bench_stage {
    const char *supervisor; /* paths of the programs */
    const char *prefork;
    const char *cluster_script;
    uint32_t workers;
    char folder[128];
    char page[SERVER_PATH_BYTES]; /* a file with the answer of the built-in
                                     service */
    uint64_t body_bytes;          /* of that answer */
    uint32_t started_count;
    uint32_t bad_ends; /* supervisors that did not exit with status 0 */
    struct server servers[STAGE_SERVERS_MAX];
};

/* Makes the folder.  Returns 0 or -1. */
int stage_open(struct bench_stage *stage);

/* Ends every server and removes the folder. */
void stage_close(struct bench_stage *stage);

/* Starts a supervisor and fetches the page from it.  Returns 0 or -1. */
int stage_fetch_page(struct bench_stage *stage);

/*
 * Each starts a server and waits until it accepts connections.  Returns a
 * server that belongs to the stage; end it with stage_end().  Returns NULL on
 * failure.
 */

/* `options`: NULL-terminated, besides listen address, workers and log. */
struct server *stage_supervisor(struct bench_stage *stage, uint32_t workers,
                                const char *const options[]);
struct server *stage_prefork(struct bench_stage *stage);
struct server *stage_nginx(struct bench_stage *stage, uint32_t workers);
/* `life`: "stay", or "exit": workers exit after each response. */
struct server *stage_node(struct bench_stage *stage, const char *life);

bool stage_has_nginx(void);
bool stage_has_node(void);

/* Ends the server; does nothing if it is NULL. */
void stage_end(struct bench_stage *stage, struct server *server);

#endif
