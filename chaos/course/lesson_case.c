/* SPDX-License-Identifier: MIT */
/* lesson_case.c - see lesson_case.h. */
#include "chaos/course/lesson_case.h"
#include <stdio.h>
#include <string.h>

/* A lesson gets at most this many lines of a log. */
#define LOG_LINES_MAX 200000

/* ---- Arguments ----------------------------------------------------------- */

static void push_log(lua_State *lua, const char *log)
{
    lua_Integer count = 0;

    lua_newtable(lua);
    while (log && *log && count < LOG_LINES_MAX) {
        size_t length = strcspn(log, "\n");
        cJSON *event = *log == '{' ? cJSON_ParseWithLength(log, length) : NULL;

        if (event) {
            lesson_lua_push(lua, event);
        } else {
            lua_newtable(lua);
            lua_pushlstring(lua, log, length);
            lua_setfield(lua, -2, "text");
        }
        cJSON_Delete(event);
        lua_rawseti(lua, -2, ++count);
        log += length + (log[length] == '\n');
    }
}

void lesson_push_run(lua_State *lua, const cJSON *run, const char *log)
{
    lesson_lua_push(lua, run);
    push_log(lua, log);
    lua_setfield(lua, -2, "log");
}

void lesson_push_case(const struct lesson *lesson, int index)
{
    lua_rawgeti(lesson->lua, LUA_REGISTRYINDEX, lesson->table);
    lesson_lua_field(lesson->lua, -1, "cases");
    lua_rawgeti(lesson->lua, -1, index + 1);
    lua_replace(lesson->lua, -3);
    lua_pop(lesson->lua, 1);
}

/* ---- Before and after a run
 * ------------------------------------------------------- */

/* Pushes a function of the lesson's table.  If there is none, pushes nothing
 * and returns false. */
static bool push_function(const struct lesson *lesson, const char *name)
{
    lua_State *lua = lesson->lua;

    lua_rawgeti(lua, LUA_REGISTRYINDEX, lesson->table);
    lesson_lua_field(lua, -1, name);
    lua_replace(lua, -2);
    if (lua_isfunction(lua, -1))
        return true;
    lua_pop(lua, 1);
    return false;
}

bool lesson_adapt(const struct lesson *lesson, int index, cJSON **overrides,
                  char why[LESSON_WHY])
{
    lua_State *lua = lesson->lua;

    *overrides = NULL;
    if (!push_function(lesson, "adapt"))
        return true;
    lesson_push_case(lesson, index);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, lesson->rows);
    if (!lesson_lua_call(lua, 2, 1, why, LESSON_WHY))
        return false;
    if (lua_istable(lua, -1))
        *overrides = lesson_lua_take(lua, -1);
    lua_pop(lua, 1);
    return true;
}

bool lesson_sound(const struct lesson *lesson, int index, const cJSON *run,
                  const char *log, char because[LESSON_WHY],
                  char why[LESSON_WHY])
{
    lua_State *lua = lesson->lua;

    because[0] = '\0';
    if (!push_function(lesson, "sound"))
        return true;
    lesson_push_run(lua, run, log);
    lesson_push_case(lesson, index);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, lesson->rows);
    if (!lesson_lua_call(lua, 3, 2, why, LESSON_WHY))
        return false;
    if (!lua_toboolean(lua, -2))
        snprintf(because, LESSON_WHY, "%s",
                 lua_isstring(lua, -1) ? lua_tostring(lua, -1)
                                       : "sound() returned false");
    lua_pop(lua, 2);
    return true;
}
