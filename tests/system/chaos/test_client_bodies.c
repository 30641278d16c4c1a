/* SPDX-License-Identifier: MIT */
/*
 * test_client_bodies.c - the client verifies every byte of a response body, and
 * sends request bodies.
 */
#include "chaos/measure/outcomes.h"
#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/http/bad_server.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <string.h>

static struct supervised supervised;
static struct chaos_run run;

static double class_of(enum outcome class)
{
    char path[64] = "classes.";

    return chaos_run_number(&run, strcat(path, outcome_key(class)));
}

static const struct {
    const char *name, *options, *target;
    enum outcome class;
} bodies[] = {
    { "the expected size", "--body-size 200k", "?size=200k", OUTCOME_OK },
    { "many pieces, and a text in it", "--body-size 1m --expect Hello",
      "?size=1m", OUTCOME_OK },
    { "smaller", "--body-size 200k", "?size=199k", OUTCOME_WRONG_BODY },
    { "larger", "--body-size 200k", "?size=201k", OUTCOME_WRONG_BODY },
    { "HEAD has no body", "--body-size 200k --methods HEAD", "?size=200k",
      OUTCOME_OK },
    { "a request body", "--methods POST,PUT --post-body 60k", "", OUTCOME_OK },
    { "a request body and a large response",
      "--methods POST --post-body 60k --body-size 100k", "?size=100k",
      OUTCOME_OK },
    { "a request body above the limit is refused",
      "--methods POST --post-body 1m", "", OUTCOME_OTHER_STATUS },
};

/* The connection is kept, so a byte too few or too many would break the next
 * response. */
START_TEST(bodies_are_classified_as_in_the_table)
{
    supervised_start(&supervised, "--workers 2 --exit-after 0");
    chaos_run(&run,
              "client --json --rate 20 --duration 500ms --new-connections 0 "
              "--connections 1 --timeout 1m %s "
              "http://127.0.0.1:%d/%s",
              bodies[_i].options, supervised.port, bodies[_i].target);
    ck_assert_msg(class_of(bodies[_i].class) ==
                      chaos_run_number(&run, "requests"),
                  "%s: %s", bodies[_i].name, run.text);
    chaos_run_free(&run);
    supervised_finish(&supervised);
}
END_TEST

/* Responses with the larger size are classified as wrong. */
START_TEST(client_requests_several_paths)
{
    double small, large;

    supervised_start(&supervised, "--workers 2 --exit-after 0");
    chaos_run(&run,
              "client --json --rate 100 --duration 500ms --timeout 1m "
              "--body-size 2k --paths '/?size=2k  /?size=3k' "
              "http://127.0.0.1:%d/nowhere",
              supervised.port);
    small = class_of(OUTCOME_OK);
    large = class_of(OUTCOME_WRONG_BODY);
    ck_assert_msg(small > 0 && large > 0, "%s", run.text);
    ck_assert(small + large == chaos_run_number(&run, "requests"));
    chaos_run_free(&run);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(body_other_than_the_alphabet_is_classified_wrong)
{
    struct bad_server server;

    bad_server_start(&server, DEFECT_NONE, 0);
    chaos_run(&run,
              "client --json --duration 100ms --body-size 38 "
              "http://127.0.0.1:%d/",
              server.port);
    ck_assert_msg(class_of(OUTCOME_WRONG_BODY) ==
                      chaos_run_number(&run, "requests"),
                  "%s", run.text);
    chaos_run_free(&run);
    bad_server_stop(&server);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("client_bodies");

    tcase_add_loop_test(cases, bodies_are_classified_as_in_the_table, 0,
                        (int)(sizeof(bodies) / sizeof(bodies[0])));
    tcase_add_test(cases, client_requests_several_paths);
    tcase_add_test(cases, body_other_than_the_alphabet_is_classified_wrong);
    return suite_run(cases, "client_bodies");
}
