/* lesson_rows.c - see lesson_rows.h. */
#include "chaos/lesson_rows.h"
#include "chaos/lesson_case.h"
#include "chaos/lesson_plots.h"
#include "chaos/report/fields.h"
#include <string.h>

/* ---- On Lua's stack ----------------------------------------------------- */

static void push_reference(const struct lesson *lesson, int reference)
{
    lua_rawgeti(lesson->lua, LUA_REGISTRYINDEX, reference);
}

/* Pushes the function `name` of the column, or nil.  Returns its type. */
static int push_function(const struct lesson *lesson, int column,
                         const char *name)
{
    push_reference(lesson, lesson->table);
    lesson_lua_field(lesson->lua, -1, "columns");
    lua_rawgeti(lesson->lua, -1, column + 1);
    lesson_lua_field(lesson->lua, -1, name);
    lua_replace(lesson->lua, -4);
    lua_pop(lesson->lua, 2);
    return lua_type(lesson->lua, -1);
}

/* Pushes the row or the run of that name. */
static void push_named(const struct lesson *lesson, int reference,
                       const char *name)
{
    push_reference(lesson, reference);
    lesson_lua_field(lesson->lua, -1, name);
    lua_replace(lesson->lua, -2);
}

/* ---- What a function gets ----------------------------------------------- */

/* runs[NAME] = run.json and the log */
static void keep_run(const struct lesson *lesson, const char *name,
                     const cJSON *run, const char *log)
{
    lua_State *lua = lesson->lua;

    push_reference(lesson, lesson->runs);
    lua_pushstring(lua, name);
    lesson_push_run(lua, run, log);
    lua_rawset(lua, -3);
    lua_pop(lua, 1);
}

/* rows[NAME] and rows[#rows + 1] = a row without figures */
static void keep_row(const struct lesson *lesson, int index)
{
    lua_State *lua = lesson->lua;
    const cJSON *one = lesson_case(lesson, index);

    push_reference(lesson, lesson->rows);
    lua_newtable(lua);
    lua_pushstring(lua, lesson_case_name(one));
    lua_setfield(lua, -2, "name");
    lua_pushstring(lua, lesson_case_label(one));
    lua_setfield(lua, -2, "label");
    lesson_push_case(lesson, index);
    lua_setfield(lua, -2, "case");
    lua_newtable(lua);
    lua_setfield(lua, -2, "predicted");
    lua_pushvalue(lua, -1);
    lua_rawseti(lua, -3, (lua_Integer)lua_rawlen(lua, -3) + 1);
    lua_pushstring(lua, lesson_case_name(one));
    lua_insert(lua, -2);
    lua_rawset(lua, -3);
    lua_pop(lua, 1);
}

/* ---- A cell ------------------------------------------------------------- */

/* The value on top of the stack as the column has it written. */
static bool write_cell(const struct lesson *lesson, const cJSON *column,
                       char *text, size_t size, char why[LESSON_WHY])
{
    lua_State *lua = lesson->lua;
    const char *format = field_text(column, "format");
    char what[512];

    snprintf(text, size, "%s",
             lua_isboolean(lua, -1) ? lua_toboolean(lua, -1) ? "yes" : "no"
             : lua_type(lua, -1) == LUA_TSTRING ? lua_tostring(lua, -1)
                                                : "-");
    if (!lua_isnumber(lua, -1) || lua_type(lua, -1) == LUA_TSTRING)
        return true;
    lua_getglobal(lua, "string");
    lesson_lua_field(lua, -1, "format");
    lua_replace(lua, -2);
    lua_pushstring(lua, *format ? format : "%.4g");
    lua_pushvalue(lua, -3);
    if (!lesson_lua_call(lua, 2, 1, what, sizeof(what)))
        return lesson_complain(lesson, why, field_text(column, "key"), "format",
                               "column %s: format: %s",
                               field_text(column, "key"), what);
    snprintf(text, size, "%s", lua_tostring(lua, -1));
    lua_pop(lua, 1);
    return true;
}

/* Moves the value on top of the stack into the row's table below it, and into
 * the record: its value, and how it is written. */
static bool keep_cell(const struct lesson *lesson, const cJSON *column,
                      cJSON *values, cJSON *cells, char why[LESSON_WHY])
{
    const char *key = field_text(column, "key");
    char text[256];

    if (lua_isnil(lesson->lua, -1)) {
        lua_pop(lesson->lua, 1);
        return true;
    }
    if (!write_cell(lesson, column, text, sizeof(text), why))
        return false;
    cJSON_AddItemToObject(values, key, lesson_lua_take(lesson->lua, -1));
    cJSON_AddStringToObject(cells, key, text);
    lua_setfield(lesson->lua, -2, key);
    return true;
}

static cJSON *object_in(cJSON *object, const char *name)
{
    cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return item ? item : cJSON_AddObjectToObject(object, name);
}

/* ---- Measuring ---------------------------------------------------------- */

