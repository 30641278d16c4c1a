/* SPDX-License-Identifier: MIT */
/* test_experiment.c - reading, overriding and printing of experiments. */
#include "chaos/experiment/experiment.h"
#include "tests/harness/chaos/experiment_text.h"
#include "tests/harness/run_suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct experiment experiment, other;
static char why[EXPERIMENT_WHY];

static bool read_text(struct experiment *into, const char *text)
{
    return experiment_text_read(into, text, why);
}

static const char sound[] = "; a comment\n"
                            "[about]\n"
                            "title = two kinds of trouble\n"
                            "[target]\n"
                            "start = server --name \"two words\"\n"
                            "  --port 0\n"
                            "url = http://127.0.0.1:0/?sleep=5ms\n"
                            "[load]\n"
                            "rate = 12.5\n"
                            "new-connections = 25%\n"
                            "[steady-state]\n"
                            "availability = 99.9%\n"
                            "lost = 0\n"
                            "p99 = 50ms\n"
                            "[fault kill]\n"
                            "signal = SIGKILL\n"
                            "schedule = poisson\n"
                            "interval = 100ms\n"
                            "[fault hang]\n"
                            "kind = stop\n"
                            "effect-duration = 2s\n"
                            "end = 3s\n"
                            "[fault rude]\n"
                            "kind = clients\n"
                            "behaviour = abort\n"
                            "[fault starve]\n"
                            "kind = files\n"
                            "limit = 20\n"
                            "victim = starting\n"
                            "count = 4\n"
                            "[blast-radius]\n"
                            "min-alive = 2\n"
                            "[abort]\n"
                            "lost = 100\n"
                            "[run]\n"
                            "duration = 5s\n";

START_TEST(experiment_file_is_read)
{
    ck_assert_msg(read_text(&experiment, sound), "%s", why);
    ck_assert_msg(experiment_complete(&experiment, why), "%s", why);
    ck_assert_str_eq(experiment.title, "two kinds of trouble");
    ck_assert_str_eq(experiment.words[0], "server");
    ck_assert_str_eq(experiment.words[2], "two words");
    ck_assert_str_eq(experiment.words[4], "0");
    ck_assert_ptr_null(experiment.words[5]);
    ck_assert(experiment.trial.load.rate == 12.5 &&
              experiment.trial.load.new_share == 0.25);
    ck_assert_double_eq_tol(experiment.trial.hypothesis.availability, 0.999,
                            1e-9);
    ck_assert_uint_eq(experiment.trial.hypothesis.p99_us, 50000);
    ck_assert_uint_eq(experiment.trial.hypothesis.gap_us, VERDICT_NO_LIMIT);
    ck_assert_uint_eq(experiment.trial.faults.count, 4);
    ck_assert_str_eq(experiment.trial.faults.list[0].name, "kill");
    ck_assert_int_eq(experiment.trial.faults.list[0].timing, TIMING_POISSON);
    ck_assert_uint_eq(experiment.trial.faults.list[0].end_us, 5000000);
    ck_assert_int_eq(experiment.trial.faults.list[1].kind, FAULT_STOP);
    ck_assert_uint_eq(experiment.trial.faults.list[1].end_us, 3000000);
    ck_assert_uint_eq(experiment.trial.faults.radius.min_alive, 2);
    ck_assert_uint_eq(experiment.trial.seed, 7);
    experiment_free(&experiment);
}
END_TEST

