/* SPDX-License-Identifier: MIT */
/* test_run_record.c - members that readers name are members of a run record. */
#include "chaos/measure/outcomes.h"
#include "chaos/report/run_record.h"
#include "tests/harness/run_suite.h"
#include <glob.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (512 * 1024)

static char text[FILE_MAX];

static void read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    size_t size;

    ck_assert_msg(file != NULL, "cannot open %s", path);
    size = fread(text, 1, sizeof(text) - 1, file);
    ck_assert_uint_lt(size, sizeof(text) - 1);
    text[size] = '\0';
    fclose(file);
}

static void expect_member(const char *path, const char *name, size_t length)
{
    char copy[64];

    snprintf(copy, sizeof(copy), "%.*s", (int)length, name);
    ck_assert_msg(run_member_exists(copy), "%s: \"%s\" is no member of a run",
                  path, copy);
}

/* Checks the last string that is an argument of the call whose arguments begin
 * at `at`.  Returns whether there is one. */
static bool check_call(const char *path, const char *at)
{
    const char *last = NULL;
    size_t length = 0;

    for (int depth = 1; *at && depth > 0; at++) {
        depth += (*at == '(') - (*at == ')');
        if (*at != '"')
            continue;
        if (depth == 1) {
            last = at + 1;
            length = strcspn(last, "\"");
        }
        at += strcspn(at + 1, "\"") + 1;
    }
    if (last)
        expect_member(path, last, length);
    return last != NULL;
}

/* Returns the number of matches of `pattern`, whose group `group` begins the
 * arguments of a call, or is a name. */
static int check_file(const char *path, const char *pattern, size_t group,
                      bool calls)
{
    regmatch_t found[4];
    regex_t regex;
    int count = 0;

    read_file(path);
    ck_assert_int_eq(regcomp(&regex, pattern, REG_EXTENDED), 0);
    for (const char *at = text; regexec(&regex, at, 4, found, 0) == 0;
         at += found[0].rm_eo) {
        const char *name = at + found[group].rm_so;
        size_t length = (size_t)(found[group].rm_eo - found[group].rm_so);

        if (calls) {
            count += check_call(path, at + found[0].rm_eo);
            continue;
        }
        expect_member(path, name, length);
        count++;
    }
    regfree(&regex);
    return count;
}

static int check_files(const char *files, const char *pattern, size_t group,
                       bool calls)
{
    glob_t found;
    int count = 0;

    ck_assert_int_eq(glob(files, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        count += check_file(found.gl_pathv[i], pattern, group, calls);
    globfree(&found);
    return count;
}

START_TEST(readers_in_c_name_existing_members)
{
    static const char calls[] = "\\brun_(get|number|count|text|flag|phase)\\(";
    static const char rows[] = "\\b(row|share_row|is_in_any_phase)\\(";

    ck_assert_int_gt(check_files("chaos/report/summary.c", rows, 1, true), 10);
    ck_assert_int_gt(check_files("chaos/report/*.c", calls, 1, true), 60);
    ck_assert_int_gt(check_files("chaos/course/*.c", calls, 1, true), 5);
    ck_assert_int_gt(check_files("chaos/cli/*.c", calls, 1, true), 0);
}
END_TEST

START_TEST(page_names_existing_members)
{
    static const char names[] =
        "\\b(run|main|machine|series|worker_stats|injection|worker|loss|"
        "finding|totals|classes|latency_us|lateness_us|verdict|versions|"
        "fault_requests)\\.([A-Za-z_0-9]+)\\b[^A-Za-z_0-9(]";
    static const char phases[] = "phases\\[[a-z]+\\]\\.([A-Za-z_0-9]+)";

    ck_assert_int_gt(check_files("chaos/report/page.js", names, 2, false), 50);
    ck_assert_int_gt(check_files("chaos/report/page.js", phases, 1, false), 5);
}
END_TEST

START_TEST(lessons_name_existing_members)
{
    static const char first[] =
        "\\brun\\.(experiment|phases|[a-km-z][a-z_0-9]*)";
    static const char inner[] =
        "\\b(phases\\.[a-z]+|usage|totals|worker_stats|latency_us|classes|"
        "fault_requests)\\.([a-z_0-9]+)";

    ck_assert_int_gt(check_files("chaos/course/lessons/*.lua", first, 1, false),
                     40);
    ck_assert_int_gt(check_files("chaos/course/lessons/*.lua", inner, 2, false),
                     40);
}
END_TEST

START_TEST(every_outcome_is_a_member)
{
    for (int i = 0; i < OUTCOMES; i++)
        ck_assert(run_member_exists(outcome_key((enum outcome)i)));
    ck_assert(!run_member_exists("lots"));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("run_record");

    tcase_add_test(cases, readers_in_c_name_existing_members);
    tcase_add_test(cases, page_names_existing_members);
    tcase_add_test(cases, lessons_name_existing_members);
    tcase_add_test(cases, every_outcome_is_a_member);
    return run_suite("run_record", cases);
}
