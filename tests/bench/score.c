/* SPDX-License-Identifier: MIT */
/* score.c - see score.h. */
#include "tests/bench/score.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#define NAME_WIDTH 26

void score_head(void)
{
    printf("%-*s %12s  %-13s %-7s %s\n", NAME_WIDTH, "", "figure", "goal", "",
           "details");
}

static bool is_met(double figure, const struct goal *goal)
{
    return goal->kind == GOAL_AT_LEAST ? figure >= goal->limit
                                       : figure <= goal->limit;
}

void score_line(struct score *score, const char *name, double figure,
                const struct goal *goal, const char *format, ...)
{
    char shown[32], limit[32] = "";
    const char *verdict = "";
    va_list arguments;

    snprintf(shown, sizeof shown, "%.2f%s%s", figure, *goal->unit ? " " : "",
             goal->unit);
    if (goal->kind != GOAL_NONE) {
        bool met = is_met(figure, goal);

        snprintf(limit, sizeof limit, "%s %g%s%s",
                 goal->kind == GOAL_AT_LEAST ? ">=" : "<=", goal->limit,
                 *goal->unit ? " " : "", goal->unit);
        verdict = met ? "met" : "MISSED";
        score->met += met;
        score->missed += !met;
    }
    printf("%-*s %12s  %-13s %-7s ", NAME_WIDTH, name, shown, limit, verdict);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

void score_skip(struct score *score, const char *name, const char *why)
{
    score->skipped++;
    printf("%-*s %12s  %s\n", NAME_WIDTH, name, "skipped:", why);
}

void score_foot(const struct score *score)
{
    printf("\n%u goals met, %u missed, %u lines skipped; %lu requests or "
           "connections lost\n",
           score->met, score->missed, score->skipped,
           (unsigned long)score->lost);
}
