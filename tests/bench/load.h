/*
 * load.h - closed-loop load: so many connections, each sends its next request
 * when the last was answered.
 *
 * The same for every system that is measured.  A new connection per request
 * says "Connection: close" and lasts until the server has closed it, so that
 * what a close costs is counted too.  Interrupted by what interrupt.h says.
 */
#ifndef TESTS_BENCH_LOAD_H
#define TESTS_BENCH_LOAD_H

#include <stdbool.h>
#include <stdint.h>

struct load_plan {
    uint16_t port; /* on 127.0.0.1 */
    uint32_t connections;
    bool keep_alive;      /* else a new connection per request */
    uint64_t max_answers; /* whichever of the two is reached first */
    uint64_t max_us;
    uint64_t patience_us;      /* for one answer; then it has timed out */
    uint64_t injection_at_us;  /* after the start; 0: no injection */
    void (*injection)(void *); /* called once, with `target` */
    void *target;
};

enum load_error {
    LOAD_REFUSED,   /* could not connect */
    LOAD_RESET,     /* broke, or closed, before the answer was whole */
    LOAD_TIMED_OUT, /* no answer, or no close after it, in time */
    LOAD_WRONG,     /* something else than the page */
    LOAD_ERRORS
};

struct load_result {
    uint64_t answers; /* whole ones, by the end of the time */
    uint64_t errors[LOAD_ERRORS];
    double seconds;
    double median_us, p99_us; /* from request to whole answer */
    /* The longest times between two answers, whichever connection had them:
     * before the injection, and from the injection on. */
    double gap_before_us, gap_after_us;
};

/* Runs the plan.  Requests in hand at the end are waited for and belong to the
 * errors if they fail, but not to the answers.  Returns 0, or -1 with errno
 * set; *result is complete in either case. */
int load_run(const struct load_plan *plan, struct load_result *result);

uint64_t load_errors(const struct load_result *result);

/* "refused", "reset", "timed out", "wrong".  Static. */
const char *load_error_name(enum load_error error);

#endif
