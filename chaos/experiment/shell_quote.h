/*
 * shell_quote.h - a command as one would type it at a shell.
 */
#ifndef CHAOS_EXPERIMENT_SHELL_QUOTE_H
#define CHAOS_EXPERIMENT_SHELL_QUOTE_H

#include <stdio.h>

/* Begins a command with this program, as it was called, and one of its
 * sub-commands.  Once the stream is closed, *text is the command, the caller's
 * to free.  Never returns NULL. */
FILE *shell_quote_begin(char **text, const char *subcommand);

/* " WORD", in quotation marks where a shell would take it for something else
 * without. */
void shell_quote_add(FILE *out, const char *word);

/* " OPTION WORD"; nothing where `word` is NULL. */
void shell_quote_option(FILE *out, const char *option, const char *word);

#endif
