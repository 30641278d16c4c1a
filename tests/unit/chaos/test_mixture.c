/* SPDX-License-Identifier: MIT */
/* test_mixture.c - the requests of a mixture, and the check of every byte of
 * their responses and of the counter's numbers. */
#include "chaos/load/mixture_check.h"
#include "chaos/load/request_template.h"
#include "tests/harness/run_suite.h"
#include "worker/http/request.h"
#include <stdio.h>
#include <string.h>

#define TOKEN "0123456789abcdef0123"

static const char *const names[] = { "get",       "head",     "post",
                                     "key",       "repeated", "count",
                                     "pipelined", "chunked",  "continue",
                                     "large",     "unsafe",   "faulty" };
#define KINDS (int)(sizeof(names) / sizeof(*names))

static struct mixture_counter counter;

static void setup(void)
{
    memset(&counter, 0, sizeof(counter));
}

static const struct mixture_kind *kind_named(const char *name)
{
    const struct mixture_kind *kind = mixture_kind(name, strlen(name));

    ck_assert_msg(kind != NULL, "no kind %s", name);
    return kind;
}

START_TEST(worker_reads_exactly_the_parts_of_a_request)
{
    static const struct request_limits limits = { 8192, 8192 };
    const struct mixture_kind *kind = kind_named(names[_i]);
    char bytes[REQUEST_TEMPLATE_MAX];
    size_t length =
        mixture_write(kind, "host", TOKEN, 7, true, bytes, sizeof(bytes));
    size_t at = 0;

    for (uint32_t i = 0; i < kind->part_count; i++) {
        const struct mixture_part *part = &kind->parts[i];
        struct request request;
        unsigned status;

        ck_assert_int_eq(
            request_read(&request, bytes + at, length - at, &limits, &status),
            REQUEST_WHOLE);
        ck_assert(worker_slice_is(request.method, part->method));
        ck_assert(worker_slice_is(worker_request_query(&request, "t"), TOKEN));
        ck_assert_int_eq(
            worker_request_header(&request, "idempotency-key").bytes > 0,
            part->has_key);
        ck_assert_int_eq(request.keep_alive, i + 1 < kind->part_count);
        at += request.wire_bytes;
    }
    ck_assert_uint_eq(at, length);
}
END_TEST

START_TEST(unknown_kinds_are_refused)
{
    ck_assert_ptr_null(mixture_kind("ge", 2));
    ck_assert_ptr_null(mixture_kind("gets", 4));
}
END_TEST

START_TEST(large_pages_have_all_sizes)
{
    const struct mixture_part *part = kind_named("large")->parts;
    uint64_t min = UINT64_MAX, max = 0;

    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t size = mixture_size(part, i);

        min = size < min ? size : min;
        max = size > max ? size : max;
    }
    ck_assert_uint_ge(min, 200000);
    ck_assert_uint_lt(min, 250000);
    ck_assert_uint_gt(max, 3900000);
    ck_assert_uint_le(max, 4000000);
}
END_TEST

/* ---- Pages ---- */

#define PAGE                                                                   \
    "<!doctype html>\n<title>Hello Cluster!</title>\n"                         \
    "<h1>Hello Cluster!</h1>\n<p>pid=71 worker=2 generation=13</p>\n"          \
    "<p>t=" TOKEN "</p>\n"
#define PAGE_BYTES (sizeof(PAGE) - 1)

/* A page that `get` asks for, with a filling. */
static uint64_t filled_number(void)
{
    uint64_t number = 0;

    while (mixture_size(kind_named("get")->parts, number) < PAGE_BYTES + 100)
        number++;
    return number;
}

/* Judges a page of `size` bytes of which byte `wrong` is replaced; SIZE_MAX:
 * none. */
static enum outcome judge_page(size_t size, size_t wrong)
{
    static char body[20100];
    uint64_t number = filled_number();
    struct mixture_check check;

    memcpy(body, PAGE, PAGE_BYTES);
    for (size_t i = PAGE_BYTES; i < sizeof(body); i++)
        body[i] = (char)('a' + (i - PAGE_BYTES) % 26);
    if (wrong < sizeof(body))
        body[wrong] = '~';
    mixture_check_begin(&check, &counter, kind_named("get"), 0, TOKEN, number,
                        0);
    /* In two pieces, cut anywhere. */
    mixture_check_body(&check, body, size / 3);
    mixture_check_body(&check, body + size / 3, size - size / 3);
    return mixture_check_judge(&check, 200, 0);
}

START_TEST(every_byte_of_a_page_is_checked)
{
    size_t size = mixture_size(kind_named("get")->parts, filled_number());

    ck_assert_int_eq(judge_page(size, SIZE_MAX), OUTCOME_OK);
    ck_assert_int_eq(judge_page(size - 1, SIZE_MAX), OUTCOME_WRONG_BODY);
    ck_assert_int_eq(judge_page(size + 1, SIZE_MAX), OUTCOME_WRONG_BODY);
    ck_assert_int_eq(judge_page(PAGE_BYTES, SIZE_MAX), OUTCOME_WRONG_BODY);
    ck_assert_int_eq(judge_page(PAGE_BYTES - 1, SIZE_MAX), OUTCOME_WRONG_BODY);
    for (size_t i = 0; i < size; i++)
        ck_assert_msg(judge_page(size, i) == OUTCOME_WRONG_BODY, "byte %zu", i);
}
END_TEST

/* ---- The counter ---- */

