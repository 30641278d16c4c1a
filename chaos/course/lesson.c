/* SPDX-License-Identifier: MIT */
/* lesson.c - see lesson.h. */
#include "chaos/course/lesson.h"
#include "chaos/course/json_read.h"
#include "chaos/course/lesson_check.h"
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (1024 * 1024)

/* ---- Error messages ---------------------------------------------------------
 */

static bool is_part_of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* Returns the first occurrence of `word` as a whole word outside comments, or
 * NULL. */
static const char *find_word(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = text; *at; at++) {
        if (at[0] == '-' && at[1] == '-') {
            at += strcspn(at, "\n");
            if (*at == '\0')
                return NULL;
        }
        if (strncmp(at, word, length) == 0 &&
            (strcmp(word, "end") != 0 || at[length] == '"' ||
             at[length] == '\'') && /* a keyword unless quoted */
            (at == text || !is_part_of_word(at[-1])) &&
            !is_part_of_word(at[length]))
            return at;
    }
    return NULL;
}

bool lesson_complain(const struct lesson *lesson, char why[LESSON_WHY],
                     const char *after, const char *word, const char *what, ...)
{
    const char *from = after ? find_word(lesson->source, after) : NULL;
    const char *at = find_word(from ? from : lesson->source, word);
    unsigned line = 1;
    size_t length;
    va_list list;

    if (!at)
        at = find_word(lesson->source, word);
    if (!at)
        at = from ? from : lesson->source;
    for (const char *c = lesson->source; c < at; c++)
        line += *c == '\n';
    snprintf(why, LESSON_WHY, "%s:%u: ", lesson->path, line);
    length = strlen(why);
    va_start(list, what);
    vsnprintf(why + length, LESSON_WHY - length, what, list);
    va_end(list);
    return false;
}

/* ---- Loading ------------------------------------------------------------ */

/* Sets 2 and "one-by-one" for ".../02-one-by-one.lua". */
static void take_name(struct lesson *lesson)
{
    const char *slash = strrchr(lesson->path, '/');
    const char *name = slash ? slash + 1 : lesson->path;
    char *end;
    unsigned long number = strtoul(name, &end, 10);

    if (end != name && *end == '-') {
        lesson->number = (unsigned)number;
        name = end + 1;
    }
    snprintf(lesson->name, sizeof(lesson->name), "%.*s",
             (int)strcspn(name, "."), name);
}

static bool read_source(struct lesson *lesson, char why[LESSON_WHY])
{
    FILE *file = fopen(lesson->path, "re");
    size_t length;

    if (!file) {
        snprintf(why, LESSON_WHY, "%s: %s", lesson->path, strerror(errno));
        return false;
    }
    lesson->source = calloc(1, FILE_MAX + 1);
    if (!lesson->source)
        abort();
    length = fread(lesson->source, 1, FILE_MAX, file);
    fclose(file);
    if (length > 0 && strlen(lesson->source) == length)
        return true;
    snprintf(why, LESSON_WHY, "%s:1: empty, or not a text file", lesson->path);
    return false;
}

/* Runs the file and stores a reference to the table that it returns. */
static bool run_source(struct lesson *lesson, char why[LESSON_WHY])
{
    lua_State *lua = lesson->lua;
    char name[sizeof(lesson->path) + 1];

    snprintf(name, sizeof(name), "@%s", lesson->path);
    if (luaL_loadbufferx(lua, lesson->source, strlen(lesson->source), name,
                         "t") != LUA_OK) {
        snprintf(why, LESSON_WHY, "%s", lua_tostring(lua, -1));
        return false;
    }
    if (!lesson_lua_call(lua, 0, 1, why, LESSON_WHY))
        return false;
    if (!lua_istable(lua, -1))
        return lesson_complain(lesson, why, NULL, "return",
                               "a lesson must return a table");
    lesson->head = lesson_lua_take(lua, -1);
    lesson->table = luaL_ref(lua, LUA_REGISTRYINDEX);
    lua_newtable(lua);
    lesson->rows = luaL_ref(lua, LUA_REGISTRYINDEX);
    lua_newtable(lua);
    lesson->runs = luaL_ref(lua, LUA_REGISTRYINDEX);
    return true;
}

bool lesson_load(struct lesson *lesson, const char *path, char why[LESSON_WHY])
{
    *lesson = (struct lesson){ 0 };
    snprintf(lesson->path, sizeof(lesson->path), "%s", path);
    take_name(lesson);
    lesson->lua = lesson_lua_new();
    lesson->record = cJSON_CreateObject();
    if (!lesson->lua) {
        snprintf(why, LESSON_WHY, "%s: cannot create a Lua state", path);
    } else if (read_source(lesson, why) && run_source(lesson, why) &&
               lesson_check(lesson, why)) {
        return true;
    }
    lesson_free(lesson);
    return false;
}

void lesson_free(struct lesson *lesson)
{
    if (lesson->lua)
        lesson_lua_free(lesson->lua);
    cJSON_Delete(lesson->head);
    cJSON_Delete(lesson->record);
    free(lesson->source);
    *lesson = (struct lesson){ 0 };
}

/* ---- Cases -------------------------------------------------------------- */

int lesson_cases(const struct lesson *lesson)
{
    return cJSON_GetArraySize(field(lesson->head, "cases"));
}

const cJSON *lesson_case(const struct lesson *lesson, int index)
{
    return cJSON_GetArrayItem(field(lesson->head, "cases"), index);
}

const char *lesson_case_name(const cJSON *one)
{
    return field_text(one, "name");
}

const char *lesson_case_label(const cJSON *one)
{
    const char *label = field_text(one, "label");

    return *label ? label : lesson_case_name(one);
}

const char *lesson_lacks(const cJSON *table)
{
    const cJSON *needs = field(table, "needs"), *item;

    if (cJSON_IsString(needs) && !experiment_has_program(needs->valuestring))
        return needs->valuestring;
    cJSON_ArrayForEach(item, needs)
    {
        if (cJSON_IsString(item) && !experiment_has_program(item->valuestring))
            return item->valuestring;
    }
    return NULL;
}
