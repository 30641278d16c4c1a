/* SPDX-License-Identifier: MIT */
/*
 * printable.h - makes untrusted text safe to print on a terminal.
 *
 * Pure.  Text from a client, a server, a file or a command line may contain
 * control characters.  A terminal obeys them: it changes colours, clears the
 * screen, sets its title, or sends text that a shell reads as input.
 */
#ifndef WORKER_HTTP_PRINTABLE_H
#define WORKER_HTTP_PRINTABLE_H

#include <stddef.h>

/* The maximum length of an incomplete UTF-8 character. */
#define PRINTABLE_UNFINISHED_MAX 3

/*
 * Replaces, in place, by '?' each byte of a control character (U+0000 to
 * U+001F, U+007F to U+009F) and each byte that is not valid UTF-8 (RFC 3629).
 * printable_lines() keeps line ends ('\n') and tabs.
 */
void printable_line(char *bytes, size_t count);
void printable_lines(char *bytes, size_t count);

/* Returns how many bytes at the end of `bytes`, at most
 * PRINTABLE_UNFINISHED_MAX, are the start of a character that more bytes may
 * complete. */
size_t printable_unfinished(const char *bytes, size_t count);

#endif
