/*
 * stage.h - the systems that are measured, each set up to serve the same page
 * with the same number of workers.
 *
 * All their files lie in one temporary folder that goes with the stage.
 * Reports what fails on standard error.
 */
#ifndef TESTS_BENCH_STAGE_H
#define TESTS_BENCH_STAGE_H

#include "tests/bench/server.h"
#include <stdbool.h>
#include <stdint.h>

#define STAGE_SERVERS_MAX 4

struct bench_stage {
    const char *supervisor; /* paths of what is started */
    const char *prefork;
    const char *cluster_script;
    uint32_t workers;
    char folder[128];
    char page[SERVER_PATH_BYTES]; /* the built-in service's answer, verbatim */
    uint64_t body_bytes;          /* of that answer */
    uint32_t started_count;
    uint32_t bad_ends; /* supervisors that did not end with status 0 */
    struct server servers[STAGE_SERVERS_MAX];
};

/* Makes the folder.  Returns 0 or -1. */
int stage_open(struct bench_stage *stage);

/* Ends every server and removes the folder. */
void stage_close(struct bench_stage *stage);

/* Takes the page from a supervisor started for it.  Returns 0 or -1. */
int stage_fetch_page(struct bench_stage *stage);

/*
 * Start a server and wait until it can be asked.  Each returns a server that
 * belongs to the stage, to be ended with stage_end(); or NULL.
 */

/* `options`: NULL-terminated, beside those that say where and how many. */
struct server *stage_supervisor(struct bench_stage *stage, uint32_t workers,
                                const char *const options[]);
struct server *stage_prefork(struct bench_stage *stage);
struct server *stage_nginx(struct bench_stage *stage, uint32_t workers);
/* `life`: "stay", or "exit" after each response. */
struct server *stage_node(struct bench_stage *stage, const char *life);

bool stage_has_nginx(void);
bool stage_has_node(void);

/* Ends the server.  NULL is none. */
void stage_end(struct bench_stage *stage, struct server *server);

#endif
