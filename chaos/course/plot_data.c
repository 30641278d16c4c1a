/* SPDX-License-Identifier: MIT */
/* plot_data.c - see plot_data.h. */
#include "chaos/course/plot_data.h"
#include "chaos/course/json_read.h"
#include <string.h>

/* ---- Looking up --------------------------------------------------------- */

static const cJSON *column_named(const struct lesson *lesson, const char *key)
{
    const cJSON *column;

    cJSON_ArrayForEach(column, field(lesson->head, "columns"))
    {
        if (strcmp(field_text(column, "key"), key) == 0)
            return column;
    }
    return NULL;
}

/* The measured value of a column, else the field of the case, else NULL. */
static const cJSON *value_of(const cJSON *entry, const char *key)
{
    const cJSON *value = field(field(entry, "measured"), key);

    return value ? value : field(field(entry, "fields"), key);
}

static const char *title_of(const struct lesson *lesson, const char *key)
{
    const char *title = field_text(column_named(lesson, key), "title");

    return *title ? title : key;
}

/* The i-th string of a list; a single string is a list of one.  NULL after the
 * last. */
static const char *nth(const cJSON *texts, int i)
{
    const cJSON *item =
        cJSON_IsString(texts) && i == 0 ? texts : cJSON_GetArrayItem(texts, i);

    return cJSON_IsString(item) ? item->valuestring : NULL;
}

/* A plot without `cases` shows all cases. */
static bool is_wanted(const cJSON *plot, const cJSON *entry)
{
    const cJSON *cases = field(plot, "cases");
    const char *name;

    for (int i = 0; (name = nth(cases, i)); i++)
        if (strcmp(name, field_text(entry, "name")) == 0)
            return true;
    return cases == NULL;
}

/* ---- Bars --------------------------------------------------------------- */

static void add_bar(const struct lesson *lesson, cJSON *bars,
                    const cJSON *entry, const char *key)
{
    const cJSON *value = value_of(entry, key);
    const cJSON *predicted = field(field(entry, "predicted"), key);
    const char *text = field_text(field(entry, "measured_text"), key);
    cJSON *bar;

    if (!cJSON_IsNumber(value))
        return;
    bar = cJSON_CreateObject();
    cJSON_AddItemToArray(bars, bar);
    cJSON_AddStringToObject(bar, "label", field_text(entry, "label"));
    cJSON_AddStringToObject(bar, "name", title_of(lesson, key));
    cJSON_AddNumberToObject(bar, "value", value->valuedouble);
    cJSON_AddStringToObject(bar, "text", text);
    if (!cJSON_IsNumber(predicted))
        return;
    cJSON_AddNumberToObject(bar, "predicted", predicted->valuedouble);
    cJSON_AddStringToObject(bar, "predicted_text",
                            field_text(field(entry, "predicted_text"), key));
}

static void add_bars(const struct lesson *lesson, const cJSON *plot,
                     cJSON *drawn)
{
    cJSON *bars = cJSON_AddArrayToObject(drawn, "bars");
    const cJSON *entry;
    const char *key;

    cJSON_ArrayForEach(entry, field(lesson->record, "cases"))
    {
        for (int i = 0; (key = nth(field(plot, "y"), i)); i++)
            if (is_wanted(plot, entry))
                add_bar(lesson, bars, entry, key);
    }
}

/* ---- Lines -------------------------------------------------------------- */

/* Returns the points of the line of that name; adds the line if it is new. */
static cJSON *points_of_line(cJSON *lines, const char *name, bool predicted)
{
    cJSON *line;

    cJSON_ArrayForEach(line, lines)
    {
        if (strcmp(field_text(line, "name"), name) == 0 &&
            field_true(line, "predicted") == predicted)
            return cJSON_GetObjectItemCaseSensitive(line, "points");
    }
    line = cJSON_CreateObject();
    cJSON_AddItemToArray(lines, line);
    cJSON_AddStringToObject(line, "name", name);
    cJSON_AddBoolToObject(line, "predicted", predicted);
    return cJSON_AddArrayToObject(line, "points");
}

static void add_point(cJSON *points, double x, double y)
{
    const double pair[] = { x, y };

    cJSON_AddItemToArray(points, cJSON_CreateDoubleArray(pair, 2));
}

/* One line for each column, and for each value of the field `by`. */
static void name_line(const struct lesson *lesson, const cJSON *plot,
                      const cJSON *entry, const char *key, char *name,
                      size_t size)
{
    const cJSON *group = value_of(entry, field_text(plot, "by"));
    bool several = nth(field(plot, "y"), 1) != NULL;

    if (cJSON_IsString(group))
        snprintf(name, size, "%s%s%s", group->valuestring, several ? ", " : "",
                 several ? title_of(lesson, key) : "");
    else if (cJSON_IsNumber(group))
        snprintf(name, size, "%s %g%s%s", field_text(plot, "by"),
                 group->valuedouble, several ? ", " : "",
                 several ? title_of(lesson, key) : "");
    else
        snprintf(name, size, "%s", title_of(lesson, key));
}

