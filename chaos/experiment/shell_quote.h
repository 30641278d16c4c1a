/* SPDX-License-Identifier: MIT */
/*
 * shell_quote.h - writes a command line quoted for a shell.
 */
#ifndef CHAOS_EXPERIMENT_SHELL_QUOTE_H
#define CHAOS_EXPERIMENT_SHELL_QUOTE_H

#include <stdio.h>

/* Begins a command line with the name this program was invoked by and
 * `subcommand`.  After the caller has closed the stream, *text is the command
 * line, which the caller frees.  Never returns NULL: exits on failure. */
FILE *shell_quote_begin(char **text, const char *subcommand);

/* Writes " WORD", quoted if a shell requires it. */
void shell_quote_add(FILE *out, const char *word);

/* Writes " OPTION WORD"; nothing if `word` is NULL. */
void shell_quote_option(FILE *out, const char *option, const char *word);

#endif
