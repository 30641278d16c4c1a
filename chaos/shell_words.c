/* shell_words.c - see shell_words.h. */
#include "chaos/shell_words.h"
#include <errno.h>
#include <string.h>

/* What no shell has a meaning for. */
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

void shell_words_program(FILE *out)
{
    write_word(out, program_invocation_name);
}

void shell_words_add(FILE *out, const char *word)
{
    putc(' ', out);
    write_word(out, word);
}
