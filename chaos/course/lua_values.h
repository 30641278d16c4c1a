/*
 * lua_values.h - values between Lua and cJSON, and a Lua that can only compute.
 *
 * A table with elements 1 to n is an array, any other an object; an empty one
 * is an empty object.  nil is null, and what has no counterpart (functions,
 * keys that are no texts) is left out.  Not a number is null.
 */
#ifndef CHAOS_COURSE_LUA_VALUES_H
#define CHAOS_COURSE_LUA_VALUES_H

#include <cjson/cJSON.h>
#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * A new state with the base, math, string and table libraries, without what
 * reaches the world or loads code; with the functions of lesson_stats.lua as
 * the global `stats`, and the number of processors as machine.processors.
 * NULL when there is no memory.  What it keeps is bounded: a lesson that takes
 * more and more fails with "not enough memory".
 */
lua_State *lesson_lua_new(void);
void lesson_lua_free(lua_State *lua);

/* Pushes a value; NULL is nil. */
void lesson_lua_push(lua_State *lua, const cJSON *value);

/* The value at `index`, the caller's to delete; never NULL.  Tables within
 * tables are followed 16 deep, so that one that holds itself has an end. */
cJSON *lesson_lua_take(lua_State *lua, int index);

/* Pushes the field `name` of the table at `index`, asking no metatable; nil
 * when that is no table.  Returns its type. */
int lesson_lua_field(lua_State *lua, int index, const char *name);

/*
 * Calls the function below its `arguments`, and leaves so many `results`.
 * Returns false when it failed, or went on and on: then its message, which
 * begins "FILE:LINE: ", is in `why` and nothing is left on the stack.
 */
bool lesson_lua_call(lua_State *lua, int arguments, int results, char *why,
                     size_t size);

#endif
