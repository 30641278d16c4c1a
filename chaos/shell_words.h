/*
 * shell_words.h - a command as one would type it at a shell.
 */
#ifndef CHAOS_SHELL_WORDS_H
#define CHAOS_SHELL_WORDS_H

#include <stdio.h>

/* How this program was called: its first word. */
void shell_words_program(FILE *out);

/* " WORD", in quotation marks where a shell would take it for something else
 * without. */
void shell_words_add(FILE *out, const char *word);

#endif
