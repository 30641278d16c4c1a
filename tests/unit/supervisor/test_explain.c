/* SPDX-License-Identifier: MIT */
/* test_explain.c - the predictions of --explain. */
#include "supervisor/options/explain.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/command_line.h"
#include <stdlib.h>
#include <string.h>

#define POOL "-w 2 -s 1"

static const struct {
    const char *line, *expected;
} predictions[] = {
    /* Each of three children fails at 0, 0, 100 and 300 ms; failure 11 is the
     * second of the fourth round. */
    { POOL, "detected after 300ms, at failure 11.\n" },
    { POOL, "                  1               0                   0\n" },
    { POOL, "                  4           400ms               700ms\n" },
    { POOL, "                  8              5s             11300ms\n" },
    { POOL, "after 1s, 2s, 4s, 8s, 16s, 30s and so on" },
    { POOL, "lived for 1s" },
    { POOL " --healthy-after 250ms", "lived for 250ms" },
    { POOL " --backoff none", "detected immediately, at failure 11.\n" },
    { POOL " --backoff constant", "detected after 200ms, at failure 11.\n" },
    { POOL " --backoff jitter", "0 to 11300ms\n" },
    { POOL " --backoff jitter --seed 3", "at failure 11, with this seed.\n" },
    { POOL " --restart-intensity 0/5s",
      "detected immediately, at failure 2.\n" },
    { POOL " --restart-intensity 100/1s", "no crash loop would be detected" },
    { POOL " --max-starting 1", "detected after 300ms, at failure 11.\n" },
    { "-w 5 -s 6", "detected immediately, at failure 11.\n" },
    { POOL " --on-crash-loop hold", "until the supervisor gets SIGHUP" },
    { POOL " --on-crash-loop give-up", "exits with status 70" },
    { POOL " --respawn never", "No worker is forked" },
    { "-w 512 -s 512", "detected immediately" },
    { "-w 512 -s 512 --restart-intensity 1000/1ms --backoff-base 1m "
      "--backoff-cap 1440m",
      "detected immediately, at failure 1001.\n" },
    { "-w 1 -s 0 --restart-intensity 1000/60m --backoff-cap 1440m",
      "no crash loop would be detected" },
};

static char *explained(const char *line)
{
    struct typed typed = type(line);
    char *text;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    ck_assert_int_eq((int)typed.outcome, OPTIONS_RUN);
    explain_print(&typed.options, out);
    fclose(out);
    typed_free(&typed);
    return text;
}

START_TEST(explain_predicts_restarts)
{
    char *text = explained(predictions[_i].line);

    ck_assert_msg(strstr(text, predictions[_i].expected) != NULL,
                  "%s: no '%s' in\n%s", predictions[_i].line,
                  predictions[_i].expected, text);
    free(text);
}
END_TEST

START_TEST(explanation_fits_a_terminal)
{
    char *text = explained(predictions[_i].line);

    for (const char *line = text; *line; line = strchr(line, '\n') + 1)
        ck_assert_uint_lt(strcspn(line, "\n"), 80);
    free(text);
}
END_TEST

START_TEST(same_seed_gives_the_same_explanation)
{
    char *one = explained("--backoff jitter --seed 5");
    char *same = explained("--backoff jitter --seed 5");
    char *other = explained("--backoff jitter --seed 6");

    ck_assert_str_eq(one, same);
    ck_assert_str_ne(one, other);
    free(one);
    free(same);
    free(other);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("explain");

    tcase_add_loop_test(cases, explain_predicts_restarts, 0, ROWS(predictions));
    tcase_add_loop_test(cases, explanation_fits_a_terminal, 0,
                        ROWS(predictions));
    tcase_add_test(cases, same_seed_gives_the_same_explanation);
    return run_suite("explain", cases);
}
