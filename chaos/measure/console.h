/*
 * console.h - the standard streams of chaos, which pass no control character.
 *
 * What chaos prints names experiments, addresses, files and what servers say:
 * text of others (printable.h).  It is made printable where it leaves, so that
 * nothing that prints has to remember it.  Only the bytes that are given to
 * console_control() leave as they are.  If the reader of a pipe has left, what
 * is written is dropped, without an error.
 */
#ifndef CHAOS_MEASURE_CONSOLE_H
#define CHAOS_MEASURE_CONSOLE_H

#include <stdbool.h>
#include <stdio.h>

/* Replaces stdout and stderr by streams that do so: stdout buffers lines, and
 * stderr nothing.  To be called once, before anything is printed.  Returns
 * false, with errno, if there is no memory: then both are as before. */
bool console_open(void);

/* The descriptor that a stream writes to; -1: none, as for one in memory. */
int console_fd(FILE *out);

/* Writes a control sequence of our own behind what `out` holds; nothing if
 * `out` has no descriptor.  `out` is flushed. */
void console_control(FILE *out, const char *sequence);

#endif
