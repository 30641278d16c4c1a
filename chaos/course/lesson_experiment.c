/* SPDX-License-Identifier: MIT */
/* lesson_experiment.c - builds the experiment of a case; see lesson.h. */
#include "chaos/course/json_read.h"
#include "chaos/course/lesson.h"
#include <string.h>

/* Overrides members of `object` with those of `overrides`, key by key. */
static void merge(cJSON *object, const cJSON *overrides)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, overrides)
    {
        cJSON *old = cJSON_GetObjectItemCaseSensitive(object, item->string);

        if (cJSON_IsObject(item) && cJSON_IsObject(old)) {
            merge(old, item);
            continue;
        }
        cJSON_DeleteItemFromObjectCaseSensitive(object, item->string);
        cJSON_AddItemToObject(object, item->string, cJSON_Duplicate(item, 1));
    }
}

/* Writes a value as in an experiment file. */
static bool write_value(char *text, size_t size, const cJSON *value)
{
    if (cJSON_IsString(value))
        snprintf(text, size, "%s", value->valuestring);
    else if (cJSON_IsNumber(value))
        snprintf(text, size, "%.15g", value->valuedouble);
    else if (cJSON_IsBool(value))
        snprintf(text, size, "%s", cJSON_IsTrue(value) ? "yes" : "no");
    else
        return false;
    return true;
}

static bool set_key(const struct lesson *lesson, struct experiment *experiment,
                    const char *name, const char *section, const cJSON *item,
                    char why[LESSON_WHY])
{
    char value[2048], assignment[2304], what[EXPERIMENT_WHY];

    if (!write_value(value, sizeof(value), item))
        return lesson_complain(
            lesson, why, name, item->string,
            "case %s: [%s] %s: not a string, number or boolean", name, section,
            item->string);
    snprintf(assignment, sizeof(assignment), "%.100s.%.60s=%s", section,
             item->string, value);
    if (experiment_set(experiment, assignment, what))
        return true;
    return lesson_complain(lesson, why, name, item->string, "case %s: %s", name,
                           what);
}

static bool set_section(const struct lesson *lesson,
                        struct experiment *experiment, const char *name,
                        const cJSON *section, char why[LESSON_WHY])
{
    static char kind[] = "kind", signal[] = "signal";
    static const cJSON kind_signal = { .type = cJSON_String,
                                       .valuestring = signal,
                                       .string = kind };
    const cJSON *item;

    if (cJSON_IsFalse(section)) /* removes a section that the cases share */
        return true;
    if (!cJSON_IsObject(section))
        return lesson_complain(lesson, why, name, section->string,
                               "case %s: [%s]: must be a table of keys", name,
                               section->string);
    if (!section->child && strncmp(section->string, "fault ", 6) == 0)
        return set_key(lesson, experiment, name, section->string, &kind_signal,
                       why);
    cJSON_ArrayForEach(item, section)
    {
        if (!set_key(lesson, experiment, name, section->string, item, why))
            return false;
    }
    return true;
}

bool lesson_experiment(const struct lesson *lesson, int index, uint64_t seed,
                       const cJSON *overrides, struct experiment *experiment,
                       char why[LESSON_WHY])
{
    const cJSON *one = lesson_case(lesson, index), *section;
    const char *name = lesson_case_name(one);
    const cJSON *shared = field(lesson->head, "experiment");
    cJSON *merged = shared ? cJSON_Duplicate(shared, 1) : cJSON_CreateObject();
    char title[256], what[EXPERIMENT_WHY];
    const char *file = field_text(one, "file");
    bool ok = true;

    experiment_set_defaults(experiment, seed);
    if (*file && !experiment_read(experiment, file, what)) {
        cJSON_Delete(merged);
        return lesson_complain(lesson, why, name, "file", "case %s: %s", name,
                               what);
    }
    snprintf(title, sizeof(title), "about.title=%.120s: %.110s",
             field_text(lesson->head, "title"), lesson_case_label(one));
    experiment_set(experiment, title, what);
    merge(merged, field(one, "experiment"));
    merge(merged, overrides);
    cJSON_ArrayForEach(section, merged)
    {
        ok = ok && set_section(lesson, experiment, name, section, why);
    }
    cJSON_Delete(merged);
    if (ok && !(experiment_complete(experiment, what) &&
                experiment_preflight(experiment, what)))
        return lesson_complain(lesson, why, name, experiment->refused,
                               "case %s: %s", name, what);
    return ok;
}