static void add_lines(const struct lesson *lesson, const cJSON *plot,
                      cJSON *drawn)
{
    cJSON *lines = cJSON_AddArrayToObject(drawn, "lines");
    const cJSON *entry;
    const char *key;
    char name[160];

    cJSON_ArrayForEach(entry, field(lesson->record, "cases"))
    {
        const cJSON *x = value_of(entry, field_text(plot, "x"));

        for (int i = 0; (key = nth(field(plot, "y"), i)); i++) {
            const cJSON *y = value_of(entry, key);
            const cJSON *predicted = field(field(entry, "predicted"), key);

            if (!cJSON_IsNumber(x) || !is_wanted(plot, entry))
                continue;
            name_line(lesson, plot, entry, key, name, sizeof(name));
            if (cJSON_IsNumber(y))
                add_point(points_of_line(lines, name, false), x->valuedouble,
                          y->valuedouble);
            if (cJSON_IsNumber(predicted))
                add_point(points_of_line(lines, name, true), x->valuedouble,
                          predicted->valuedouble);
        }
    }
}

/* ---- Series ------------------------------------------------------------- */

/* The factor that converts counts into counts per second, and microseconds into
 * milliseconds. */
static double scale_of(const char *key, double step_s)
{
    if (strcmp(key, "live") == 0)
        return 1;
    return strstr(key, "_us") ? 1e-3 : 1 / step_s;
}

static void add_series_line(cJSON *lines, const cJSON *entry, const char *key,
                            const cJSON *series)
{
    double step_s = field_number(series, "step_us") / 1e6;
    cJSON *points = points_of_line(lines, field_text(entry, "label"), false);
    const cJSON *value;
    int at = 0;

    cJSON_ArrayForEach(value, field(series, key))
    {
        add_point(points, at++ * step_s,
                  value->valuedouble * scale_of(key, step_s));
    }
}

static void add_series(const struct lesson *lesson, const cJSON *plot,
                       cJSON *drawn)
{
    cJSON *lines = cJSON_AddArrayToObject(drawn, "lines");
    const char *key = nth(field(plot, "y"), 0);
    const cJSON *entry;

    cJSON_ArrayForEach(entry, field(lesson->record, "cases"))
    {
        cJSON *series;

        if (!is_wanted(plot, entry) || !field(entry, "measured"))
            continue;
        lua_rawgeti(lesson->lua, LUA_REGISTRYINDEX, lesson->runs);
        lesson_lua_field(lesson->lua, -1, field_text(entry, "name"));
        lesson_lua_field(lesson->lua, -1, "series");
        series = lesson_lua_take(lesson->lua, -1);
        lua_pop(lesson->lua, 3);
        if (key)
            add_series_line(lines, entry, key, series);
        cJSON_Delete(series);
    }
}

/* ---- All ---------------------------------------------------------------- */

static void copy(cJSON *to, const cJSON *from, const char *name,
                 const char *otherwise)
{
    const char *text = field_text(from, name);

    cJSON_AddStringToObject(to, name, *text ? text : otherwise);
}

static void add_labels(const struct lesson *lesson, const cJSON *plot,
                       cJSON *drawn)
{
    bool series = strcmp(field_text(plot, "kind"), "series") == 0;
    const char *key = nth(field(plot, "y"), 0);
    const cJSON *log = field(plot, "log");

    copy(drawn, plot, "title", "");
    copy(drawn, plot, "kind", "");
    copy(drawn, plot, "x_label",
         series ? "s" : title_of(lesson, field_text(plot, "x")));
    copy(drawn, plot, "y_label",
         nth(field(plot, "y"), 1) ? "" : title_of(lesson, key ? key : ""));
    if (log && !cJSON_IsFalse(log))
        cJSON_AddStringToObject(drawn, "log",
                                cJSON_IsString(log) ? log->valuestring : "xy");
}

bool lesson_plots(struct lesson *lesson, char why[LESSON_WHY])
{
    cJSON *list = cJSON_AddArrayToObject(lesson->record, "plots");
    const cJSON *plot;

    cJSON_ArrayForEach(plot, field(lesson->head, "plots"))
    {
        const char *kind = field_text(plot, "kind");
        cJSON *drawn = cJSON_CreateObject();

        cJSON_AddItemToArray(list, drawn);
        add_labels(lesson, plot, drawn);
        if (strcmp(kind, "bars") == 0)
            add_bars(lesson, plot, drawn);
        else if (strcmp(kind, "lines") == 0)
            add_lines(lesson, plot, drawn);
        else
            add_series(lesson, plot, drawn);
        if (cJSON_GetArraySize(field(drawn, "bars")) +
                cJSON_GetArraySize(field(drawn, "lines")) ==
            0)
            return lesson_complain(lesson, why, "plots", kind,
                                   "plot \"%s\": no case has data for it",
                                   field_text(plot, "title"));
    }
    return true;
}
