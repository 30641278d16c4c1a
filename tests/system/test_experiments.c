/*
 * test_experiments.c - experiments as people run them: what they end with,
 * and what they leave behind.
 */
#include "tests/system/chaos_run.h"
#include "tests/system/left_behind.h"
#include "tests/system/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUPERVISOR                                                             \
    BUILD_DIRECTORY "/supervisor -l 127.0.0.1:0 -w 4 --log-format json"

/* A short run of the shipped experiments, with a load that instrumented builds
 * bear too. */
#define SHORT                                                                  \
    "-o run.warm-up=1s -o run.duration=2s -o run.cool-down=1s -o "             \
    "load.rate=40 "                                                            \
    "-o target.start='" SUPERVISOR " --exit-after 1%s' "

static struct chaos_run run;
static char folder[64];

static void make_folder(void)
{
    strcpy(folder, "/tmp/experiment-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static char *slurp(const char *name)
{
    char path[160], *text = calloc(1, 4 << 20);
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "re");
    ck_assert_msg(file && text, "no %s", path);
    ck_assert_uint_gt(fread(text, 1, (4 << 20) - 1, file), 0);
    fclose(file);
    return text;
}

static cJSON *record(void)
{
    char *text = slurp("run.json");
    cJSON *object = cJSON_Parse(text);

    free(text);
    ck_assert_ptr_nonnull(object);
    return object;
}

static const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    ck_assert_msg(item != NULL, "the record has no %s", name);
    return item;
}

/* ---- Verdicts ----------------------------------------------------------- */

START_TEST(kills_do_not_break_the_hypothesis)
{
    cJSON *object;
    char *text;

    make_folder();
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s -o "
              "steady-state.gap=20s " SHORT,
              folder, "");
    ck_assert_msg(run.status == 0, "%s", run.text);
    object = record();
    ck_assert_int_gt(cJSON_GetArraySize(member(object, "strikes")), 0);
    ck_assert_int_gt(cJSON_GetArraySize(member(object, "workers")), 30);
    ck_assert(cJSON_IsTrue(member(member(object, "totals"), "balanced")));
    cJSON_Delete(object);
    text = slurp("junit.xml");
    ck_assert_ptr_nonnull(strstr(text, "failures=\"0\""));
    free(text);
    text = slurp("report.html");
    ck_assert_ptr_nonnull(strstr(text, "The hypothesis held"));
    free(text);
    chaos_run_free(&run);
    remove_folder();
}
END_TEST

/* Answers long in the making, so that hardly a kill finds idle hands. */
#define BUSY "-o target.url=http://127.0.0.1:0/?sleep=60ms "

START_TEST(the_negative_control_is_red)
{
    char *text;

    make_folder();
    chaos_run(&run,
              "run chaos/experiments/control-no-keep.ini --out %s " SHORT BUSY
              "-o run.warm-up=0",
              folder, " --no-keep");
    ck_assert_msg(run.status == 1, "%s", run.text);
    ck_assert_ptr_nonnull(strstr(run.text, "the hypothesis did not hold"));
    text = slurp("junit.xml");
    ck_assert_ptr_nonnull(strstr(text, "<failure message="));
    free(text);
    chaos_run_free(&run);
    remove_folder();
}
END_TEST

START_TEST(too_much_loss_stops_the_faults)
{
    cJSON *object;

    make_folder();
    chaos_run(&run,
              "run chaos/experiments/control-no-keep.ini --out %s " SHORT BUSY
              "-o abort.lost=2 -o run.warm-up=0 -o run.duration=10m",
              folder, " --no-keep");
    ck_assert_msg(run.status == 1, "%s", run.text);
    object = record();
    ck_assert(cJSON_IsTrue(member(object, "aborted")));
    cJSON_Delete(object);
    chaos_run_free(&run);
    remove_folder();
}
END_TEST

START_TEST(without_a_steady_state_nothing_is_struck)
{
    cJSON *object;

    make_folder();
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s " SHORT
              "-o load.expect='another page'",
              folder, "");
    ck_assert_msg(run.status == 3, "%s", run.text);
    ck_assert_ptr_nonnull(strstr(run.text, "steady state was never reached"));
    object = record();
    ck_assert_int_eq(cJSON_GetArraySize(member(object, "strikes")), 0);
    cJSON_Delete(object);
    chaos_run_free(&run);
    remove_folder();
}
END_TEST

/* ---- Again -------------------------------------------------------------- */

/* The decisions of a run: what, when, by which draw. */
static char *decisions(void)
{
    cJSON *object = record();
    const cJSON *strike;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    cJSON_ArrayForEach(strike, member(object, "strikes"))
    {
        fprintf(out, "%s %.0f %s\n", member(strike, "fault")->valuestring,
                member(strike, "planned_us")->valuedouble,
                member(strike, "draw")->valuestring);
    }
    fclose(out);
    cJSON_Delete(object);
    return text;
}

START_TEST(a_replay_makes_the_same_decisions)
{
    char *first, *second;

    make_folder();
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s -o "
              "steady-state.gap=20s " SHORT,
              folder, "");
    ck_assert_msg(run.status == 0, "%s", run.text);
    chaos_run_free(&run);
    first = decisions();
    chaos_run(&run, "replay %s/run.json --out %s", folder, folder);
    ck_assert_msg(run.status == 0, "%s", run.text);
    second = decisions();
    ck_assert_int_gt(strlen(first), 0);
    ck_assert_str_eq(first, second);
    free(first);
    free(second);
    chaos_run_free(&run);
    remove_folder();
}
END_TEST

