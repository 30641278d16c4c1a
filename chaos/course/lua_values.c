/* SPDX-License-Identifier: MIT */
/* lua_values.c - see lua_values.h. */
#include "chaos/course/lua_values.h"
#include "chaos/report/embed.h"
#include <lualib.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Per call; stops a function that does not end. */
#define INSTRUCTIONS_MAX 200000000

/* In both directions; deeper values become nil or null. */
#define DEPTH_MAX 16

/* 2^53: a double represents every smaller whole number exactly. */
#define WHOLE_MAX 9007199254740992.0

EMBED(stats_lua, "chaos/course/stats.lua");

/* ---- The state ---------------------------------------------------------- */

static void remove_globals(lua_State *lua)
{
    static const char *const names[] = {
        "dofile", "loadfile", "load", "print", "warn", "collectgarbage"
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        lua_pushnil(lua);
        lua_setglobal(lua, names[i]);
    }
}

/* machine = { processors = N } */
static void describe_machine(lua_State *lua)
{
    cpu_set_t allowed;

    lua_newtable(lua);
    if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0)
        lua_pushinteger(lua, CPU_COUNT(&allowed));
    else
        lua_pushinteger(lua, 1);
    lua_setfield(lua, -2, "processors");
    lua_setglobal(lua, "machine");
}

static bool load_stats(lua_State *lua)
{
    if (luaL_loadbuffer(lua, stats_lua, strlen(stats_lua),
                        "@chaos/course/stats.lua") != LUA_OK ||
        lua_pcall(lua, 0, 1, 0) != LUA_OK) {
        fprintf(stderr, "chaos: %s\n", lua_tostring(lua, -1));
        return false;
    }
    lua_setglobal(lua, "stats");
    return true;
}

/* Memory of one Lua state, in bytes. */
#define MEMORY_MAX (256 * 1024 * 1024)

/* A lua_Alloc function; *context is the number of bytes in use. */
static void *allocate(void *context, void *block, size_t old_bytes,
                      size_t new_bytes)
{
    size_t *used = context;
    size_t had = block ? old_bytes : 0;
    void *moved;

    if (new_bytes == 0) {
        *used -= had;
        free(block);
        return NULL;
    }
    if (new_bytes > had && *used + (new_bytes - had) > MEMORY_MAX)
        return NULL;
    moved = realloc(block, new_bytes);
    if (moved)
        *used = *used + new_bytes - had;
    return moved;
}

void lesson_lua_free(lua_State *lua)
{
    void *used;

    lua_getallocf(lua, &used);
    lua_close(lua);
    free(used);
}

lua_State *lesson_lua_new(void)
{
    static const luaL_Reg libraries[] = {
        { LUA_GNAME, luaopen_base },
        { LUA_MATHLIBNAME, luaopen_math },
        { LUA_STRLIBNAME, luaopen_string },
        { LUA_TABLIBNAME, luaopen_table },
    };
    size_t *used = calloc(1, sizeof(*used));
    lua_State *lua = used ? lua_newstate(allocate, used) : NULL;

    if (!lua) {
        free(used);
        return NULL;
    }
    for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
        luaL_requiref(lua, libraries[i].name, libraries[i].func, 1);
        lua_pop(lua, 1);
    }
    remove_globals(lua);
    describe_machine(lua);
    if (load_stats(lua))
        return lua;
    lesson_lua_free(lua);
    return NULL;
}

static void on_instructions_max(lua_State *lua, lua_Debug *activation)
{
    lua_getinfo(lua, "Sl", activation);
    lua_pushfstring(lua, "%s:%d: too many instructions (at most %d)",
                    activation->short_src, activation->currentline,
                    INSTRUCTIONS_MAX);
    lua_error(lua);
}

bool lesson_lua_call(lua_State *lua, int arguments, int results, char *why,
                     size_t size)
{
    int result;

    lua_sethook(lua, on_instructions_max, LUA_MASKCOUNT, INSTRUCTIONS_MAX);
    result = lua_pcall(lua, arguments, results, 0);
    lua_sethook(lua, NULL, 0, 0);
    if (result == LUA_OK)
        return true;
    snprintf(why, size, "%s",
             lua_isstring(lua, -1) ? lua_tostring(lua, -1)
                                   : "failed without a message");
    lua_pop(lua, 1);
    return false;
}