static enum outcome judge(const char *name, uint64_t known, const char *body,
                          unsigned status, unsigned interims)
{
    struct mixture_check check;

    mixture_check_begin(&check, &counter, kind_named(name), 0, TOKEN, 1, known);
    mixture_check_body(&check, body, strlen(body));
    return mixture_check_judge(&check, status, interims);
}

static void send_additions(int count)
{
    while (count-- > 0)
        mixture_sent(&counter, kind_named("key"));
}

START_TEST(number_of_an_addition_is_new_and_plausible)
{
    send_additions(3);
    ck_assert_int_eq(judge("key", 0, "2\n", 200, 0), OUTCOME_OK);
    /* Executed before a request that was acknowledged when it was sent. */
    ck_assert_int_eq(judge("key", 2, "1\n", 200, 0), OUTCOME_WRONG_BODY);
    /* The number of another addition. */
    ck_assert_int_eq(judge("post", 0, "2\n", 200, 0), OUTCOME_WRONG_BODY);
    /* Something ran twice. */
    ck_assert_int_eq(judge("key", 0, "4\n", 200, 0), OUTCOME_WRONG_BODY);
    ck_assert_int_eq(judge("post", 0, "1\n", 200, 0), OUTCOME_OK);
    ck_assert_uint_eq(counter.known, 2);
}
END_TEST

START_TEST(repeated_addition_returns_the_same_number)
{
    const struct mixture_kind *kind = kind_named("repeated");

    for (uint64_t second = 1; second <= 2; second++) {
        struct mixture_check check;
        char body[] = { (char)('0' + second), '\n' };

        setup();
        mixture_sent(&counter, kind);
        ck_assert_uint_eq(counter.sent, 1);
        mixture_check_begin(&check, &counter, kind, 0, TOKEN, 1, 0);
        mixture_check_body(&check, "1\n", 2);
        ck_assert_int_eq(mixture_check_judge(&check, 200, 0), OUTCOME_OK);
        mixture_check_begin(&check, &counter, kind, 1, TOKEN, 1, 0);
        mixture_check_body(&check, body, sizeof(body));
        ck_assert_int_eq(mixture_check_judge(&check, 200, 0),
                         second == 1 ? OUTCOME_OK : OUTCOME_WRONG_BODY);
    }
}
END_TEST

START_TEST(number_that_is_read_contains_what_was_acknowledged)
{
    send_additions(3);
    ck_assert_int_eq(judge("count", 0, "0\n", 200, 0), OUTCOME_OK);
    ck_assert_int_eq(judge("count", 2, "2\n", 200, 0), OUTCOME_OK);
    ck_assert_int_eq(judge("count", 2, "2\n", 200, 0), OUTCOME_OK);
    ck_assert_int_eq(judge("count", 2, "1\n", 200, 0), OUTCOME_WRONG_BODY);
    ck_assert_int_eq(judge("count", 2, "4\n", 200, 0), OUTCOME_WRONG_BODY);
    ck_assert_int_eq(judge("count", 0, "\n", 200, 0), OUTCOME_WRONG_BODY);
    ck_assert_int_eq(judge("count", 0, "1", 200, 0), OUTCOME_WRONG_BODY);
}
END_TEST

START_TEST(only_a_post_without_a_key_may_be_refused_with_502)
{
    send_additions(1);
    ck_assert_int_eq(judge("post", 0, "", 502, 0), OUTCOME_OK);
    ck_assert_int_eq(judge("post", 0, "", 503, 0), OUTCOME_SERVER_ERROR);
    ck_assert_int_eq(judge("key", 0, "", 502, 0), OUTCOME_SERVER_ERROR);
    ck_assert_int_eq(judge("get", 0, "", 502, 0), OUTCOME_SERVER_ERROR);
    ck_assert_int_eq(judge("count", 0, "", 502, 0), OUTCOME_SERVER_ERROR);
    ck_assert_int_eq(judge("get", 0, "", 408, 0), OUTCOME_OTHER_STATUS);
    ck_assert_int_eq(judge("unsafe", 0, "", 502, 0), OUTCOME_OK);
    ck_assert_int_eq(judge("unsafe", 0, "", 500, 0), OUTCOME_SERVER_ERROR);
    ck_assert_int_eq(judge("unsafe", 0, PAGE, 200, 0), OUTCOME_WRONG_BODY);
}
END_TEST

START_TEST(continue_is_sent_once_to_requests_that_expect_it)
{
    send_additions(3);
    ck_assert_int_eq(judge("continue", 0, "1\n", 200, 1), OUTCOME_OK);
    ck_assert_int_eq(judge("continue", 0, "2\n", 200, 0), OUTCOME_EXTRA);
    ck_assert_int_eq(judge("continue", 0, "2\n", 200, 2), OUTCOME_EXTRA);
    ck_assert_int_eq(judge("key", 0, "2\n", 200, 1), OUTCOME_EXTRA);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("mixture");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_loop_test(cases, worker_reads_exactly_the_parts_of_a_request, 0,
                        KINDS);
    tcase_add_test(cases, unknown_kinds_are_refused);
    tcase_add_test(cases, large_pages_have_all_sizes);
    tcase_add_test(cases, every_byte_of_a_page_is_checked);
    tcase_add_test(cases, number_of_an_addition_is_new_and_plausible);
    tcase_add_test(cases, repeated_addition_returns_the_same_number);
    tcase_add_test(cases, number_that_is_read_contains_what_was_acknowledged);
    tcase_add_test(cases, only_a_post_without_a_key_may_be_refused_with_502);
    tcase_add_test(cases, continue_is_sent_once_to_requests_that_expect_it);
    return run_suite("mixture", cases);
}
