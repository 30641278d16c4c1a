/* SPDX-License-Identifier: MIT */
/*
 * test_run_record.c - each command refuses a record of which any member is
 * missing, misspelt or of another type, and names the member.
 */
#include "chaos/report/run_json.h"
#include "chaos/report/run_record.h"
#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/chaos/reports.h"
#include "tests/harness/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct reports reports;
static cJSON *record;
static int members;

/* The commands that read a record, and the file that they are given. */
static const char *const commands[] = { "report", "replay", "compare" };

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void save(const cJSON *changed, char path[128])
{
    char why[256], *text = cJSON_PrintUnformatted(changed);

    ck_assert_msg(
        report_save(reports.path, "changed.json", text, why, sizeof(why)), "%s",
        why);
    snprintf(path, 128, "%s/changed.json", reports.path);
    free(text);
}

/* The record as it now is has a wrong member `name`. */
static void expect_refusal(const char *name, const char *change)
{
    char path[128], why[512], quoted[80];
    cJSON *run;

    save(record, path);
    run = run_json_read(path, why, sizeof(why));
    ck_assert_msg(!run, "%s %s: the record is read", change, name);
    snprintf(quoted, sizeof(quoted), "%s\" ", name);
    ck_assert_msg(strstr(why, quoted) && strstr(why, path), "%s %s: %s", change,
                  name, why);
    members++;
}

static void expect_refusal_by_commands(const char *name)
{
    char path[128];

    save(record, path);
    for (int i = 0; i < COMMANDS; i++) {
        struct chaos_run run;

        chaos_run(&run, "%s %s", commands[i], path);
        ck_assert_msg(run.status == 2, "%s without %s: exit status %d, %s",
                      commands[i], name, run.status, run.text);
        ck_assert_msg(strstr(run.text, name) && strstr(run.text, path),
                      "%s without %s: %s", commands[i], name, run.text);
        chaos_run_free(&run);
    }
}

static bool is_phase(const char *name)
{
    return strcmp(name, "baseline") == 0 || strcmp(name, "fault") == 0 ||
           strcmp(name, "recovery") == 0;
}

/* Renames the member, gives it another type, and removes it; restores it. */
static void change(cJSON *object, cJSON *item, bool is_fault_name)
{
    char *name = item->string, misspelt[80];
    int type = item->type;

    snprintf(misspelt, sizeof(misspelt), "%s_", name);
    item->string = misspelt;
    expect_refusal(is_phase(name) && !is_fault_name ? misspelt : name,
                   "misspelt");
    item->string = name;
    item->type =
        type == cJSON_True || type == cJSON_False ? cJSON_NULL : cJSON_True;
    expect_refusal(name, "another type of");
    item->type = type;
    if (is_phase(name) && !is_fault_name)
        return;
    cJSON_DetachItemViaPointer(object, item);
    expect_refusal(name, "without");
    expect_refusal_by_commands(name);
    cJSON_AddItemToArray(object, item);
}

/* Changes each member of `object` in turn, and of the objects in it; of a list
 * only those of the first entry.  The experiment, the log's events and lists of
 * numbers have no members of a record. */
static void change_all(cJSON *object, const char *name)
{
    int count = cJSON_GetArraySize(object);
    cJSON **items = calloc((size_t)count + 1, sizeof(cJSON *));

    for (int i = 0; i < count; i++)
        items[i] = cJSON_GetArrayItem(object, i);
    for (int i = 0; i < count; i++) {
        cJSON *inner = items[i];
        const char *key = inner->string;

        change(object, inner, strcmp(name, "injections") == 0);
        if (cJSON_IsArray(inner))
            inner = inner->child;
        if (cJSON_IsObject(inner) && strcmp(key, "experiment") != 0 &&
            strcmp(key, "failures") != 0)
            change_all(inner, key);
    }
    free(items);
}

static void run_once(const char *arguments)
{
    struct chaos_run run;

    reports_make(&reports);
    chaos_run(&run,
              "run %s --out %s -o run.baseline=500ms -o run.duration=1s "
              "-o run.recovery=500ms -o load.rate=40 "
              "-o target.url=http://127.0.0.1:0/ "
              "-o steady-state.max-gap=20s -o target.start='" BUILD_DIRECTORY
              "/supervisor -l 127.0.0.1:0 -w 4 --no-retain "
              "--log-format json'",
              arguments, reports.path);
    record = reports_record(&reports);
    chaos_run_free(&run);
}

START_TEST(changed_member_is_refused_and_named)
{
    char path[128], why[256];

    run_once("chaos/experiments/kill-random.ini");
    ck_assert_msg(run_record_valid(record, why, sizeof(why)), "%s", why);
    change_all(record, "");
    ck_assert_int_gt(members, 400);
    save(record, path);
    cJSON_Delete(record);
    record = run_json_read(path, why, sizeof(why));
    ck_assert_msg(record != NULL, "the restored record: %s", why);
    cJSON_Delete(record);
    reports_remove(&reports);
}
END_TEST

START_TEST(unknown_member_is_refused_and_named)
{
    run_once("chaos/experiments/kill-random.ini");
    cJSON_AddNumberToObject(record, "lots", 1);
    expect_refusal("lots", "unknown");
    cJSON_Delete(record);
    reports_remove(&reports);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("run_record");

    tcase_add_test(cases, changed_member_is_refused_and_named);
    tcase_add_test(cases, unknown_member_is_refused_and_named);
    return suite_run(cases, "run_record");
}
