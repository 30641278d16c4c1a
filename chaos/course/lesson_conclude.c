/* SPDX-License-Identifier: MIT */
/* lesson_conclude.c - evaluates a lesson after its last run; see lesson_rows.h.
 */
#include "chaos/course/json_read.h"
#include "chaos/course/lesson_case.h"
#include "chaos/course/lesson_rows.h"
#include "chaos/course/lesson_rows_internal.h"
#include "chaos/course/plot_data.h"

static bool predict(struct lesson *lesson, int index, cJSON *entry,
                    char why[LESSON_WHY])
{
    const char *name = lesson_case_name(lesson_case(lesson, index));
    lua_State *lua = lesson->lua;
    const cJSON *column;
    int at = 0, top = lua_gettop(lua);
    bool ok = true;

    cJSON_ArrayForEach(column, field(lesson->head, "columns"))
    {
        lua_settop(lua, top);
        lesson_push_named(lesson, lesson->rows, name);
        lesson_lua_field(lua, -1, "predicted");
        if (!ok || !lua_istable(lua, -1) ||
            lesson_push_function(lesson, at++, "predict") != LUA_TFUNCTION)
            continue;
        lesson_push_case(lesson, index);
        lesson_push_reference(lesson, lesson->rows);
        lesson_push_reference(lesson, lesson->runs);
        ok = lesson_lua_call(lua, 3, 1, why, LESSON_WHY) &&
             lesson_keep_cell(lesson, column, "predict", entry, "predicted",
                              why);
    }
    lua_settop(lua, top);
    return ok;
}

static bool take_sample_lines(struct lesson *lesson, char why[LESSON_WHY])
{
    lua_State *lua = lesson->lua;
    int top = lua_gettop(lua);
    bool ok = true;

    lesson_push_reference(lesson, lesson->table);
    if (lesson_lua_field(lua, -1, "sample_lines") == LUA_TFUNCTION) {
        lesson_push_reference(lesson, lesson->runs);
        lesson_push_reference(lesson, lesson->rows);
        ok = lesson_lua_call(lua, 2, 1, why, LESSON_WHY);
        if (ok && lua_isstring(lua, -1))
            cJSON_AddStringToObject(lesson->record, "sample_lines",
                                    lua_tostring(lua, -1));
    }
    lua_settop(lua, top);
    return ok;
}

/* Calls the `index`-th expectation; its second result is a remark. */
static bool evaluate(struct lesson *lesson, int index, cJSON *entry, bool *held,
                     char why[LESSON_WHY])
{
    lua_State *lua = lesson->lua;

    lesson_push_reference(lesson, lesson->table);
    lesson_lua_field(lua, -1, "expect");
    lua_rawgeti(lua, -1, index + 1);
    lua_rawgeti(lua, -1, 2);
    lesson_push_reference(lesson, lesson->rows);
    lesson_push_reference(lesson, lesson->runs);
    if (!lesson_lua_call(lua, 2, 2, why, LESSON_WHY))
        return false;
    *held = lua_toboolean(lua, -2);
    cJSON_AddBoolToObject(entry, "held", *held);
    if (lua_isstring(lua, -1))
        cJSON_AddStringToObject(entry, "remark", lua_tostring(lua, -1));
    return true;
}

static bool evaluate_all(struct lesson *lesson, bool *passed,
                         char why[LESSON_WHY])
{
    cJSON *list = cJSON_AddArrayToObject(lesson->record, "expectations");
    int top = lua_gettop(lesson->lua), at = 0;
    const cJSON *item;

    *passed = true;
    cJSON_ArrayForEach(item, field(lesson->head, "expect"))
    {
        cJSON *entry = cJSON_CreateObject();
        bool held, ok;

        cJSON_AddItemToArray(list, entry);
        cJSON_AddStringToObject(entry, "claim",
                                cJSON_GetArrayItem(item, 0)->valuestring);
        ok = evaluate(lesson, at++, entry, &held, why);
        lua_settop(lesson->lua, top);
        if (!ok)
            return false;
        *passed = *passed && held;
    }
    return true;
}

/* A column without a value in any case is an error in the lesson. */
static bool check_columns(const struct lesson *lesson, char why[LESSON_WHY])
{
    const cJSON *column, *entry;

    cJSON_ArrayForEach(column, field(lesson->head, "columns"))
    {
        const char *key = field_text(column, "key");
        bool measured = false, found = false;

        cJSON_ArrayForEach(entry, field(lesson->record, "cases"))
        {
            measured = measured || field(entry, "measured");
            found = found || field(field(entry, "measured"), key);
        }
        if (measured && !found)
            return lesson_complain(lesson, why, key, "measure",
                                   "column %s: measure returned nil in every "
                                   "case (required in at least one case: "
                                   "number, string or boolean)",
                                   key);
    }
    return true;
}

bool lesson_conclude(struct lesson *lesson, bool *passed, char why[LESSON_WHY])
{
    cJSON *entry;
    int at = 0;

    if (!check_columns(lesson, why))
        return false;
    cJSON_ArrayForEach(entry, field(lesson->record, "cases"))
    {
        if (!predict(lesson, at++, entry, why))
            return false;
    }
    return lesson_plots(lesson, why) && take_sample_lines(lesson, why) &&
           evaluate_all(lesson, passed, why);
}
