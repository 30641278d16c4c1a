/* SPDX-License-Identifier: MIT */
#include "tests/harness/chaos/reports.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (8 << 20)

void reports_make(struct reports *reports)
{
    const char *place = getenv("TMPDIR");
    int length = snprintf(reports->path, sizeof(reports->path),
                          "%s/experiment-XXXXXX", place ? place : "/tmp");

    ck_assert_msg(length < (int)sizeof(reports->path), "TMPDIR is too long: %s",
                  place);
    ck_assert_ptr_nonnull(mkdtemp(reports->path));
}

void reports_remove(const struct reports *reports)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -r '%s'", reports->path);
    ck_assert_int_eq(system(command), 0);
}

char *reports_read(const struct reports *reports, const char *name)
{
    char path[160], *text = calloc(1, FILE_MAX);
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", reports->path, name);
    file = fopen(path, "re");
    ck_assert_msg(file && text, "no %s", path);
    ck_assert_uint_gt(fread(text, 1, FILE_MAX - 1, file), 0);
    fclose(file);
    return text;
}

cJSON *reports_record(const struct reports *reports)
{
    char *text = reports_read(reports, "run.json");
    cJSON *object = cJSON_Parse(text);

    free(text);
    ck_assert_ptr_nonnull(object);
    return object;
}

const cJSON *record_member(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    ck_assert_msg(item != NULL, "the record has no %s", name);
    return item;
}

double record_number(const cJSON *object, const char *name)
{
    const cJSON *item = record_member(object, name);

    ck_assert_msg(cJSON_IsNumber(item), "%s is not a number", name);
    return item->valuedouble;
}
