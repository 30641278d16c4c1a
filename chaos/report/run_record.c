/* SPDX-License-Identifier: MIT */
/* run_record.c - see run_record.h. */
#include "chaos/report/run_record.h"
#include "chaos/measure/exit_status.h"
#include <err.h>
#include <string.h>

#define PATH_SIZE 160

/* ---- The check of a whole record ---------------------------------------- */

struct check {
    char *why;
    size_t size;
};

static bool refuse(const struct check *check, const char *path,
                   const char *name, const char *problem)
{
    snprintf(check->why, check->size,
             "\"%s%s%s\" %s (not a run record of this version)", path,
             *path ? "." : "", name, problem);
    return false;
}

static bool has_type(const cJSON *item, enum run_member_type type)
{
    static int (*const tests[])(const cJSON *) = {
        [RUN_NUMBER] = cJSON_IsNumber,       [RUN_TEXT] = cJSON_IsString,
        [RUN_FLAG] = cJSON_IsBool,           [RUN_OBJECT] = cJSON_IsObject,
        [RUN_LIST] = cJSON_IsArray,          [RUN_NUMBERS] = cJSON_IsArray,
        [RUN_OTHER_OBJECT] = cJSON_IsObject, [RUN_OTHER_LIST] = cJSON_IsArray,
    };

    return tests[type](item);
}

static bool check_object(const struct check *check, const cJSON *object,
                         const struct run_members *members, const char *path);

static bool check_content(const struct check *check, const cJSON *item,
                          const struct run_member *member, const char *path)
{
    const cJSON *entry;

    if (member->type == RUN_OBJECT)
        return check_object(check, item, member->shape, path);
    if (member->type != RUN_LIST && member->type != RUN_NUMBERS)
        return true;
    cJSON_ArrayForEach(entry, item)
    {
        if (member->type == RUN_NUMBERS ? !cJSON_IsNumber(entry)
                                        : !cJSON_IsObject(entry))
            return refuse(check, "", path, "has an entry of a wrong type");
        if (member->type == RUN_LIST &&
            !check_object(check, entry, member->shape, path))
            return false;
    }
    return true;
}

static bool check_member(const struct check *check, const cJSON *object,
                         const struct run_member *member, const char *path)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, member->name);
    char inner[PATH_SIZE];

    if (!item)
        return member->presence == RUN_OPTIONAL ||
               refuse(check, path, member->name, "is missing");
    if (member->presence == RUN_OR_NULL && cJSON_IsNull(item))
        return true;
    if (!has_type(item, member->type))
        return refuse(check, path, member->name, "has a wrong type");
    snprintf(inner, sizeof(inner), "%s%s%s%s", path, *path ? "." : "",
             member->name, member->type == RUN_LIST ? "[]" : "");
    return check_content(check, item, member, inner);
}

static bool is_listed(const struct run_members *members, const char *name)
{
    for (size_t i = 0; i < members->count; i++)
        if (strcmp(members->rows[i].name, name) == 0)
            return true;
    return false;
}

static bool check_object(const struct check *check, const cJSON *object,
                         const struct run_members *members, const char *path)
{
    const cJSON *item;

    for (size_t i = 0; i < members->count; i++)
        if (!check_member(check, object, &members->rows[i], path))
            return false;
    cJSON_ArrayForEach(item, object)
    {
        if (!is_listed(members, item->string))
            return refuse(check, path, item->string, "is not a known member");
    }
    return true;
}

bool run_record_valid(const cJSON *run, char *why, size_t size)
{
    const struct check check = { why, size };

    if (cJSON_IsObject(run))
        return check_object(&check, run, &run_members, "");
    snprintf(why, size, "not the record of a run");
    return false;
}

/* ---- Single members ----------------------------------------------------- */

const cJSON *run_get(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    if (!item)
        errx(EXIT_BAD_INPUT, "run record: \"%s\" is missing", name);
    return item;
}

static const cJSON *get_typed(const cJSON *object, const char *name,
                              enum run_member_type type)
{
    const cJSON *item = run_get(object, name);

    if (!has_type(item, type))
        errx(EXIT_BAD_INPUT, "run record: \"%s\" has a wrong type", name);
    return item;
}

double run_number(const cJSON *object, const char *name)
{
    return get_typed(object, name, RUN_NUMBER)->valuedouble;
}

uint64_t run_count(const cJSON *object, const char *name)
{
    double value = run_number(object, name);

    return value > 0 ? (uint64_t)value : 0;
}

const char *run_text(const cJSON *object, const char *name)
{
    if (cJSON_IsNull(run_get(object, name)))
        return "";
    return get_typed(object, name, RUN_TEXT)->valuestring;
}

bool run_flag(const cJSON *object, const char *name)
{
    return cJSON_IsTrue(get_typed(object, name, RUN_FLAG));
}

const cJSON *run_phase(const cJSON *run, const char *name)
{
    if (!run_member_exists(name))
        errx(EXIT_BAD_INPUT, "run record: no phase \"%s\" exists", name);
    return cJSON_GetObjectItemCaseSensitive(run_get(run, "phases"), name);
}
