/* SPDX-License-Identifier: MIT */
/*
 * kill_load.h - clients that send requests without a pause while workers are
 * killed.
 *
 * Each request has its own token, which must occur in its own response and in
 * no other.  The clients never retry.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_KILL_LOAD_H
#define TESTS_HARNESS_SUPERVISOR_KILL_LOAD_H

#include "tests/harness/http/http_client.h"
#include "tests/harness/supervisor/supervised.h"
#include <stdbool.h>
#include <stddef.h>

struct kill_load {
    unsigned clients;  /* at the same time */
    bool keep_alive;   /* else a new connection for each request */
    const char *query; /* of each request, besides its token */
    size_t kills;      /* continue until that many workers were killed while
                          they handled a request, by the log ... */
    size_t losses;     /* ... or, if not 0, until that many were lost */
};

struct kill_load_result {
    size_t requests;                /* begun */
    size_t right;                   /* answered 200 with the right token */
    size_t wrong;                   /* answered otherwise */
    size_t surplus;                 /* connections with more to read than was
                                       asked for */
    size_t outcomes[HTTP_OUTCOMES]; /* of all requests */
    size_t kills;                   /* signals sent */
    char first_wrong[256];          /* text of the first failure */
};

/* Returns the number of requests without a right response, plus surplus. */
size_t kill_load_lost(const struct kill_load_result *result);

/* Fails the test if any request was lost. */
void kill_load_expect_no_loss(const struct kill_load_result *result);

struct kill_load_result kill_load_run(struct supervised *supervised,
                                      const struct kill_load *kill_load);

#endif
