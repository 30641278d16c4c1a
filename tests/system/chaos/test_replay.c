/* SPDX-License-Identifier: MIT */
/*
 * test_replay.c - chaos replay, and faults that hit slots.
 */
#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/chaos/reports.h"
#include "tests/harness/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUPERVISOR                                                             \
    BUILD_DIRECTORY "/supervisor -l 127.0.0.1:0 -w 4 --log-format json"

/* Shortens the shipped experiments; instrumented builds can serve this load. */
#define SHORT                                                                  \
    "-o run.baseline=1s -o run.duration=3s -o run.recovery=1s -o "             \
    "load.rate=40 "                                                            \
    "-o target.start='" SUPERVISOR " --exit-after 1%s' "

static struct chaos_run run;
static struct reports reports;

/* Returns a line per injection: fault, planned time, draw.  The caller frees
 * the text. */
static char *decisions(void)
{
    cJSON *object = reports_record(&reports);
    const cJSON *injection;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    cJSON_ArrayForEach(injection, record_member(object, "injections"))
    {
        fprintf(out, "%s %.0f %s\n",
                record_member(injection, "fault")->valuestring,
                record_member(injection, "planned_us")->valuedouble,
                record_member(injection, "draw")->valuestring);
    }
    fclose(out);
    cJSON_Delete(object);
    return text;
}

START_TEST(replay_makes_the_same_decisions)
{
    char *first, *second;

    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s -o "
              "steady-state.max-gap=20s " SHORT,
              reports.path, "");
    ck_assert_msg(run.status == 0, "%s", run.text);
    chaos_run_free(&run);
    first = decisions();
    chaos_run(&run, "replay %s/run.json --out %s", reports.path, reports.path);
    ck_assert_msg(run.status == 0, "%s", run.text);
    second = decisions();
    ck_assert_int_gt(strlen(first), 0);
    ck_assert_str_eq(first, second);
    free(first);
    free(second);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

START_TEST(injection_in_the_last_microsecond_occurs)
{
    char *made;

    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s " SHORT
              "-o steady-state.max-gap=20s -o 'fault kill.schedule=once' "
              "-o 'fault kill.interval=2999999us'",
              reports.path, "");
    ck_assert_msg(run.status == 0, "%s", run.text);
    made = decisions();
    ck_assert_msg(strncmp(made, "kill 2999999 ", 13) == 0, "%s", made);
    free(made);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

/* The workers do not exit, so that each victim has a slot. */
#define STAYING                                                                \
    "-o run.baseline=500ms -o run.duration=3s -o run.recovery=0 "              \
    "-o load.rate=40 -o steady-state.max-gap=20s "                             \
    "-o 'fault kill.interval=500ms' -o 'fault kill.schedule=every' "           \
    "-o target.start='" SUPERVISOR " -s 0 --exit-after 0' "

#define INJECTIONS_MAX 16

/* Gets the slot of each injection, 0 for one without a victim.  Returns the
 * number of injections. */
static int slots_injected(int slots[INJECTIONS_MAX])
{
    cJSON *object = reports_record(&reports);
    const cJSON *injection;
    int count = 0;

    cJSON_ArrayForEach(injection, record_member(object, "injections"))
    {
        ck_assert_int_lt(count, INJECTIONS_MAX);
        slots[count++] = record_number(injection, "pid") > 0
                             ? (int)record_number(injection, "slot")
                             : 0;
    }
    cJSON_Delete(object);
    return count;
}

START_TEST(fault_hits_each_worker_of_its_slot)
{
    int slots[INJECTIONS_MAX], count, hits = 0;

    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s " STAYING
              "-o 'fault kill.victim=slot' -o 'fault kill.slot=3'",
              reports.path);
    ck_assert_msg(run.status == 0, "%s", run.text);
    chaos_run_free(&run);
    count = slots_injected(slots);
    for (int i = 0; i < count; i++) {
        ck_assert(slots[i] == 3 || slots[i] == 0);
        hits += slots[i] == 3;
    }
    ck_assert_int_ge(hits, 2);
    reports_remove(&reports);
}
END_TEST

/* Changes the draw of each injection in the record. */
static void change_draws(void)
{
    char path[160], *text;
    cJSON *object = reports_record(&reports), *injection;
    FILE *file;

    cJSON_ArrayForEach(injection,
                       cJSON_GetObjectItemCaseSensitive(object, "injections"))
    {
        cJSON_ReplaceItemInObject(injection, "draw", cJSON_CreateString("0"));
    }
    text = cJSON_Print(object);
    snprintf(path, sizeof(path), "%s/run.json", reports.path);
    file = fopen(path, "we");
    ck_assert(file && fputs(text, file) >= 0);
    fclose(file);
    free(text);
    cJSON_Delete(object);
}

START_TEST(replay_hits_the_recorded_slots)
{
    int first[INJECTIONS_MAX], second[INJECTIONS_MAX], count;
    char said[64];

    reports_make(&reports);
    chaos_run(&run, "run chaos/experiments/kill-random.ini --out %s " STAYING,
              reports.path);
    ck_assert_msg(run.status == 0, "%s", run.text);
    chaos_run_free(&run);
    count = slots_injected(first);
    ck_assert_int_ge(count, 4);
    change_draws();
    chaos_run(&run, "replay %s/run.json --out %s", reports.path, reports.path);
    ck_assert_msg(run.status == 0, "%s", run.text);
    snprintf(said, sizeof(said), "Replay: %d of %d injections hit", count,
             count);
    ck_assert_msg(strstr(run.text, said) != NULL, "%s", run.text);
    chaos_run_free(&run);
    ck_assert_int_eq(slots_injected(second), count);
    for (int i = 0; i < count; i++)
        ck_assert_int_eq(first[i], second[i]);
    reports_remove(&reports);
}
END_TEST

static const struct {
    const char *start, *options;
    int status;
    const char *complaint;
} slotless[] = {
    { SUPERVISOR " --exit-after 0", "-o 'fault kill.slot=9'", 3,
      "a slot that the target's log does not name" },
    { SUPERVISOR " --exit-after 0", "", 2, "victim = slot requires a slot" },
    { SUPERVISOR " --exit-after 0", "-o 'fault kill.slot=-1'", 2,
      "slot: invalid value '-1' (allowed: a whole number" },
};

START_TEST(slot_without_a_log_line_is_reported)
{
    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s -o "
              "target.ready=1s -o 'fault kill.victim=slot' "
              "-o target.start='%s' %s",
              reports.path, slotless[_i].start, slotless[_i].options);
    ck_assert_msg(run.status == slotless[_i].status, "%d: %s", run.status,
                  run.text);
    ck_assert_msg(strstr(run.text, slotless[_i].complaint) != NULL, "%s",
                  run.text);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("replay");

    tcase_add_test(cases, injection_in_the_last_microsecond_occurs);
    tcase_add_test(cases, replay_makes_the_same_decisions);
    tcase_add_test(cases, replay_hits_the_recorded_slots);
    tcase_add_test(cases, fault_hits_each_worker_of_its_slot);
    tcase_add_loop_test(cases, slot_without_a_log_line_is_reported, 0,
                        (int)(sizeof(slotless) / sizeof(slotless[0])));
    return suite_run(cases, "replay");
}
