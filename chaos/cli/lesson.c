/* SPDX-License-Identifier: MIT */
/* lesson.c - `chaos lesson`: the course. */
#include "chaos/course/lesson.h"
#include "chaos/cli/commands.h"
#include "chaos/course/json_read.h"
#include "chaos/course/lesson_output.h"
#include "chaos/course/lesson_record.h"
#include "chaos/course/lesson_run.h"
#include "chaos/report/run_json.h"
#include "worker/clock.h"
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct lesson_fields {
    const char *out, *folder;
    uint64_t seed;
};

#define AT(field) offsetof(struct lesson_fields, field)

static const struct option_row option_table[] = {
    OPTION("out", VALUE_TEXT, AT(out), "directory of records, reports and page",
           LESSONS_OUT, .value = "DIRECTORY"),
    OPTION("seed", VALUE_COUNT, AT(seed), "seed of all random choices",
           .fallback_help = "from the clock"),
    OPTION("lessons", VALUE_TEXT, AT(folder), "directory of the lessons",
           LESSONS_FOLDER, .value = "DIRECTORY"),
};

static const struct command_line line = {
    .name = "chaos lesson",
    .usage = "[options] [NAME|NUMBER|FILE.lua|all]",
    .about = "Runs a lesson: a question, a prediction, runs, the measurements "
             "next to the prediction, and the conclusion.  Without a name, "
             "lists the lessons.",
    .after = "Exit status: 0 all expectations held, 1 one did not, 2 bad "
             "input, 3 inconclusive: a case could not be measured.",
    .rows = option_table,
    .count = sizeof(option_table) / sizeof(option_table[0]),
    .operand = "NAME",
    .operands_max = 1,
};

/* ---- Which lessons ------------------------------------------------------ */

static bool find_all(const struct lesson_fields *fields, glob_t *found)
{
    char pattern[1024];

    snprintf(pattern, sizeof(pattern), "%.1000s/[0-9][0-9]-*.lua",
             fields->folder);
    if (glob(pattern, 0, NULL, found) == 0)
        return true;
    fprintf(stderr, "chaos: %s: no lessons found\n", fields->folder);
    return false;
}

/* The names of "02-one-by-one.lua" are 2, 02, one-by-one, 02-one-by-one. */
static bool has_name(const char *path, const char *name)
{
    const char *file = strrchr(path, '/') + 1;
    size_t length = strlen(file) - strlen(".lua");
    char *end;
    unsigned long number = strtoul(name, &end, 10);

    if (*name && *end == '\0')
        return number == strtoul(file, NULL, 10);
    return (strlen(name) == length && strncmp(file, name, length) == 0) ||
           (strlen(name) == length - 3 &&
            strncmp(file + 3, name, length - 3) == 0);
}

/* Writes the file name of the lesson `name` to `path`. */
static bool find(const struct lesson_fields *fields, const char *name,
                 char *path, size_t size)
{
    size_t length = strlen(name);
    bool known = false;
    glob_t found;

    if (length > 4 && strcmp(name + length - 4, ".lua") == 0) {
        snprintf(path, size, "%s", name);
        return true;
    }
    if (!find_all(fields, &found))
        return false;
    for (size_t i = 0; i < found.gl_pathc && !known; i++) {
        known = has_name(found.gl_pathv[i], name);
        snprintf(path, size, "%s", found.gl_pathv[i]);
    }
    globfree(&found);
    if (!known)
        fprintf(stderr,
                "chaos: lesson \"%s\": not found (chaos lesson lists all)\n",
                name);
    return known;
}

static int list(const struct lesson_fields *fields)
{
    char why[LESSON_WHY];
    int status = EXIT_HELD;
    struct lesson lesson;
    glob_t found;

    if (!find_all(fields, &found))
        return EXIT_BAD_INPUT;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (!lesson_load(&lesson, found.gl_pathv[i], why)) {
            fprintf(stderr, "chaos: %s\n", why);
            status = EXIT_BAD_INPUT;
            continue;
        }
        printf("  %02u  %-22s %s\n", lesson.number, lesson.name,
               field_text(lesson.head, "title"));
        lesson_free(&lesson);
    }
    globfree(&found);
    return status;
}

