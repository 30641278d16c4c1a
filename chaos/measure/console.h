/* SPDX-License-Identifier: MIT */
/*
 * console.h - stdout and stderr of chaos, which escape control characters.
 *
 * Output can contain text from experiment files and servers.  The streams make
 * it printable (printable.h), so the code that prints need not.  Only
 * console_control() writes bytes unchanged.  If the output is a pipe that was
 * closed at the other end, output is dropped without an error.
 */
#ifndef CHAOS_MEASURE_CONSOLE_H
#define CHAOS_MEASURE_CONSOLE_H

#include <stdbool.h>
#include <stdio.h>

/* Replaces stdout (line-buffered) and stderr (unbuffered) with such streams.
 * Call it once, before any output.  Returns false with errno if it is out of
 * memory; stdout and stderr are then unchanged. */
bool console_open(void);

/* The descriptor that `out` writes to; -1 for a memory stream. */
int console_fd(FILE *out);

/* Flushes `out` and writes a control sequence after its content.  Does nothing
 * if `out` has no descriptor. */
void console_control(FILE *out, const char *sequence);

#endif
