/* SPDX-License-Identifier: MIT */
/*
 * run_record.h - the members of run.json and the strict reader of them.
 *
 * run_members lists every member.  A record is checked against the list when
 * written and when read: a missing member, a member of another type and a
 * member that is not listed are errors.  `chaos check --record-members` prints
 * the list.
 */
#ifndef CHAOS_REPORT_RUN_RECORD_H
#define CHAOS_REPORT_RUN_RECORD_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum run_member_type {
    RUN_NUMBER,
    RUN_TEXT,
    RUN_FLAG,
    RUN_OBJECT,  /* with the members of `shape` */
    RUN_LIST,    /* of objects with the members of `shape` */
    RUN_NUMBERS, /* a list of numbers */
    RUN_OTHER_OBJECT,
    RUN_OTHER_LIST, /* content that the list of members does not describe */
};

enum run_member_presence {
    RUN_ALWAYS,
    RUN_OR_NULL,  /* null if it is unknown or does not apply */
    RUN_OPTIONAL, /* missing if it does not apply */
};

struct run_member {
    const char *name;
    enum run_member_type type;
    enum run_member_presence presence;
    const struct run_members *shape; /* of objects; or NULL */
    const char *unit, *meaning;      /* or "" */
};

struct run_members {
    const struct run_member *rows;
    size_t count;
};

extern const struct run_members run_members; /* of the whole record */

/* Prints the list as a Markdown table. */
void run_members_print(FILE *out);

/* Whether any member of a record has this name. */
bool run_member_exists(const char *name);

/* Returns whether `run` has exactly the members of the list; if not, writes
 * what is wrong with the first bad one to `why`. */
bool run_record_valid(const cJSON *run, char *why, size_t size);

/* Each returns a member of an object of a record.  A missing member, or one of
 * another type, ends the program with its name and EXIT_BAD_INPUT.  run_text()
 * returns "" for null. */
const cJSON *run_get(const cJSON *object, const char *name);
double run_number(const cJSON *object, const char *name);
uint64_t run_count(const cJSON *object, const char *name);
const char *run_text(const cJSON *object, const char *name);
bool run_flag(const cJSON *object, const char *name);

/* A phase; NULL if it was not measured. */
const cJSON *run_phase(const cJSON *run, const char *name);

#endif