/* ---- Running ------------------------------------------------------------ */

static void save_page(const struct lesson_fields *fields)
{
    cJSON *records = lesson_records(fields->out);
    char *page = lessons_html(records), why[512];

    if (report_save(fields->out, "lessons.html", page, why, sizeof(why)))
        printf("Page:   %s/lessons.html\n", fields->out);
    else
        fprintf(stderr, "chaos: cannot save the page: %s\n", why);
    free(page);
    cJSON_Delete(records);
}

static void run_one(const struct lesson_fields *fields, const char *path,
                    struct lesson_outcome *outcome, cJSON *records)
{
    struct lesson lesson;

    *outcome = (struct lesson_outcome){ .status = EXIT_BAD_INPUT };
    if (lesson_load(&lesson, path, outcome->why)) {
        lesson_run(&lesson, fields->out, fields->seed, outcome);
        if (records)
            cJSON_AddItemToArray(records, cJSON_Duplicate(lesson.record, 1));
        lesson_free(&lesson);
    }
    if (outcome->why[0])
        fprintf(stderr, "chaos: %s\n", outcome->why);
}

/* Checks before a run that its results can be saved. */
static bool can_save(const struct lesson_fields *fields)
{
    char why[512];

    if (report_possible(fields->out, why, sizeof(why)))
        return true;
    command_refuse(why);
    return false;
}

static int run_named(const struct lesson_fields *fields, const char *name)
{
    struct lesson_outcome outcome;
    char path[1024];

    if (!find(fields, name, path, sizeof(path)) || !can_save(fields))
        return EXIT_BAD_INPUT;
    run_one(fields, path, &outcome, NULL);
    if (!outcome.why[0])
        save_page(fields);
    return outcome.status;
}

/* From worst to best: bad input, did not hold, inconclusive, held. */
static int worse(int one, int other)
{
    static const int ranks[] = { [EXIT_HELD] = 0,
                                 [EXIT_INCONCLUSIVE] = 1,
                                 [EXIT_DID_NOT_HOLD] = 2,
                                 [EXIT_BAD_INPUT] = 3 };

    return ranks[one] > ranks[other] ? one : other;
}

/* A lesson that did not hold or was inconclusive is run again, because the
 * machine may have been busy.  Only the second result counts. */
static void run_one_of_all(const struct lesson_fields *fields, const char *path,
                           struct lesson_outcome *outcome, cJSON *records)
{
    int before = cJSON_GetArraySize(records);

    run_one(fields, path, outcome, records);
    if (outcome->interrupted || (outcome->status != EXIT_DID_NOT_HOLD &&
                                 outcome->status != EXIT_INCONCLUSIVE))
        return;
    printf("\nRunning it again, in case the machine was busy.\n\n");
    cJSON_DeleteItemFromArray(records, before);
    run_one(fields, path, outcome, records);
}

static int run_all(const struct lesson_fields *fields)
{
    struct lesson_outcome outcome = { .status = EXIT_HELD };
    cJSON *records = cJSON_CreateArray();
    int status = EXIT_HELD;
    glob_t found;

    if (!can_save(fields) || !find_all(fields, &found))
        return EXIT_BAD_INPUT;
    for (size_t i = 0; i < found.gl_pathc && !outcome.interrupted; i++) {
        if (i > 0)
            printf("\n\n");
        run_one_of_all(fields, found.gl_pathv[i], &outcome, records);
        status = worse(status, outcome.status);
    }
    globfree(&found);
    lessons_terminal(stdout, records);
    save_page(fields);
    cJSON_Delete(records);
    return status;
}

int command_lesson(int argc, char **argv)
{
    struct lesson_fields fields = { .seed = clock_wall_us() % 1000000000 };
    int operands, status;

    if (!arguments_read(&line, &fields, argc, argv, &operands, &status))
        return status;
    if (operands == 0)
        return list(&fields);
    if (strcmp(argv[1], "all") == 0)
        return run_all(&fields);
    return run_named(&fields, argv[1]);
}
