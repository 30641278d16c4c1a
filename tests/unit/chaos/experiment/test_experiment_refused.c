/* SPDX-License-Identifier: MIT */
/* test_experiment_refused.c - keys that contradict each other or cannot be used
 * are refused with their line. */
#include "chaos/experiment/experiment.h"
#include "tests/harness/chaos/experiment_text.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/text_file.h"
#include <string.h>
#include <unistd.h>

static struct experiment experiment;
static char why[EXPERIMENT_WHY];

#define HEAD "[target]\nurl = http://127.0.0.1:1/\nstart = x\n"

/* Whole experiments, and the error after the name of the file. */
static const struct {
    const char *text, *complaint;
} wholes[] = {
    { "[load]\nrate = 5\n", ":2: [target] url: missing" },
    { "[target]\nstart = x\n\n", ":1: [target] url: missing" },
    { "[target]\nurl = x\nstart = y\npid = 5\n",
      ":4: [target] pid = 5: start, pid and pidfile are alternatives" },
    { "[target]\nurl = x\npidfile = y\npid = 5\n",
      ":3: [target] pidfile = y: start, pid and pidfile are alternatives" },
    { "[target]\nurl = x\npid = five\n",
      ":3: [target] pid = five: not a process ID" },
    { "[target]\nurl = x\nstart = a \"b\n",
      ":3: [target] start = a \"b: not a command" },
    { "[target]\nurl = x\n[fault a]\n",
      ":1: [target] start: the faults need a target" },
    { HEAD "[fault a]\nkind = request\n",
      ":4: [fault a] query: kind = request requires a query" },
    { HEAD "[fault a]\nkind = request\nquery = f\nshare = 0\n",
      ":7: [fault a] share = 0: no request would ask" },
    { HEAD "[fault a]\nkind = request\nquery = f\n"
           "[fault b]\nkind = request\nquery = g\n",
      ":8: [fault b] kind = request: fault a is of this kind already" },
    { HEAD "[fault a]\nstart = 2s\nend = 1s\n",
      ":6: [fault a] end = 1s: the fault starts at 2s (allowed: more)" },
    { HEAD "[fault a]\nstart = 10s\n",
      ":5: [fault a] start = 10s: the fault phase lasts 10s (allowed: less)" },
    { HEAD "[fault a]\ninterval = 10s\n",
      ":5: [fault a] interval = 10s: no injection would occur within 10s "
      "(allowed: less than 10s)" },
    { HEAD "[fault a]\ninterval = 3s\nstart = 1s\nend = 4s\n",
      ":5: [fault a] interval = 3s: no injection would occur within 3s" },
    { HEAD "[fault a]\nschedule = ramp\ninterval = 6s\n",
      ":6: [fault a] interval = 6s: no injection would occur within 10s "
      "(allowed: less than 5s)" },
    { HEAD "[fault a]\n[run]\nduration = 1s\n",
      ":4: [fault a] interval = 1s: no injection would occur" },
    { HEAD "[fault a]\nkind = memory\n",
      ":4: [fault a] limit: kind = memory requires a limit (allowed: 1 byte or "
      "more)" },
    { HEAD "[fault a]\nkind = files\n",
      ":4: [fault a] limit: kind = files requires a limit (allowed: 1 "
      "descriptor or more)" },
    { HEAD "[fault a]\nvictim = slot\n",
      ":4: [fault a] slot: victim = slot requires a slot (allowed: 1 to" },
    { "[target]\nurl = x\npid = 5\n[fault a]\nvictim = slot\nslot = 1\n",
      ":5: [fault a] victim = slot: slots are known only from the log" },
    { HEAD "[fault a]\nschedule = rolling\nvictim = newest\n",
      ":6: [fault a] victim = newest: schedule = rolling chooses victims in "
      "turn" },
    { HEAD "[load]\nclosed = yes\nrate = 100\n",
      ":6: [load] rate = 100: has no effect here: it requires closed = no" },
    { HEAD "[load]\nretry-delay = 1s\n",
      ":5: [load] retry-delay = 1s: has no effect here: it requires retries "
      "from 1" },
    { HEAD "[load]\npost-body = 1k\n", ":5: [load] post-body = 1024: has no "
                                       "effect here: it requires POST, PUT or "
                                       "PATCH" },
    { HEAD "[fault a]\nlimit = 1m\n",
      ":5: [fault a] limit = 1048576: has no effect here: it requires kind = "
      "memory or files" },
    { HEAD "[fault a]\nkind = clients\ncount = 2\nstart = 1s\n",
      ":6: [fault a] count = 2: has no effect here: it requires a kind that "
      "hits" },
    { HEAD "[fault a]\nkind = clients\nstart = 10s\n",
      ":6: [fault a] start = 10s: the fault phase lasts 10s" },
    { HEAD "[fault a]\nkind = request\nquery = f\nstart = 2s\nend = 1s\n",
      ":8: [fault a] end = 1s: the fault starts at 2s" },
    { HEAD "[fault a]\nschedule = once\ncount = 3\n",
      ":6: [fault a] count = 3: has no effect here" },
    { HEAD "[fault a]\nquery = f\n",
      ":5: [fault a] query = f: has no effect here: it requires kind = "
      "request" },
    { HEAD "[abort]\nfor = 2s\n",
      ":5: [abort] for = 2s: has no effect here: it requires an availability" },
    { HEAD "[abort]\navailability = 50%\nfor = 10s\n",
      ":6: [abort] for = 10s: the fault phase would end before" },
};

