/*
 * score.h - the lines of the result: a figure, its goal, met or missed.
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

/* What stands above the lines. */
void score_head(void);

/* Prints and counts one line; `format` words what the figure is made of. */
void score_line(struct score *score, const char *name, double figure,
                const struct goal *goal, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Prints and counts one that cannot be measured here, and why. */
void score_skip(struct score *score, const char *name, const char *why);

/* What stands below them. */
void score_foot(const struct score *score);

#endif
