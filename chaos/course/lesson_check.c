/* SPDX-License-Identifier: MIT */
/* lesson_check.c - see lesson_check.h. */
#include "chaos/course/lesson_check.h"
#include "chaos/course/json_read.h"
#include <string.h>

#define UNKNOWN_KEY                                                            \
    "%s: not a key of a lesson (allowed: title, question, prediction, "        \
    "needs, experiment, cases, columns, plots, expect, learn, try, and "       \
    "the functions adapt, sound, sample_lines)"

/* ---- Texts -------------------------------------------------------------- */

static bool check_keys(const struct lesson *lesson, char why[LESSON_WHY])
{
    static const char *const keys[] = {
        "title",   "question", "prediction", "needs", "experiment", "cases",
        "columns", "plots",    "expect",     "learn", "try",
    };
    const cJSON *item;

    cJSON_ArrayForEach(item, lesson->head)
    {
        bool found = false;

        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
            found = found || strcmp(keys[i], item->string) == 0;
        if (!found)
            return lesson_complain(lesson, why, NULL, item->string, UNKNOWN_KEY,
                                   item->string);
    }
    return true;
}

static bool is_known_function(const char *name)
{
    static const char *const names[] = { "sample_lines", "adapt", "sound" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* Checks the functions of the lesson itself, which lesson->head lacks. */
static bool check_functions(const struct lesson *lesson, char why[LESSON_WHY])
{
    lua_State *lua = lesson->lua;
    int top = lua_gettop(lua);
    char unknown[64] = "";

    lua_rawgeti(lua, LUA_REGISTRYINDEX, lesson->table);
    for (lua_pushnil(lua); lua_next(lua, top + 1); lua_pop(lua, 1))
        if (lua_isfunction(lua, -1) && lua_type(lua, -2) == LUA_TSTRING &&
            !is_known_function(lua_tostring(lua, -2)))
            snprintf(unknown, sizeof(unknown), "%s", lua_tostring(lua, -2));
    lua_settop(lua, top);
    if (*unknown)
        return lesson_complain(lesson, why, NULL, unknown, UNKNOWN_KEY,
                               unknown);
    return true;
}

static bool check_texts(const struct lesson *lesson, char why[LESSON_WHY])
{
    static const char *const texts[] = { "title", "question", "prediction",
                                         "learn", "try" };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (!*field_text(lesson->head, texts[i]))
            return lesson_complain(
                lesson, why, field(lesson->head, texts[i]) ? NULL : "return",
                texts[i], "%s: must be a non-empty string", texts[i]);
    return true;
}

/* ---- Lists -------------------------------------------------------------- */

static bool check_list(const struct lesson *lesson, const char *name,
                       bool required, char why[LESSON_WHY])
{
    const cJSON *list = field(lesson->head, name), *item;

    if (!list && !required)
        return true;
    if (!cJSON_IsArray(list))
        return lesson_complain(lesson, why, list ? NULL : "return", name,
                               "%s: must be a non-empty list", name);
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsObject(item) && !cJSON_IsArray(item))
            return lesson_complain(lesson, why, NULL, name,
                                   "%s: must be a list of tables", name);
    }
    return true;
}

#define NAME_CHARACTERS "allowed: letters, digits, '-', '_', and '.' not first"

/* A name becomes the name of a folder, or a key in a table of a lesson. */
static bool is_name(const char *text)
{
    return *text && *text != '.' && strlen(text) < LESSON_NAME &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")] ==
               '\0';
}

/* Returns a value of the field `name` that two entries of a list share, or
 * NULL. */
static const char *find_duplicate(const cJSON *list, const char *name)
{
    const cJSON *item, *other;

    cJSON_ArrayForEach(item, list)
    {
        for (other = item->next; other; other = other->next)
            if (strcmp(field_text(item, name), field_text(other, name)) == 0)
                return field_text(item, name);
    }
    return NULL;
}

static bool check_cases(const struct lesson *lesson, char why[LESSON_WHY])
{
    const char *duplicate =
        find_duplicate(field(lesson->head, "cases"), "name");
    static struct experiment experiment; /* too large for the stack */
    bool ok = true;

    if (duplicate && *duplicate)
        return lesson_complain(lesson, why, "cases", duplicate,
                               "case %s: two cases have this name", duplicate);
    for (int i = 0; ok && i < lesson_cases(lesson); i++) {
        const char *name = lesson_case_name(lesson_case(lesson, i));

        if (!is_name(name))
            return lesson_complain(lesson, why, NULL, "cases",
                                   "case %d: invalid or missing name "
                                   "(" NAME_CHARACTERS ")",
                                   i + 1);
        ok = lesson_experiment(lesson, i, 1, NULL, &experiment, why);
        experiment_free(&experiment);
    }
    return ok;
}