bool lesson_measure(struct lesson *lesson, int index, const cJSON *run,
                    const char *log, cJSON *entry, char why[LESSON_WHY])
{
    const char *name = lesson_case_name(lesson_case(lesson, index));
    lua_State *lua = lesson->lua;
    const cJSON *column;
    int at = 0, top = lua_gettop(lua);
    bool sound = true;

    keep_run(lesson, name, run, log);
    keep_row(lesson, index);
    cJSON_ArrayForEach(column, field(lesson->head, "columns"))
    {
        push_named(lesson, lesson->rows, name);
        push_function(lesson, at++, "measure");
        push_named(lesson, lesson->runs, name);
        lesson_push_case(lesson, index);
        push_reference(lesson, lesson->rows);
        sound = sound && lesson_lua_call(lua, 3, 1, why, LESSON_WHY) &&
                keep_cell(lesson, column, object_in(entry, "measured"),
                          object_in(entry, "measured_text"), why);
        lua_settop(lua, top);
    }
    return sound;
}

/* ---- Concluding --------------------------------------------------------- */

static bool predict(struct lesson *lesson, int index, cJSON *entry,
                    char why[LESSON_WHY])
{
    const char *name = lesson_case_name(lesson_case(lesson, index));
    lua_State *lua = lesson->lua;
    const cJSON *column;
    int at = 0, top = lua_gettop(lua);
    bool sound = true;

    cJSON_ArrayForEach(column, field(lesson->head, "columns"))
    {
        lua_settop(lua, top);
        push_named(lesson, lesson->rows, name);
        lesson_lua_field(lua, -1, "predicted");
        if (!sound || !lua_istable(lua, -1) ||
            push_function(lesson, at++, "predict") != LUA_TFUNCTION)
            continue;
        lesson_push_case(lesson, index);
        push_reference(lesson, lesson->rows);
        push_reference(lesson, lesson->runs);
        sound = lesson_lua_call(lua, 3, 1, why, LESSON_WHY) &&
                keep_cell(lesson, column, object_in(entry, "predicted"),
                          object_in(entry, "predicted_text"), why);
    }
    lua_settop(lua, top);
    return sound;
}

static bool take_excerpt(struct lesson *lesson, char why[LESSON_WHY])
{
    lua_State *lua = lesson->lua;
    int top = lua_gettop(lua);
    bool sound = true;

    push_reference(lesson, lesson->table);
    if (lesson_lua_field(lua, -1, "excerpt") == LUA_TFUNCTION) {
        push_reference(lesson, lesson->runs);
        push_reference(lesson, lesson->rows);
        sound = lesson_lua_call(lua, 2, 1, why, LESSON_WHY);
        if (sound && lua_isstring(lua, -1))
            cJSON_AddStringToObject(lesson->record, "excerpt",
                                    lua_tostring(lua, -1));
    }
    lua_settop(lua, top);
    return sound;
}

/* Calls the `index`-th expectation; its second result is a remark. */
static bool judge(struct lesson *lesson, int index, cJSON *entry, bool *held,
                  char why[LESSON_WHY])
{
    lua_State *lua = lesson->lua;

    push_reference(lesson, lesson->table);
    lesson_lua_field(lua, -1, "expect");
    lua_rawgeti(lua, -1, index + 1);
    lua_rawgeti(lua, -1, 2);
    push_reference(lesson, lesson->rows);
    push_reference(lesson, lesson->runs);
    if (!lesson_lua_call(lua, 2, 2, why, LESSON_WHY))
        return false;
    *held = lua_toboolean(lua, -2);
    cJSON_AddBoolToObject(entry, "held", *held);
    if (lua_isstring(lua, -1))
        cJSON_AddStringToObject(entry, "remark", lua_tostring(lua, -1));
    return true;
}

static bool judge_all(struct lesson *lesson, bool *passed, char why[LESSON_WHY])
{
    cJSON *list = cJSON_AddArrayToObject(lesson->record, "expectations");
    int top = lua_gettop(lesson->lua), at = 0;
    const cJSON *item;

    *passed = true;
    cJSON_ArrayForEach(item, field(lesson->head, "expect"))
    {
        cJSON *entry = cJSON_CreateObject();
        bool held, sound;

        cJSON_AddItemToArray(list, entry);
        cJSON_AddStringToObject(entry, "claim",
                                cJSON_GetArrayItem(item, 0)->valuestring);
        sound = judge(lesson, at++, entry, &held, why);
        lua_settop(lesson->lua, top);
        if (!sound)
            return false;
        *passed = *passed && held;
    }
    return true;
}

bool lesson_conclude(struct lesson *lesson, bool *passed, char why[LESSON_WHY])
{
    cJSON *entry;
    int at = 0;

    cJSON_ArrayForEach(entry, field(lesson->record, "cases"))
    {
        if (!predict(lesson, at++, entry, why))
            return false;
    }
    return lesson_plots(lesson, why) && take_excerpt(lesson, why) &&
           judge_all(lesson, passed, why);
}
