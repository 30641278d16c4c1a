/* SPDX-License-Identifier: MIT */
/*
 * lesson.h - one lesson: a file of texts and an experiment.
 *
 * A lesson is a Lua program that returns a table: question, prediction, the
 * part of the experiment that all cases share, the cases, the columns to
 * measure, and the expectations.  This module loads and checks a lesson.  It
 * runs nothing (lesson_run.h) and draws nothing (lesson_output.h).
 *
 * Error messages are one line, "FILE:LINE: what: why", without LINE if the file
 * cannot be read.
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
    char *source;           /* the text of the file, to find line numbers */
    lua_State *lua;
    int table, rows, runs; /* references in Lua's registry */
    cJSON *head;           /* the table without its functions */
    cJSON *record;         /* the content of lesson.json */
};

/* Loads and checks a file.  On error returns false with a message in `why`;
 * then there is nothing to free. */
bool lesson_load(struct lesson *lesson, const char *path, char why[LESSON_WHY]);

void lesson_free(struct lesson *lesson);

/* The number of cases, and the fields of one case without its functions. */
int lesson_cases(const struct lesson *lesson);
const cJSON *lesson_case(const struct lesson *lesson, int index);

/* The name of a case, which is also the name of its folder, and its label. */
const char *lesson_case_name(const cJSON *one);
const char *lesson_case_label(const cJSON *one);

/* Builds the complete experiment of a case.  Later parts override earlier ones,
 * key by key: the case's `file` (if any), the shared experiment, the case's own
 * experiment, `overrides` (or NULL).  Always call experiment_free() afterwards,
 * also on error. */
bool lesson_experiment(const struct lesson *lesson, int index, uint64_t seed,
                       const cJSON *overrides, struct experiment *experiment,
                       char why[LESSON_WHY]);

/* Returns the first program in the `needs` of a table that is not installed, or
 * NULL. */
const char *lesson_lacks(const cJSON *table);

/* Writes "FILE:LINE: " and the formatted text to `why`.  LINE is that of
 * `word`, searched from the first occurrence of `after` on (NULL: from the
 * start). Returns false. */
bool lesson_complain(const struct lesson *lesson, char why[LESSON_WHY],
                     const char *after, const char *word, const char *what, ...)
    __attribute__((format(printf, 5, 6)));

#endif
