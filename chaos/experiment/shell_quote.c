/* SPDX-License-Identifier: MIT */
/* shell_quote.c - see shell_quote.h. */
#include "chaos/experiment/shell_quote.h"
#include <err.h>
#include <errno.h>
#include <string.h>

/* Characters that need no quoting in a shell. */
static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                            "0123456789_-+=./:,@%";

static void write_word(FILE *out, const char *word)
{
    if (*word && word[strspn(word, plain)] == '\0') {
        fputs(word, out);
        return;
    }
    putc('\'', out);
    for (; *word; word++) {
        if (*word == '\'')
            fputs("'\\''", out);
        else
            putc(*word, out);
    }
    putc('\'', out);
}

FILE *shell_quote_begin(char **text, const char *subcommand)
{
    static size_t bytes; /* unused, but must outlive the stream */
    FILE *out = open_memstream(text, &bytes);

    if (!out)
        err(1, "cannot describe the command");
    write_word(out, program_invocation_name);
    shell_quote_add(out, subcommand);
    return out;
}

void shell_quote_add(FILE *out, const char *word)
{
    putc(' ', out);
    write_word(out, word);
}

void shell_quote_option(FILE *out, const char *option, const char *word)
{
    if (!word)
        return;
    shell_quote_add(out, option);
    shell_quote_add(out, word);
}