static const struct {
    const char *text;
    unsigned line;
    const char *complaint;
} mistakes[] = {
    { "[load]\nrate = fast\n", 2,
      "rate: invalid value 'fast' (allowed: a number from 0.001 to 1000000)" },
    { "[load]\n\n; so?\nrates = 5\n", 4,
      "[load] has no key 'rates' (allowed: rate, " },
    { "rate = 5\n[load]\n", 1, "a key before the first section" },
    { "\n; so?\n rate = 5\n", 3, "a key before the first section" },
    { "[load]\n = 5\n", 2, "[load] has no key '' (allowed: rate" },
    { "[lode]\nrate = 5\n", 1, "no such section: lode" },
    { "[load more]\nrate = 5\n", 1, "no such section: load more" },
    { "[fault]\nkind = stop\n", 1, "a fault requires a name" },
    { "[fault x]\nkind = sneeze\n", 2,
      "kind: invalid value 'sneeze' (allowed: one of signal|stop" },
    { "[fault x]\nsignal = BANG\n", 2,
      "signal: invalid value 'BANG' (allowed: a signal" },
    { "[steady-state]\nlost = -1\n", 2,
      "lost: invalid value '-1' (allowed: a whole number from 0" },
    { "[steady-state]\navailability = 101%\n", 2,
      "availability: invalid value '101%' (allowed: a share" },
    { "[run]\nduration = 5\n", 2,
      "duration: invalid value '5' (allowed: a time from 1ms" },
    { "[fault x]\nsignal = 40\n", 2, "signal: invalid value '40'" },
    { "[run]\nduration\n", 2, "not [section] and not key = value" },
    { "[load]\nrate = 5\nnew-connections = 0\nrate = 5\n", 4,
      "[load] rate: set twice" },
    { "[fault x]\ncount = 5\n[fault x]\ncount = 6\n", 4,
      "[fault x] count: set twice" },
    { "[target]\nurl = x\nurl = y\n", 3, "[target] url: set twice" },
    { "[load]\nrate = 5\n 6\n", 3, "[load] rate: set twice" },
    { "[fault x]\ncount = 0\n", 2,
      "invalid value '0' (allowed: a whole number from 1 to 1000000000000)" },
    { "[fault x]\nmax-age = 0\n", 2,
      "invalid value '0' (allowed: a time from 1us to 1440m" },
    { "[fault x]\nlimit = 0\n", 2,
      "invalid value '0' (allowed: 1 to 1000000000000 bytes" },
    { "[blast-radius]\nmax-faults = 0\n", 2,
      "invalid value '0' (allowed: a whole number from 1 to" },
    { "[target\nurl = x\n", 1, "not [section] and not key = value" },
};

START_TEST(error_names_its_line)
{
    char place[32];

    ck_assert(!read_text(&experiment, mistakes[_i].text));
    snprintf(place, sizeof(place), ":%u: ", mistakes[_i].line);
    ck_assert_msg(strstr(why, place) != NULL, "%s", why);
    ck_assert_msg(strstr(why, mistakes[_i].complaint) != NULL, "%s", why);
    experiment_free(&experiment);
}
END_TEST

START_TEST(overlong_line_is_refused)
{
    char text[400] = "[target]\nurl = ";

    memset(text + strlen(text), 'x', 300);
    ck_assert(!read_text(&experiment, text));
    ck_assert_ptr_nonnull(strstr(why, ":2: line too long"));
    experiment_free(&experiment);
}
END_TEST

START_TEST(missing_file_is_named)
{
    experiment_set_defaults(&experiment, 1);
    ck_assert(!experiment_read(&experiment, "/nowhere/x.ini", why));
    ck_assert_str_eq(why, "/nowhere/x.ini: No such file or directory");
    experiment_free(&experiment);
}
END_TEST

#define HEAD "[target]\nurl = http://127.0.0.1:1/\nstart = x\n"

START_TEST(requests_and_clients_get_their_start_and_end)
{
    const struct fault *faults = experiment.trial.faults.list;

    ck_assert_msg(read_text(&experiment,
                            HEAD "[fault a]\nkind = request\nquery = f\n"
                                 "start = 1s\nend = 2s\n"
                                 "[fault b]\nkind = clients\nstart = 3s\n"),
                  "%s", why);
    ck_assert_msg(experiment_complete(&experiment, why), "%s", why);
    ck_assert_uint_eq(faults[0].start_us, 1000000);
    ck_assert_uint_eq(faults[0].end_us, 2000000);
    ck_assert_uint_eq(faults[1].start_us, 3000000);
    ck_assert_uint_eq(faults[1].end_us, experiment.trial.fault_us);
    experiment_free(&experiment);
}
END_TEST