/* ---- Into Lua ----------------------------------------------------------- */

static void push(lua_State *lua, const cJSON *value, int depth);

static void push_members(lua_State *lua, const cJSON *value, int depth)
{
    lua_Integer at = 1;
    const cJSON *item;

    lua_createtable(lua, 0, 0);
    cJSON_ArrayForEach(item, value)
    {
        if (cJSON_IsArray(value))
            lua_pushinteger(lua, at++);
        else
            lua_pushstring(lua, item->string);
        push(lua, item, depth + 1);
        lua_rawset(lua, -3);
    }
}

static void push(lua_State *lua, const cJSON *value, int depth)
{
    luaL_checkstack(lua, 4, "too deep");
    if (cJSON_IsNumber(value) &&
        floor(value->valuedouble) == value->valuedouble &&
        fabs(value->valuedouble) < WHOLE_MAX)
        lua_pushinteger(lua, (lua_Integer)value->valuedouble);
    else if (cJSON_IsNumber(value))
        lua_pushnumber(lua, value->valuedouble);
    else if (cJSON_IsString(value))
        lua_pushstring(lua, value->valuestring);
    else if (cJSON_IsBool(value))
        lua_pushboolean(lua, cJSON_IsTrue(value));
    else if ((cJSON_IsArray(value) || cJSON_IsObject(value)) &&
             depth < DEPTH_MAX)
        push_members(lua, value, depth);
    else
        lua_pushnil(lua);
}

void lesson_lua_push(lua_State *lua, const cJSON *value)
{
    push(lua, value, 0);
}

/* ---- Out of Lua --------------------------------------------------------- */

static cJSON *take(lua_State *lua, int index, int depth);

static cJSON *take_list(lua_State *lua, int index, int depth)
{
    cJSON *list = cJSON_CreateArray();
    lua_Integer count = (lua_Integer)lua_rawlen(lua, index);

    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, index, i);
        if (!lua_isfunction(lua, -1))
            cJSON_AddItemToArray(list, take(lua, -1, depth + 1));
        lua_pop(lua, 1);
    }
    return list;
}

static cJSON *take_fields(lua_State *lua, int index, int depth)
{
    cJSON *object = cJSON_CreateObject();

    for (lua_pushnil(lua); lua_next(lua, index); lua_pop(lua, 1))
        if (lua_type(lua, -2) == LUA_TSTRING && !lua_isfunction(lua, -1))
            cJSON_AddItemToObject(object, lua_tostring(lua, -2),
                                  take(lua, -1, depth + 1));
    return object;
}

static cJSON *take(lua_State *lua, int index, int depth)
{
    luaL_checkstack(lua, 4, "too deep");
    index = lua_absindex(lua, index);
    switch (lua_type(lua, index)) {
    case LUA_TBOOLEAN:
        return cJSON_CreateBool(lua_toboolean(lua, index));
    case LUA_TNUMBER:
        if (!isfinite(lua_tonumber(lua, index)))
            return cJSON_CreateNull();
        return cJSON_CreateNumber(lua_tonumber(lua, index));
    case LUA_TSTRING:
        return cJSON_CreateString(lua_tostring(lua, index));
    case LUA_TTABLE:
        if (depth >= DEPTH_MAX)
            return cJSON_CreateNull();
        return lua_rawlen(lua, index) > 0 ? take_list(lua, index, depth)
                                          : take_fields(lua, index, depth);
    default:
        return cJSON_CreateNull();
    }
}

cJSON *lesson_lua_take(lua_State *lua, int index)
{
    return take(lua, index, 0);
}

int lesson_lua_field(lua_State *lua, int index, const char *name)
{
    if (!lua_istable(lua, index)) {
        lua_pushnil(lua);
        return LUA_TNIL;
    }
    index = lua_absindex(lua, index);
    lua_pushstring(lua, name);
    return lua_rawget(lua, index);
}