START_TEST(contradictory_key_is_refused_with_its_line)
{
    ck_assert_msg(experiment_text_read(&experiment, wholes[_i].text, why), "%s",
                  why);
    ck_assert(!experiment_complete(&experiment, why));
    ck_assert_msg(strstr(why, wholes[_i].complaint) != NULL, "%s\n%s", why,
                  wholes[_i].complaint);
    experiment_free(&experiment);
}
END_TEST

static const struct {
    const char *text, *complaint;
} unusable[] = {
    { "[load]\n[target]\nstart = x\nurl = http://127.0.0.1:99999/\n",
      ":4: [target] url = http://127.0.0.1:99999/: the port is greater" },
    { HEAD "[load]\nmethods = GET,FOO\n",
      ":5: [load] methods = GET,FOO: not GET, HEAD, POST" },
    { HEAD "[load]\npaths = /a b\n",
      ":5: [load] paths = /a b: a path must begin with /" },
    { "[target]\nurl = http://127.0.0.1:1/\npid = 4194304\n",
      ":3: [target] pid = 4194304: process 4194304 does not exist" },
    { "[target]\nurl = http://127.0.0.1:1/\npidfile = /nowhere\n",
      ":3: [target] pidfile = /nowhere: no process ID can be read from it" },
    { "[target]\nurl = http://127.0.0.1:1/\npid = 1\n",
      ":3: [target] pid = 1: chaos itself is a descendant of it" },
};

START_TEST(unusable_value_is_refused_with_its_line)
{
    ck_assert_msg(experiment_text_read(&experiment, unusable[_i].text, why),
                  "%s", why);
    ck_assert_msg(experiment_complete(&experiment, why), "%s", why);
    ck_assert(!experiment_preflight(&experiment, why));
    ck_assert_msg(strstr(why, unusable[_i].complaint) != NULL, "%s", why);
    experiment_free(&experiment);
}
END_TEST

START_TEST(option_may_make_a_key_of_the_file_ineffective)
{
    const struct option_list closed = { { "load.closed=yes" }, 1 };
    const struct option_list both = { { "load.closed=yes", "load.rate=9" }, 2 };
    char path[TEXT_FILE_PATH];

    text_file_make(path, HEAD "[load]\nrate = 5\n");
    ck_assert_msg(experiment_load(&experiment, path, &closed, 1, why), "%s",
                  why);
    experiment_free(&experiment);
    ck_assert(!experiment_load(&experiment, path, &both, 1, why));
    ck_assert_msg(strstr(why, "-o load.rate=9: has no effect") == why, "%s",
                  why);
    experiment_free(&experiment);
    unlink(path);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("experiment refused");

    tcase_add_loop_test(cases, contradictory_key_is_refused_with_its_line, 0,
                        ROWS(wholes));
    tcase_add_loop_test(cases, unusable_value_is_refused_with_its_line, 0,
                        ROWS(unusable));
    tcase_add_test(cases, option_may_make_a_key_of_the_file_ineffective);
    return run_suite("experiment refused", cases);
}
