/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/command_line.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 64

struct typed type(const char *line)
{
    static char name[] = "supervisor";
    struct typed typed = { .words = strdup(line) };
    char *rest = typed.words, *argv[WORDS_MAX + 1] = { name };
    size_t out_bytes, err_bytes;
    FILE *out = open_memstream(&typed.out, &out_bytes);
    FILE *err = open_memstream(&typed.err, &err_bytes);
    int argc = 1;

    while (rest && *line && argc < WORDS_MAX)
        argv[argc++] = strsep(&rest, " ");
    typed.outcome = options_read(&typed.options, argc, argv, out, err);
    fclose(out);
    fclose(err);
    return typed;
}

void typed_free(struct typed *typed)
{
    free(typed->out);
    free(typed->err);
    free(typed->words);
    memset(typed, 0, sizeof *typed);
}
