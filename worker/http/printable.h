/*
 * printable.h - text of others, such that a terminal only shows it.
 *
 * Pure.  Text of others is what a client, a server, a file or a command line
 * says.  A terminal obeys the control characters in it: it changes colours,
 * clears the screen, sets its title, or answers with text that a shell reads.
 */
#ifndef WORKER_HTTP_PRINTABLE_H
#define WORKER_HTTP_PRINTABLE_H

#include <stddef.h>

/* The most bytes of a character that can be unfinished. */
#define PRINTABLE_UNFINISHED_MAX 3

/*
 * Replaces by '?', in place, each byte of a control character (U+0000 to
 * U+001F, U+007F to U+009F) and each byte that is no valid UTF-8 (RFC 3629).
 * printable_lines() lets line ends ('\n') and tabs stay.
 */
void printable_line(char *bytes, size_t count);
void printable_lines(char *bytes, size_t count);

/* How many of the bytes at the end of `bytes`, up to PRINTABLE_UNFINISHED_MAX,
 * are the beginning of a character that more bytes may finish. */
size_t printable_unfinished(const char *bytes, size_t count);

#endif
