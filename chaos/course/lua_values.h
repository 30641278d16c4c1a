/* SPDX-License-Identifier: MIT */
/*
 * lua_values.h - conversion between Lua and cJSON, and a restricted Lua state.
 *
 * A table with elements 1 to n becomes an array, any other table an object; an
 * empty table becomes an empty object.  nil, infinity and NaN become null.
 * Functions and keys that are not strings are left out.
 */
#ifndef CHAOS_COURSE_LUA_VALUES_H
#define CHAOS_COURSE_LUA_VALUES_H

#include <cjson/cJSON.h>
#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Returns a new state with the base, math, string and table libraries, without
 * functions that do I/O or load code.  The global `stats` has the functions of
 * stats.lua; machine.processors is the number of usable processors.  Returns
 * NULL on error.  The memory of the state is limited: a lesson that exceeds the
 * limit fails with "not enough memory".
 */
lua_State *lesson_lua_new(void);
void lesson_lua_free(lua_State *lua);

/* Pushes a value; NULL becomes nil. */
void lesson_lua_push(lua_State *lua, const cJSON *value);

/* Returns a copy of the value at `index`, never NULL; the caller deletes it.
 * Tables nested more than 16 deep become null, so that a table that contains
 * itself is finite. */
cJSON *lesson_lua_take(lua_State *lua, int index);

/* Pushes the field `name` of the table at `index`, without metamethods, or nil
 * if the value at `index` is not a table.  Returns the type of the field. */
int lesson_lua_field(lua_State *lua, int index, const char *name);

/*
 * Calls a function as lua_pcall(3) does, with a limit on the number of executed
 * instructions.  On error returns false with a message in `why`, which begins
 * with "FILE:LINE: " if Lua knows the line, and leaves nothing on the stack.
 */
bool lesson_lua_call(lua_State *lua, int arguments, int results, char *why,
                     size_t size);

#endif