START_TEST(option_overrides_the_file)
{
    ck_assert(read_text(&experiment, sound));
    ck_assert(experiment_set(&experiment, "load.rate=7", why));
    ck_assert(experiment_set(&experiment, "fault kill.interval=9ms", why));
    ck_assert(experiment_complete(&experiment, why));
    ck_assert(experiment.trial.load.rate == 7);
    ck_assert_uint_eq(experiment.trial.faults.list[0].interval_us, 9000);
    ck_assert(!experiment_set(&experiment, "rate=7", why));
    ck_assert(!experiment_set(&experiment, "load.rate", why));
    experiment_free(&experiment);
}
END_TEST

/* The shares are extreme, so that the rate does not depend on the machine. */
static const struct {
    const char *rate, *max_fork_share;
    double resolved;
} loads[] = {
    { "100", "0", 100 },       /* no limit */
    { "100", "0.0001%", 10 },  /* the lowest limit */
    { "5.5", "0.0001%", 5.5 }, /* below that limit already */
    { "0.5", "100%", 0.5 },
};

START_TEST(rate_is_limited_by_the_share_of_forks)
{
    char text[256];

    snprintf(text, sizeof(text),
             HEAD "[load]\nrate = %s\nmax-fork-share = %s\n", loads[_i].rate,
             loads[_i].max_fork_share);
    ck_assert_msg(read_text(&experiment, text), "%s", why);
    ck_assert_msg(experiment_complete(&experiment, why), "%s", why);
    ck_assert_int_eq(experiment_resolve_rate(&experiment),
                     loads[_i].resolved == 10);
    ck_assert_double_eq(experiment.trial.load.rate, loads[_i].resolved);
    experiment_free(&experiment);
}
END_TEST

static char *printed(const struct experiment *of)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    experiment_print(of, out);
    fclose(out);
    return text;
}

START_TEST(printed_experiment_reads_back_the_same)
{
    char *first, *second;

    ck_assert(read_text(&experiment, sound));
    first = printed(&experiment);
    ck_assert_msg(read_text(&other, first), "%s\n%s", why, first);
    ck_assert_msg(experiment_complete(&other, why), "%s\n%s", why, first);
    second = printed(&other);
    ck_assert_str_eq(first, second);
    free(first);
    free(second);
    experiment_free(&experiment);
    experiment_free(&other);
}
END_TEST

START_TEST(experiment_as_json_reads_back_the_same)
{
    char *first, *second;
    cJSON *object;

    ck_assert(read_text(&experiment, sound));
    object = experiment_to_json(&experiment);
    experiment_set_defaults(&other, 0);
    ck_assert_msg(experiment_from_json(&other, object, why), "%s", why);
    first = printed(&experiment);
    second = printed(&other);
    ck_assert_str_eq(first, second);
    free(first);
    free(second);
    cJSON_Delete(object);
    experiment_free(&experiment);
    experiment_free(&other);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("experiment");

    tcase_add_test(cases, experiment_file_is_read);
    tcase_add_loop_test(cases, error_names_its_line, 0, ROWS(mistakes));
    tcase_add_test(cases, overlong_line_is_refused);
    tcase_add_test(cases, missing_file_is_named);
    tcase_add_test(cases, requests_and_clients_get_their_start_and_end);
    tcase_add_test(cases, option_overrides_the_file);
    tcase_add_loop_test(cases, rate_is_limited_by_the_share_of_forks, 0,
                        ROWS(loads));
    tcase_add_test(cases, printed_experiment_reads_back_the_same);
    tcase_add_test(cases, experiment_as_json_reads_back_the_same);
    return run_suite("experiment", cases);
}
