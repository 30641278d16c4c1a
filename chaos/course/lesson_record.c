/* SPDX-License-Identifier: MIT */
/* lesson_record.c - see lesson_record.h. */
#include "chaos/course/lesson_record.h"
#include "chaos/course/json_read.h"
#include "chaos/experiment/shell_quote.h"
#include "chaos/report/run_json.h"
#include "chaos/report/run_record.h"
#include "worker/clock.h"
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCHEMA      1 /* version of lesson.json */
#define LESSONS_MAX 100

/* ---- The head ----------------------------------------------------------- */

static void add_columns(struct lesson *lesson)
{
    cJSON *list = cJSON_AddArrayToObject(lesson->record, "columns");
    const cJSON *column;

    cJSON_ArrayForEach(column, field(lesson->head, "columns"))
    {
        const char *title = field_text(column, "title");
        cJSON *item = cJSON_CreateObject();

        cJSON_AddItemToArray(list, item);
        cJSON_AddStringToObject(item, "key", field_text(column, "key"));
        cJSON_AddStringToObject(item, "title",
                                *title ? title : field_text(column, "key"));
    }
}

/* Adds the command that repeats the lesson: by name if it is in the default
 * folder, otherwise by path. */
static void add_command(const struct lesson *lesson, uint64_t seed,
                        const char *out)
{
    bool in_default_folder = strncmp(lesson->path, LESSONS_FOLDER "/",
                                     strlen(LESSONS_FOLDER "/")) == 0;
    char *command;
    FILE *quoted = shell_quote_begin(&command, "lesson");

    shell_quote_add(quoted, in_default_folder && lesson->number ? lesson->name
                                                                : lesson->path);
    fprintf(quoted, " --seed %" PRIu64, seed);
    if (strcmp(out, LESSONS_OUT) != 0)
        shell_quote_option(quoted, "--out", out);
    fclose(quoted);
    cJSON_AddStringToObject(lesson->record, "command", command);
    free(command);
}

void lesson_record_begin(struct lesson *lesson, uint64_t seed, const char *out)
{
    static const char *const texts[] = { "title", "question", "prediction",
                                         "learn", "try" };
    cJSON *record = lesson->record;

    cJSON_AddNumberToObject(record, "schema", SCHEMA);
    cJSON_AddNumberToObject(record, "number", lesson->number);
    cJSON_AddStringToObject(record, "name", lesson->name);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        cJSON_AddStringToObject(record, texts[i],
                                field_text(lesson->head, texts[i]));
    add_command(lesson, seed, out);
    cJSON_AddStringToObject(record, "file", lesson->path);
    run_json_add_machine(record, clock_wall_us());
    add_columns(lesson);
    cJSON_AddArrayToObject(record, "cases");
}

void lesson_record_result(struct lesson *lesson, const char *result,
                          const char *because)
{
    cJSON_AddStringToObject(lesson->record, "result", result);
    cJSON_AddStringToObject(lesson->record, "because", because);
}

/* ---- Cases -------------------------------------------------------------- */

cJSON *lesson_record_case(struct lesson *lesson, const cJSON *one)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(lesson->record, "cases");
    cJSON *entry = cJSON_CreateObject(), *fields;
    const cJSON *item;

    cJSON_AddItemToArray(list, entry);
    cJSON_AddStringToObject(entry, "name", lesson_case_name(one));
    cJSON_AddStringToObject(entry, "label", lesson_case_label(one));
    fields = cJSON_AddObjectToObject(entry, "fields");
    cJSON_ArrayForEach(item, one)
    {
        if (strcmp(item->string, "experiment") != 0)
            cJSON_AddItemToObject(fields, item->string,
                                  cJSON_Duplicate(item, 1));
    }
    return entry;
}

void lesson_record_skipped(cJSON *entry, const char *program)
{
    char because[256];

    snprintf(because, sizeof(because),
             "requires %.100s, which is not installed", program);
    cJSON_AddStringToObject(entry, "status", "skipped");
    cJSON_AddStringToObject(entry, "because", because);
}

/* The sum over all phases. */
static double total(const cJSON *run, const char *name)
{
    const cJSON *phase;
    double sum = 0;

    cJSON_ArrayForEach(phase, run_get(run, "phases"))
    {
        sum += run_number(phase, name);
    }
    return sum;
}

static double count_hits(const cJSON *run)
{
    const cJSON *injection;
    double hits = 0;

    cJSON_ArrayForEach(injection, run_get(run, "injections"))
    {
        hits += strcmp(run_text(injection, "result"), "hit") == 0;
    }
    return hits;
}

void lesson_record_run(cJSON *entry, const struct run *run)
{
    const cJSON *verdict = run->record ? run_get(run->record, "verdict") : NULL;
    const char *outcome = verdict ? run_text(verdict, "outcome") : "";
    bool measured =
        run->record && !run->why[0] && strcmp(outcome, "inconclusive") != 0;
    cJSON *counts;

    cJSON_AddStringToObject(entry, "status",
                            measured ? "measured" : "inconclusive");
    cJSON_AddStringToObject(entry, "because",
                            run->why[0] ? run->why
                                        : run_text(verdict, "because"));
    if (!run->record)
        return;
    cJSON_AddStringToObject(entry, "verdict", outcome);
    cJSON_AddStringToObject(entry, "end", run_text(run->record, "end"));
    counts = cJSON_AddObjectToObject(entry, "counts");
    cJSON_AddNumberToObject(counts, "requests", total(run->record, "requests"));
    cJSON_AddNumberToObject(counts, "ok", total(run->record, "ok"));
    cJSON_AddNumberToObject(counts, "lost", total(run->record, "lost"));
    cJSON_AddNumberToObject(counts, "injections", count_hits(run->record));
}

/* ---- All records -------------------------------------------------------- */

void lesson_record_forget(const char *out, const char *name)
{
    char path[1024];

    snprintf(path, sizeof(path), "%.600s/%.300s/lesson.json", out, name);
    unlink(path);
}

/* A lesson whose file was removed is no longer part of the course. */
static bool is_of_course(const cJSON *record)
{
    return cJSON_IsArray(field(record, "columns")) &&
           access(field_text(record, "file"), R_OK) == 0;
}

static int by_number(const void *one, const void *other)
{
    const cJSON *const *a = one, *const *b = other;
    double first = field_number(*a, "number"),
           second = field_number(*b, "number");

    if (first != second)
        return first < second ? -1 : 1;
    return strcmp(field_text(*a, "name"), field_text(*b, "name"));
}

cJSON *lesson_records(const char *out)
{
    cJSON *found[LESSONS_MAX], *list = cJSON_CreateArray();
    DIR *folder = opendir(out);
    const struct dirent *entry;
    char path[1024];
    size_t count = 0;

    while (folder && (entry = readdir(folder)) && count < LESSONS_MAX) {
        snprintf(path, sizeof(path), "%.600s/%.300s/lesson.json", out,
                 entry->d_name);
        found[count] = json_read(path);
        if (is_of_course(found[count]))
            count++;
        else
            cJSON_Delete(found[count]);
    }
    if (folder)
        closedir(folder);
    qsort(found, count, sizeof(found[0]), by_number);
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, found[i]);
    return list;
}
