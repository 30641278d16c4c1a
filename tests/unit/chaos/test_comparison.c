/* SPDX-License-Identifier: MIT */
/* test_comparison.c - comparison of runs: failed claims and recovery times. */
#include "chaos/report/comparison.h"
#include "tests/harness/run_suite.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLASSES                                                                \
    "\"refused\":0,\"reset\":0,\"closed\":0,\"closed_on_reuse\":0,"            \
    "\"truncated\":0,"                                                         \
    "\"malformed\":0,\"extra\":0,\"wrong_token\":0,\"wrong_body\":0,"          \
    "\"timeout_connecting\":0,"                                                \
    "\"timeout_waiting\":0,\"timeout_middle\":0,\"server_error\":0,"           \
    "\"other_status\":0,\"not_sent\":0"

#define RUN(title, outcome, finding, ok, lost)                                 \
    "{\"title\":\"" title "\",\"command\":\"x\",\"injections\":[],"            \
    "\"verdict\":{\"outcome\":\"" outcome "\",\"because\":null},"              \
    "\"phases\":{\"fault\":{\"verdict\":{\"findings\":[" finding "]},"         \
    "\"lost\":0,\"longest_gap_us\":0,\"requests\":9,\"availability\":1,"       \
    "\"classes\":{" CLASSES "}}},"                                             \
    "\"series\":{\"step_us\":100000,\"ok\":" ok ",\"lost\":" lost ","          \
    "\"errors\":[0,0,0,0,0,0,0,0]}}"

#define PASSED                                                                 \
    RUN("quiet", "pass", "", "[5,0,5,0,0,5,5,5]", "[0,0,0,0,0,0,0,0]")
#define FAILED                                                                 \
    RUN("late", "fail",                                                        \
        "{\"claim\":\"longest gap\",\"limit\":1000000,"                        \
        "\"measured\":2590000,\"held\":false}",                                \
        "[5,5,0,0,5,5,5,5]", "[0,1,0,0,0,0,0,0]")

static char *compared(const char *record, bool page)
{
    cJSON *run = cJSON_Parse(record);
    char *text = NULL;
    size_t size;
    FILE *out;

    ck_assert_ptr_nonnull(run);
    if (page) {
        text = comparison_html(&run, 1);
    } else {
        out = open_memstream(&text, &size);
        comparison_terminal(out, &run, 1);
        fclose(out);
    }
    cJSON_Delete(run);
    return text;
}

static void expect(const char *record, bool page, const char *part, bool wanted)
{
    char *text = compared(record, page);

    ck_assert_msg((strstr(text, part) != NULL) == wanted, "%s", text);
    free(text);
}

START_TEST(failed_run_is_shown_with_its_reason)
{
    const char *why = "fault: longest gap 2.6 s, claimed: at most 1.0 s";

    expect(FAILED, false, "late did not hold: ", true);
    expect(FAILED, false, why, true);
    expect(FAILED, true, why, true);
    expect(PASSED, false, "quiet did", false);
}
END_TEST

START_TEST(quiet_interval_without_loss_has_no_recovery)
{
    expect(PASSED, false, "      none\n", true);
    expect(FAILED, false, "    300 ms\n", true);
}
END_TEST

START_TEST(table_of_failures_is_omitted_without_failures)
{
    expect(PASSED, true, "Failures by class", false);
    expect(PASSED, true, "Side by side", true);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("comparison");

    tcase_add_test(cases, failed_run_is_shown_with_its_reason);
    tcase_add_test(cases, quiet_interval_without_loss_has_no_recovery);
    tcase_add_test(cases, table_of_failures_is_omitted_without_failures);
    return run_suite("comparison", cases);
}