START_TEST(a_report_can_be_drawn_again)
{
    char path[128], *first, *second;

    make_folder();
    chaos_run(&run, "run chaos/experiments/kill-random.ini --out %s " SHORT,
              folder, "");
    chaos_run_free(&run);
    first = slurp("report.html");
    snprintf(path, sizeof(path), "%s/report.html", folder);
    unlink(path);
    chaos_run(&run, "report %s/run.json", folder);
    ck_assert_int_eq(run.status, 0);
    second = slurp("report.html");
    ck_assert_str_eq(first, second);
    free(first);
    free(second);
    chaos_run_free(&run);
    remove_folder();
}
END_TEST

START_TEST(a_check_shows_the_same_schedule_for_the_same_seed)
{
    char *first;

    chaos_run(&run, "check chaos/experiments/storm.ini -o run.seed=5");
    ck_assert_int_eq(run.status, 0);
    ck_assert_ptr_nonnull(strstr(run.text, "hang: stop, random victim"));
    first = strdup(run.text);
    chaos_run_free(&run);
    chaos_run(&run, "check chaos/experiments/storm.ini -o run.seed=5");
    ck_assert_str_eq(first, run.text);
    free(first);
    chaos_run_free(&run);
}
END_TEST

/* ---- What goes wrong ---------------------------------------------------- */

static const struct {
    const char *arguments;
    int status;
    const char *complaint;
} failures[] = {
    { "run", 2, "EXPERIMENT.ini: is missing" },
    { "run /nowhere.ini", 2, "No such file" },
    { "run chaos/experiments/hang.ini -o load.speed=5", 2, "knows no speed" },
    { "run chaos/experiments/hang.ini -o load.rate=x", 2, "is not a number" },
    { "run chaos/experiments/hang.ini -o target.start=/nowhere/server", 2,
      "/nowhere/server: No such file" },
    { "run chaos/experiments/hang.ini -o target.url=https://x/", 2,
      "https is not spoken" },
    { "run chaos/experiments/hang.ini -o target.url=http://127.0.0.1:1/ "
      "-o target.ready=200ms -o target.start='sleep 4711'",
      3, "took no connection in time" },
    { "run chaos/experiments/hang.ini -o target.url=http://127.0.0.1:1/ "
      "-o target.start='ls /nowhere-to-be-found'",
      3, "ended before it took a connection; its last words: " },
    { "run chaos/experiments/hang.ini -o about.needs=no-such-program", 0,
      "Skipped: " },
    { "replay /nowhere.json", 2, "No such file" },
    { "replay chaos/experiments/hang.ini", 2, "not the record of a run" },
    { "report chaos/experiments/hang.ini", 2, "not the record of a run" },
};

START_TEST(what_goes_wrong_is_named)
{
    chaos_run(&run, "%s", failures[_i].arguments);
    ck_assert_msg(run.status == failures[_i].status, "%d: %s", run.status,
                  run.text);
    ck_assert_msg(strstr(run.text, failures[_i].complaint) != NULL, "%s",
                  run.text);
    left_behind_none("sleep 4711");
    chaos_run_free(&run);
}
END_TEST

START_TEST(a_full_disk_spoils_the_report_and_says_so)
{
    char path[128];

    make_folder();
    snprintf(path, sizeof(path), "%s/run.json.unfinished", folder);
    ck_assert_int_eq(symlink("/dev/full", path), 0);
    chaos_run(&run, "run chaos/experiments/kill-random.ini --out %s " SHORT,
              folder, "");
    ck_assert_int_eq(run.status, 3);
    ck_assert_msg(strstr(run.text, "No space left on device") != NULL, "%s",
                  run.text);
    ck_assert_int_ne(access(path, F_OK), 0);
    chaos_run_free(&run);
    remove_folder();
}
END_TEST

START_TEST(a_target_that_dies_is_told_of)
{
    make_folder();
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s -o "
              "'fault kill.count=1' -o run.warm-up=0 -o run.duration=10m "
              "-o target.start='" SUPERVISOR
              " --exit-after 0 --respawn never -s 0 -w 1' ",
              folder);
    ck_assert_msg(run.status == 1, "%d: %s", run.status, run.text);
    ck_assert_msg(strstr(run.text, "the target itself ended") != NULL, "%s",
                  run.text);
    chaos_run_free(&run);
    remove_folder();
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("experiments");

    tcase_add_test(cases, kills_do_not_break_the_hypothesis);
    tcase_add_test(cases, the_negative_control_is_red);
    tcase_add_test(cases, too_much_loss_stops_the_faults);
    tcase_add_test(cases, without_a_steady_state_nothing_is_struck);
    tcase_add_test(cases, a_replay_makes_the_same_decisions);
    tcase_add_test(cases, a_report_can_be_drawn_again);
    tcase_add_test(cases, a_check_shows_the_same_schedule_for_the_same_seed);
    tcase_add_loop_test(cases, what_goes_wrong_is_named, 0,
                        (int)(sizeof(failures) / sizeof(failures[0])));
    tcase_add_test(cases, a_full_disk_spoils_the_report_and_says_so);
    tcase_add_test(cases, a_target_that_dies_is_told_of);
    return suite_run(cases, "experiments");
}
