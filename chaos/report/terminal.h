/* SPDX-License-Identifier: MIT */
/*
 * terminal.h - prints the results of a run as text.
 *
 * Colours are used only on a terminal that supports them, without NO_COLOR in
 * the environment.  Lines are at most as wide as the terminal and at most
 * TERMINAL_WIDTH.
 */
#ifndef CHAOS_REPORT_TERMINAL_H
#define CHAOS_REPORT_TERMINAL_H

#include "chaos/measure/outcomes.h"
#include "chaos/measure/phase_stats.h"
#include "chaos/measure/verdict.h"
#include <stdbool.h>
#include <stdio.h>

#define TERMINAL_WIDTH     80 /* maximum, and for other streams */
#define TERMINAL_WIDTH_MIN 40 /* a narrower terminal wraps lines */

enum terminal_colour {
    COLOUR_PLAIN,
    COLOUR_GOOD,
    COLOUR_BAD,
    COLOUR_FAINT,
    COLOUR_STRONG
};

/* The maximum width of a line, in columns. */
int terminal_columns(FILE *out);

/* Whether a line can be overwritten after "\r". */
bool terminal_is_live(FILE *out);

/* Sets the colour of the following text, on a terminal. */
void terminal_colour(FILE *out, enum terminal_colour colour);

/* The number of code points in `bytes` bytes of UTF-8. */
size_t terminal_width(const char *text, size_t bytes);

/* Prints the words of `text` in lines; the first line begins with `first`, each
 * further line with `rest`. */
void terminal_wrap(FILE *out, const char *text, const char *first,
                   const char *rest);

/* As terminal_wrap() on a terminal; otherwise prints one line, so that programs
 * can search for it. */
void terminal_line(FILE *out, const char *text, const char *first,
                   const char *rest);

/* Prints the line "name      value   remark"; `remark` may be NULL. */
void terminal_figure(FILE *out, const char *name, const char *value,
                     const char *remark);

/* Prints a line for each outcome but OK that occurred. */
void terminal_losses(FILE *out, const struct request_outcomes *ledger);

/* Prints the outcomes and latencies of a phase. */
void terminal_phase_stats(FILE *out, const struct phase_stats *phase_stats);

/* Prints each finding and the verdict. */
void terminal_verdict(FILE *out, const struct verdict *verdict);

#endif
