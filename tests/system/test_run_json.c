/*
 * test_run_json.c - what the record of a run tells of its target.
 */
#include "tests/system/chaos_run.h"
#include "tests/system/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUPERVISOR                                                             \
    BUILD_DIRECTORY "/supervisor -l 127.0.0.1:0 -w 4 --log-format json "

static char folder[64];

static void make_folder(void)
{
    strcpy(folder, "/tmp/record-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

/* The record of a short run of `experiment`; the caller deletes it. */
static cJSON *record_of(const char *arguments)
{
    struct chaos_run run;
    char path[128], *text = calloc(1, 4 << 20);
    cJSON *record;
    FILE *file;

    chaos_run(&run,
              "run %s --out %s -o run.warm-up=500ms -o run.duration=2s "
              "-o run.cool-down=0 -o load.rate=40 -o steady-state.gap=20s",
              arguments, folder);
    snprintf(path, sizeof(path), "%s/run.json", folder);
    file = fopen(path, "re");
    ck_assert_msg(file && text, "%d: %s", run.status, run.text);
    ck_assert_uint_gt(fread(text, 1, (4 << 20) - 1, file), 0);
    fclose(file);
    record = cJSON_Parse(text);
    ck_assert_ptr_nonnull(record);
    free(text);
    chaos_run_free(&run);
    return record;
}

static const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    ck_assert_msg(item != NULL, "the record has no %s", name);
    return item;
}

static double number(const cJSON *object, const char *name)
{
    const cJSON *item = member(object, name);

    ck_assert_msg(cJSON_IsNumber(item), "%s is no number", name);
    return item->valuedouble;
}

static double sum_of(const cJSON *list)
{
    const cJSON *item;
    double sum = 0;

    cJSON_ArrayForEach(item, list) sum += item->valuedouble;
    return sum;
}

static const cJSON *exit_kind(const cJSON *record, const char *cause)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, member(record, "exits"))
    {
        if (strcmp(member(item, "cause")->valuestring, cause) == 0)
            return item;
    }
    ck_abort_msg("no exit by %s", cause);
}

START_TEST(tells_what_the_target_used_and_how_it_ended)
{
    const cJSON *usage, *item;
    double exits = 0;
    cJSON *record;

    make_folder();
    record = record_of(
        "chaos/experiments/kill-random.ini -o target.start='" SUPERVISOR
        "--exit-after 1'");
    usage = member(record, "usage");
    ck_assert(number(usage, "cpu_ms") > 0);
    ck_assert(number(usage, "cpu_ms") ==
              number(usage, "user_ms") + number(usage, "system_ms"));
    ck_assert(number(usage, "processes_most") > 4);
    ck_assert(number(usage, "rss_most_bytes") > 1e6);
    ck_assert(number(usage, "log_bytes") > number(usage, "log_lines"));
    ck_assert(number(usage, "log_lines") > 40);
    cJSON_ArrayForEach(item, member(record, "exits")) exits +=
        number(item, "count");
    ck_assert(exits == number(member(record, "census"), "exits"));
    ck_assert(number(exit_kind(record, "own exit"), "code") == 1);
    item = exit_kind(record, "outside");
    ck_assert_str_eq(member(item, "signal")->valuestring, "SIGKILL");
    ck_assert(number(item, "struck") == number(item, "count"));
    item = member(record, "excerpt");
    ck_assert_int_eq(cJSON_GetArraySize(item), 40);
    ck_assert_ptr_nonnull(strstr(cJSON_GetArrayItem(item, 0)->valuestring,
                                 "exited: code 1, signal null, up "));
    ck_assert_int_ge(cJSON_GetArraySize(member(record, "failures")), 1);
    cJSON_Delete(record);
    remove_folder();
}
END_TEST

START_TEST(tells_who_listens)
{
    const cJSON *list, *item;
    cJSON *record;

    make_folder();
    record = record_of(
        "chaos/experiments/kill-random.ini -o target.start='" SUPERVISOR
        "--exit-after 0'");
    list = member(record, "listening");
    ck_assert_int_eq(cJSON_GetArraySize(list), 1);
    item = cJSON_GetArrayItem(list, 0);
    ck_assert_str_eq(member(item, "role")->valuestring, "root");
    ck_assert_int_eq(
        strncmp(member(item, "address")->valuestring, "127.0.0.1:", 10), 0);
    ck_assert(number(item, "inode") > 0);
    cJSON_Delete(record);
    remove_folder();
}
END_TEST

START_TEST(the_series_adds_up_to_the_requests)
{
    const cJSON *series, *phases;
    double requests, retries;
    cJSON *record;

    make_folder();
    record =
        record_of("chaos/experiments/control-no-keep.ini -o load.retries=2 "
                  "-o target.url=http://127.0.0.1:0/?sleep=60ms -o "
                  "target.start='" SUPERVISOR "--exit-after 1 --no-keep'");
    series = member(record, "series");
    phases = member(record, "phases");
    requests = number(member(phases, "storm"), "requests") +
               number(member(phases, "steady"), "requests");
    retries = number(member(phases, "storm"), "retries") +
              number(member(phases, "steady"), "retries");
    ck_assert(retries > 0);
    ck_assert(sum_of(member(series, "sent")) == requests);
    ck_assert(sum_of(member(series, "retries")) == retries);
    ck_assert(sum_of(member(series, "ok")) + sum_of(member(series, "lost")) +
                  sum_of(member(series, "errors")) ==
              requests);
    ck_assert(number(member(phases, "storm"), "goodput") >
              number(member(phases, "storm"), "availability"));
    cJSON_Delete(record);
    remove_folder();
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("run_json");

    tcase_add_test(cases, tells_what_the_target_used_and_how_it_ended);
    tcase_add_test(cases, tells_who_listens);
    tcase_add_test(cases, the_series_adds_up_to_the_requests);
    return suite_run(cases, "run_json");
}
