/* SPDX-License-Identifier: MIT */
/* lesson_rows.c - see lesson_rows.h. */
#include "chaos/course/lesson_rows.h"
#include "chaos/course/json_read.h"
#include "chaos/course/lesson_case.h"
#include "chaos/course/lesson_rows_internal.h"

/* ---- Arguments ----------------------------------------------------------- */

/* runs[NAME] = run.json, with the log */
static void keep_run(const struct lesson *lesson, const char *name,
                     const cJSON *run, const char *log)
{
    lua_State *lua = lesson->lua;

    lesson_push_reference(lesson, lesson->runs);
    lua_pushstring(lua, name);
    lesson_push_run(lua, run, log);
    lua_rawset(lua, -3);
    lua_pop(lua, 1);
}

/* rows[NAME] = rows[#rows + 1] = a row without values */
static void keep_row(const struct lesson *lesson, int index)
{
    lua_State *lua = lesson->lua;
    const cJSON *one = lesson_case(lesson, index);

    lesson_push_reference(lesson, lesson->rows);
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

/* ---- Measuring ---------------------------------------------------------- */

bool lesson_measure(struct lesson *lesson, int index, const cJSON *run,
                    const char *log, cJSON *entry, char why[LESSON_WHY])
{
    const char *name = lesson_case_name(lesson_case(lesson, index));
    lua_State *lua = lesson->lua;
    const cJSON *column;
    int at = 0, top = lua_gettop(lua);
    bool ok = true;

    keep_run(lesson, name, run, log);
    keep_row(lesson, index);
    cJSON_ArrayForEach(column, field(lesson->head, "columns"))
    {
        lesson_push_named(lesson, lesson->rows, name);
        lesson_push_function(lesson, at++, "measure");
        lesson_push_named(lesson, lesson->runs, name);
        lesson_push_case(lesson, index);
        lesson_push_reference(lesson, lesson->rows);
        ok =
            ok && lesson_lua_call(lua, 3, 1, why, LESSON_WHY) &&
            lesson_keep_cell(lesson, column, "measure", entry, "measured", why);
        lua_settop(lua, top);
    }
    return ok;
}