/* ---- Functions ---------------------------------------------------------- */

/* Returns the type of the field `name` of an entry of a list of the lesson, or
 * of the second element of the entry if `name` is NULL.  `index` counts from 1.
 */
static int type_of(const struct lesson *lesson, const char *list, int index,
                   const char *name)
{
    lua_State *lua = lesson->lua;
    int top = lua_gettop(lua), type;

    lua_rawgeti(lua, LUA_REGISTRYINDEX, lesson->table);
    lesson_lua_field(lua, -1, list);
    lua_rawgeti(lua, -1, index);
    if (name)
        type = lesson_lua_field(lua, -1, name);
    else
        type = lua_istable(lua, -1) ? lua_rawgeti(lua, -1, 2) : LUA_TNIL;
    lua_settop(lua, top);
    return type;
}

static bool check_columns(const struct lesson *lesson, char why[LESSON_WHY])
{
    const cJSON *columns = field(lesson->head, "columns"), *column;
    const char *duplicate = find_duplicate(columns, "key");
    int at = 0;

    if (duplicate && *duplicate)
        return lesson_complain(lesson, why, "columns", duplicate,
                               "column %s: two columns have this key",
                               duplicate);
    cJSON_ArrayForEach(column, columns)
    {
        const char *key = field_text(column, "key");
        int predict;

        at++;
        predict = type_of(lesson, "columns", at, "predict");
        if (!is_name(key))
            return lesson_complain(lesson, why, NULL, "columns",
                                   "column %d: invalid or missing key "
                                   "(" NAME_CHARACTERS ")",
                                   at);
        if (type_of(lesson, "columns", at, "measure") != LUA_TFUNCTION)
            return lesson_complain(lesson, why, "columns", key,
                                   "column %s: measure must be a function",
                                   key);
        if (predict != LUA_TNIL && predict != LUA_TFUNCTION)
            return lesson_complain(lesson, why, "columns", key,
                                   "column %s: predict must be a function",
                                   key);
    }
    return true;
}

static bool check_plots(const struct lesson *lesson, char why[LESSON_WHY])
{
    const cJSON *plot;

    cJSON_ArrayForEach(plot, field(lesson->head, "plots"))
    {
        const char *kind = field_text(plot, "kind");
        const char *title = field_text(plot, "title");

        if (strcmp(kind, "bars") != 0 && strcmp(kind, "lines") != 0 &&
            strcmp(kind, "series") != 0)
            return lesson_complain(
                lesson, why, "plots", "kind",
                "plot \"%s\": unknown kind (allowed: bars, lines, series)",
                title);
        if (!field(plot, "y") ||
            (strcmp(kind, "lines") == 0 && !*field_text(plot, "x")))
            return lesson_complain(
                lesson, why, "plots", kind,
                "plot \"%s\": y is required, and x if kind is lines", title);
    }
    return true;
}

static bool check_expectations(const struct lesson *lesson,
                               char why[LESSON_WHY])
{
    const cJSON *list = field(lesson->head, "expect"), *item;
    int at = 0;

    cJSON_ArrayForEach(item, list)
    {
        const cJSON *claim = cJSON_GetArrayItem(item, 0);

        at++;
        if (!cJSON_IsString(claim) ||
            type_of(lesson, "expect", at, NULL) != LUA_TFUNCTION)
            return lesson_complain(lesson, why, NULL, "expect",
                                   "expectation %d: must be "
                                   "{ \"claim\", function }",
                                   at);
    }
    return true;
}

bool lesson_check(const struct lesson *lesson, char why[LESSON_WHY])
{
    return check_keys(lesson, why) && check_functions(lesson, why) &&
           check_texts(lesson, why) && check_list(lesson, "cases", true, why) &&
           check_list(lesson, "columns", true, why) &&
           check_list(lesson, "plots", false, why) &&
           check_list(lesson, "expect", true, why) &&
           check_cases(lesson, why) && check_columns(lesson, why) &&
           check_plots(lesson, why) && check_expectations(lesson, why);
}
