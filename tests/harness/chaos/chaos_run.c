/* SPDX-License-Identifier: MIT */
#include "tests/harness/chaos/chaos_run.h"
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define COLUMNS 80

static char *read_all(FILE *stream)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    int c;

    while ((c = getc(stream)) != EOF)
        putc(c, memory);
    fclose(memory);
    return text;
}

/* The beginning of the last line of `text`, which ends in a newline. */
static const char *last_line(const char *text)
{
    size_t at = strlen(text);

    if (at > 0)
        at--;
    while (at > 0 && text[at - 1] != '\n')
        at--;
    return text + at;
}

void chaos_run(struct chaos_run *run, const char *arguments, ...)
{
    char words[1024], command[1200];
    va_list list;
    FILE *stream;
    int status;

    va_start(list, arguments);
    vsnprintf(words, sizeof(words), arguments, list);
    va_end(list);
    snprintf(command, sizeof(command), "exec %s/chaos %s 2>&1", BUILD_DIRECTORY,
             words);
    stream = popen(command, "re");
    ck_assert_ptr_nonnull(stream);
    run->text = read_all(stream);
    status = pclose(stream);
    run->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    run->last = cJSON_Parse(last_line(run->text));
}

void chaos_run_fits(const struct chaos_run *run)
{
    const char *line = run->text;

    while (*line) {
        size_t length = strcspn(line, "\n");

        ck_assert_msg(length <= COLUMNS, "%zu columns: %.*s", length,
                      (int)length, line);
        line += length + (line[length] == '\n');
    }
}

void chaos_run_free(struct chaos_run *run)
{
    cJSON_Delete(run->last);
    free(run->text);
    *run = (struct chaos_run){ 0 };
}

double chaos_run_number(const struct chaos_run *run, const char *path)
{
    const cJSON *item = run->last;
    char name[64];

    for (const char *at = path; *at;) {
        size_t length = strcspn(at, ".");

        snprintf(name, sizeof(name), "%.*s", (int)length, at);
        item = cJSON_GetObjectItemCaseSensitive(item, name);
        at += length + (at[length] == '.');
    }
    ck_assert_msg(cJSON_IsNumber(item), "no %s in: %s", path, run->text);
    return item->valuedouble;
}
