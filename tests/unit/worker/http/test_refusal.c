/* SPDX-License-Identifier: MIT */
/* test_refusal.c - the text of refusals. */
#include "tests/harness/run_suite.h"
#include "worker/http/refusal.h"
#include <string.h>

static const struct request_limits limits = { 16384, 65536 };
static const struct request_limits huge = { SIZE_MAX, SIZE_MAX };

static const struct {
    unsigned status;
    const char *named;
} named[] = {
    { 413, "the body is too large (allowed: at most 65536 bytes)" },
    { 414, "the request line is too long (allowed: at most 16384 bytes)" },
    { 431, "the header section is too large (allowed: at most 16384 bytes and "
           "100 fields)" },
};

START_TEST(refusal_names_the_limit)
{
    char buffer[REFUSAL_TEXT_BYTES];
    const char *text = refusal_text(named[_i].status, &limits, buffer);

    ck_assert_msg(strstr(text, named[_i].named) == text, "%s", text);
}
END_TEST

START_TEST(longest_refusal_fits_the_buffer)
{
    static const char end[] = ")";
    char buffer[REFUSAL_TEXT_BYTES];

    for (unsigned status = 400; status < 600; status++) {
        const char *text = refusal_text(status, &huge, buffer);

        if (text == buffer)
            ck_assert_str_eq(text + strlen(text) - strlen(end), end);
        ck_assert_uint_gt(strlen(text), 0);
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("refusal");

    tcase_add_loop_test(cases, refusal_names_the_limit, 0, ROWS(named));
    tcase_add_test(cases, longest_refusal_fits_the_buffer);
    return run_suite("refusal", cases);
}
