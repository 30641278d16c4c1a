/*
 * terminal.h - what a run found out, for people at a terminal.
 *
 * Plain text; colours only where the stream is a terminal that knows them, and
 * nobody has set NO_COLOR.  Lines are no wider than the terminal, nor than
 * TERMINAL_WIDTH.
 */
#ifndef CHAOS_REPORT_TERMINAL_H
#define CHAOS_REPORT_TERMINAL_H

#include "chaos/measure/outcomes.h"
#include "chaos/measure/phase_stats.h"
#include "chaos/measure/verdict.h"
#include <stdbool.h>
#include <stdio.h>

#define TERMINAL_WIDTH     80 /* elsewhere, and at most */
#define TERMINAL_WIDTH_MIN 40 /* a narrower one breaks lines by itself */

enum terminal_colour {
    COLOUR_PLAIN,
    COLOUR_GOOD,
    COLOUR_BAD,
    COLOUR_FAINT,
    COLOUR_STRONG
};

/* How many columns its lines may have. */
int terminal_columns(FILE *out);

/* A line can be written over again, after "\r". */
bool terminal_is_live(FILE *out);

/* Switches the colour, on a terminal; COLOUR_PLAIN switches back. */
void terminal_colour(FILE *out, enum terminal_colour colour);

/* How wide `bytes` of UTF-8 are, as the eye counts. */
size_t terminal_width(const char *text, size_t bytes);

/* The words of `text`; `first` stands before the first line, `rest` before all
 * others. */
void terminal_wrap(FILE *out, const char *text, const char *first,
                   const char *rest);

/* The same on a terminal; elsewhere it stays one line, for whoever looks for
 * it. */
void terminal_line(FILE *out, const char *text, const char *first,
                   const char *rest);

/* "name      value   remark": one line of figures; remark may be NULL. */
void terminal_figure(FILE *out, const char *name, const char *value,
                     const char *remark);

/* One line for each class but OK that has requests. */
void terminal_losses(FILE *out, const struct request_outcomes *ledger);

/* The figures of a phase_stats, class by class, and its latencies. */
void terminal_phase_stats(FILE *out, const struct phase_stats *phase_stats);

/* The verdict, finding by finding. */
void terminal_verdict(FILE *out, const struct verdict *verdict);

#endif
