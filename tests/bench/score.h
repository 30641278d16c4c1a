/* SPDX-License-Identifier: MIT */
/*
 * score.h - the lines of the result: a figure, its goal, and whether it is met.
 */
#ifndef TESTS_BENCH_SCORE_H
#define TESTS_BENCH_SCORE_H

#include <stdint.h>

enum goal_kind { GOAL_NONE, GOAL_AT_LEAST, GOAL_AT_MOST };

struct goal {
    enum goal_kind kind;
    double limit;
    const char *unit; /* of the figure and of the limit; "" for a ratio */
};

struct score {
    uint32_t met, missed, skipped;
    uint64_t lost; /* requests and connections that a supervisor lost */
};

/* Prints the header. */
void score_head(void);

/* Prints and counts one line; `format` writes the details of the figure. */
void score_line(struct score *score, const char *name, double figure,
                const struct goal *goal, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Prints and counts a line that cannot be measured here, with the reason. */
void score_skip(struct score *score, const char *name, const char *why);

/* Prints the summary. */
void score_foot(const struct score *score);

#endif
