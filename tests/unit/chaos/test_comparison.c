/* test_comparison.c - runs side by side: why one is red, and what it took. */
#include "chaos/report/comparison.h"
#include "tests/harness/run_suite.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUN(title, colour, finding, ok, lost)                                  \
    "{\"title\":\"" title "\",\"command\":\"x\",\"injections\":[],"            \
    "\"verdict\":{\"outcome\":\"" colour "\"},"                                \
    "\"phases\":{\"after\":{\"verdict\":{\"findings\":[" finding "]}},"        \
    "\"fault\":{\"requests\":9,\"availability\":1,\"classes\":{}}},"           \
    "\"series\":{\"step_us\":100000,\"ok\":" ok ",\"lost\":" lost ","          \
    "\"errors\":[0,0,0,0,0,0,0,0]}}"

#define GREEN RUN("quiet", "pass", "", "[5,0,5,0,0,5,5,5]", "[0,0,0,0,0,0,0,0]")
#define RED                                                                    \
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

static void says(const char *record, bool page, const char *words, bool wanted)
{
    char *text = compared(record, page);

    ck_assert_msg((strstr(text, words) != NULL) == wanted, "%s", text);
    free(text);
}

START_TEST(a_row_that_is_red_says_why)
{
    const char *why = "after: longest gap 2.6 s, claimed: at most 1.0 s";

    says(RED, false, "late did not hold: ", true);
    says(RED, false, why, true);
    says(RED, true, why, true);
    says(GREEN, false, "quiet did", false);
}
END_TEST

START_TEST(silence_alone_wants_no_recovery)
{
    says(GREEN, false, "      none\n", true);
    says(RED, false, "    300 ms\n", true);
}
END_TEST

START_TEST(without_failures_there_is_no_table_of_them)
{
    says(GREEN, true, "Failures by class", false);
    says(GREEN, true, "Side by side", true);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("comparison");

    tcase_add_test(cases, a_row_that_is_red_says_why);
    tcase_add_test(cases, silence_alone_wants_no_recovery);
    tcase_add_test(cases, without_failures_there_is_no_table_of_them);
    return run_suite("comparison", cases);
}
