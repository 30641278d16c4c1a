/* SPDX-License-Identifier: MIT */
/* lesson_cell.c - stores the results of a lesson's functions; see
 * lesson_rows_internal.h. */
#include "chaos/course/json_read.h"
#include "chaos/course/lesson_rows_internal.h"
#include <string.h>

/* ---- On Lua's stack ----------------------------------------------------- */

void lesson_push_reference(const struct lesson *lesson, int reference)
{
    lua_rawgeti(lesson->lua, LUA_REGISTRYINDEX, reference);
}

int lesson_push_function(const struct lesson *lesson, int column,
                         const char *name)
{
    lesson_push_reference(lesson, lesson->table);
    lesson_lua_field(lesson->lua, -1, "columns");
    lua_rawgeti(lesson->lua, -1, column + 1);
    lesson_lua_field(lesson->lua, -1, name);
    lua_replace(lesson->lua, -4);
    lua_pop(lesson->lua, 2);
    return lua_type(lesson->lua, -1);
}

void lesson_push_named(const struct lesson *lesson, int reference,
                       const char *name)
{
    lesson_push_reference(lesson, reference);
    lesson_lua_field(lesson->lua, -1, name);
    lua_replace(lesson->lua, -2);
}

/* ---- A cell ------------------------------------------------------------- */

/* Formats the value on top of the stack as the column specifies. */
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

static bool check_cell(const struct lesson *lesson, const char *key,
                       const char *function, char why[LESSON_WHY])
{
    int type = lua_type(lesson->lua, -1);

    if (type == LUA_TNIL || type == LUA_TNUMBER || type == LUA_TSTRING ||
        type == LUA_TBOOLEAN)
        return true;
    return lesson_complain(lesson, why, key, function,
                           "column %s: %s returned a %s (allowed: number, "
                           "string, boolean, or nil for no value)",
                           key, function, lua_typename(lesson->lua, type));
}

static cJSON *get_or_add_object(cJSON *object, const char *name)
{
    cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return item ? item : cJSON_AddObjectToObject(object, name);
}

bool lesson_keep_cell(const struct lesson *lesson, const cJSON *column,
                      const char *function, cJSON *entry, const char *name,
                      char why[LESSON_WHY])
{
    const char *key = field_text(column, "key");
    cJSON *values = get_or_add_object(entry, name), *cells;
    char text[256], texts[64];

    snprintf(texts, sizeof(texts), "%.50s_text", name);
    cells = get_or_add_object(entry, texts);
    if (!check_cell(lesson, key, function, why))
        return false;
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
