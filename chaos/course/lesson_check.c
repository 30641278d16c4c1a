/* lesson_check.c - see lesson_check.h. */
#include "chaos/course/lesson_check.h"
#include "chaos/report/json_read.h"
#include <string.h>

/* ---- Texts -------------------------------------------------------------- */

static bool check_keys(const struct lesson *lesson, char why[LESSON_WHY])
{
    static const char *const known[] = {
        "title",   "question", "prediction", "needs", "experiment", "cases",
        "columns", "plots",    "expect",     "learn", "try",
    };
    const cJSON *item;

    cJSON_ArrayForEach(item, lesson->head)
    {
        bool found = false;

        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
            found = found || strcmp(known[i], item->string) == 0;
        if (!found)
            return lesson_complain(lesson, why, NULL, item->string,
                                   "a lesson knows no %s", item->string);
    }
    return true;
}

static bool is_known_function(const char *name)
{
    static const char *const known[] = { "sample_lines", "adapt", "sound" };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(known[i], name) == 0)
            return true;
    return false;
}

/* Those that are not in a list. */
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
        return lesson_complain(lesson, why, NULL, unknown,
                               "a lesson knows no %s", unknown);
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
                texts[i], "%s: a text is wanted", texts[i]);
    return true;
}

/* ---- Lists -------------------------------------------------------------- */

static bool check_list(const struct lesson *lesson, const char *name, bool must,
                       char why[LESSON_WHY])
{
    const cJSON *list = field(lesson->head, name), *item;

    if (!list && !must)
        return true;
    if (!cJSON_IsArray(list))
        return lesson_complain(lesson, why, list ? NULL : "return", name,
                               "%s: a list is wanted, and not an empty one",
                               name);
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsObject(item) && !cJSON_IsArray(item))
            return lesson_complain(lesson, why, NULL, name,
                                   "%s: a list of tables is wanted", name);
    }
    return true;
}

/* What becomes a folder's name, or a key in a program. */
static bool is_name(const char *text)
{
    return *text && *text != '.' && strlen(text) < LESSON_NAME &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")] ==
               '\0';
}

/* Two entries of a list have the same text there. */
static const char *doubled(const cJSON *list, const char *name)
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
    const char *twice = doubled(field(lesson->head, "cases"), "name");
    static struct experiment experiment; /* large: its texts */
    bool sound = true;

    if (twice && *twice)
        return lesson_complain(lesson, why, "cases", twice,
                               "two cases are called %s", twice);
    for (int i = 0; sound && i < lesson_cases(lesson); i++) {
        const char *name = lesson_case_name(lesson_case(lesson, i));

        if (!is_name(name))
            return lesson_complain(lesson, why, NULL, "cases",
                                   "case %d: its name is of letters, digits, "
                                   "-, _ and dots",
                                   i + 1);
        sound = lesson_experiment(lesson, i, 1, NULL, &experiment, why);
        experiment_free(&experiment);
    }
    return sound;
}

/* ---- Functions ---------------------------------------------------------- */

/* The type of `field` of the `index`-th (from 1) of a list of the lesson;
 * `field` NULL: of its second element. */
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
    const char *twice = doubled(columns, "key");
    int at = 0;

    if (twice && *twice)
        return lesson_complain(lesson, why, "columns", twice,
                               "two columns are called %s", twice);
    cJSON_ArrayForEach(column, columns)
    {
        const char *key = field_text(column, "key");
        int predict;

        at++;
        predict = type_of(lesson, "columns", at, "predict");
        if (!is_name(key))
            return lesson_complain(lesson, why, NULL, "columns",
                                   "column %d wants a key", at);
        if (type_of(lesson, "columns", at, "measure") != LUA_TFUNCTION)
            return lesson_complain(lesson, why, "columns", key,
                                   "column %s: measure is a function", key);
        if (predict != LUA_TNIL && predict != LUA_TFUNCTION)
            return lesson_complain(lesson, why, "columns", key,
                                   "column %s: predict is a function", key);
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
            return lesson_complain(lesson, why, "plots", "kind",
                                   "plot \"%s\": kind is bars, lines or series",
                                   title);
        if (!field(plot, "y") ||
            (strcmp(kind, "lines") == 0 && !*field_text(plot, "x")))
            return lesson_complain(lesson, why, "plots", kind,
                                   "plot \"%s\": it wants an y, and lines an x",
                                   title);
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
                                   "expectation %d: { \"what\", function } is "
                                   "wanted",
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
