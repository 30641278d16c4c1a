/*
 * lesson.h - one lesson: a file that is mostly text and an experiment.
 *
 * A lesson is a Lua program that returns a table: question, prediction, what
 * all cases share of an experiment, the cases, what is measured of each, what
 * is expected.  This module loads and checks it and calls its functions; it
 * runs nothing (lesson_run.h) and draws nothing (report/lessons.h).
 *
 * All complaints are one line, "FILE:LINE: what is wrong".
 */
#ifndef CHAOS_COURSE_LESSON_H
#define CHAOS_COURSE_LESSON_H

#include "chaos/course/lua_values.h"
#include "chaos/experiment/experiment.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#define LESSON_WHY  1024
#define LESSON_NAME 64

struct lesson {
    char path[512];
    unsigned number;        /* 2 of 02-one-by-one.lua; 0 where it has none */
    char name[LESSON_NAME]; /* one-by-one */
    char *source;           /* the file, to find lines in */
    lua_State *lua;
    int table, rows, runs; /* references in Lua's registry */
    cJSON *head;           /* the table, without its functions */
    cJSON *record;         /* what becomes lesson.json */
};

/* Loads and checks a file.  Returns false with a complaint; then there is
 * nothing to free. */
bool lesson_load(struct lesson *lesson, const char *path, char why[LESSON_WHY]);

void lesson_free(struct lesson *lesson);

/* The number of cases, and one of them (its fields, without functions). */
int lesson_cases(const struct lesson *lesson);
const cJSON *lesson_case(const struct lesson *lesson, int index);

/* The name of a case, which is a folder's too, and what people call it. */
const char *lesson_case_name(const cJSON *one);
const char *lesson_case_label(const cJSON *one);

/* Makes the experiment of a case, complete: the one in its `file`, if it names
 * one, with that of all cases, then its own, and then `over` (or NULL) laid
 * over, key by key.  To be followed by experiment_free, whatever it returns. */
bool lesson_experiment(const struct lesson *lesson, int index, uint64_t seed,
                       const cJSON *over, struct experiment *experiment,
                       char why[LESSON_WHY]);

/* The program that a table asks for with `needs` and that is not installed;
 * NULL when there is none. */
const char *lesson_lacks(const cJSON *table);

/* "FILE:LINE: what": the line on which `word` stands, after `after` (a text in
 * quotation marks, or NULL) where that is found.  Returns false. */
bool lesson_complain(const struct lesson *lesson, char why[LESSON_WHY],
                     const char *after, const char *word, const char *what, ...)
    __attribute__((format(printf, 5, 6)));

#endif
