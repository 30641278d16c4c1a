/* SPDX-License-Identifier: MIT */
/*
 * load.h - closed-loop load: each connection sends its next request after the
 * answer to the previous one.
 *
 * It is the same for every system.  A new connection per request sends
 * "Connection: close" and lasts until the server has closed it, so that the
 * cost of closing is included.  A pending signal of interrupt.h ends the run.
 */
#ifndef TESTS_BENCH_LOAD_H
#define TESTS_BENCH_LOAD_H

#include <stdbool.h>
#include <stdint.h>

struct load_plan {
    uint16_t port; /* on 127.0.0.1 */
    uint32_t connections;
    bool keep_alive;      /* false: a new connection per request */
    uint64_t max_answers; /* the run ends at the first of the two limits */
    uint64_t max_us;
    uint64_t timeout_us;       /* for one answer */
    uint64_t injection_at_us;  /* after the start; 0: no injection */
    void (*injection)(void *); /* called once, with `target` */
    void *target;
};

enum load_error {
    LOAD_REFUSED,   /* could not connect */
    LOAD_RESET,     /* reset or closed before the answer was complete */
    LOAD_TIMED_OUT, /* no answer, or no close after it, in time */
    LOAD_WRONG,     /* something other than the page */
    LOAD_ERRORS
};

struct load_result {
    uint64_t answers; /* complete ones, before the end of the run */
    uint64_t errors[LOAD_ERRORS];
    double seconds;
    double median_us, p99_us; /* from request to complete answer */
    /* The longest times between two answers on any connections, before and
     * after the injection. */
    double gap_before_us, gap_after_us;
};

/* Runs the plan.  Waits for requests that are open at the end: they count as
 * errors if they fail, but not as answers.  Returns 0, or -1 with errno set;
 * *result is filled in both cases. */
int load_run(const struct load_plan *plan, struct load_result *result);

uint64_t load_errors(const struct load_result *result);

/* "refused", "reset", "timed out", "wrong".  Static. */
const char *load_error_name(enum load_error error);

#endif
