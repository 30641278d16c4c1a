/* SPDX-License-Identifier: MIT */
/* test_progress.c - a worker's claims are checked against the kernel's counts.
 */
#include "supervisor/policy/progress.h"
#include "tests/harness/run_suite.h"

#define ENOUGH 1000000

static const struct progress_place from = { 1000, 5000 };

/* A worker's counts, and the bytes that the kernel counted meanwhile. */
static const struct {
    const char *because;
    struct record_progress progress;
    uint64_t consumed_bytes, written_bytes;
    uint32_t requests_max;
    const char *problem;
} claims[] = {
    { "nothing happened", { RECORD_EMPTY, 0, 0, 0, 0 }, 0, 0, ENOUGH, NULL },
    { "the shortest request is answered",
      { RECORD_EMPTY, 1, 1, 0, 0 },
      16,
      16,
      ENOUGH,
      NULL },
    { "two requests are answered",
      { RECORD_EMPTY, 2, 2, 0, 0 },
      32,
      32,
      ENOUGH,
      NULL },
    { "a single byte is refused",
      { RECORD_CLOSING, 1, 0, 1, 0 },
      1,
      16,
      ENOUGH,
      NULL },
    { "one request is answered, one refused",
      { RECORD_CLOSING, 2, 1, 1, 0 },
      17,
      32,
      ENOUGH,
      NULL },
    { "100 Continue is sent",
      { RECORD_PARSING, 0, 0, 0, 0 },
      0,
      25,
      ENOUGH,
      NULL },
    { "a request is handled",
      { RECORD_HANDLING, 1, 0, 0, 0 },
      0,
      0,
      ENOUGH,
      NULL },
    { "the client of a request is gone",
      { RECORD_CLOSING, 1, 0, 0, 0 },
      20,
      7,
      ENOUGH,
      NULL },
    { "the only request of a handoff is answered",
      { RECORD_EMPTY, 1, 1, 0, 0 },
      100,
      100,
      1,
      NULL },

    { "a response without a request",
      { RECORD_EMPTY, 1, 1, 0, 0 },
      0,
      100,
      ENOUGH,
      "more requests ended than the kernel counts bytes for" },
    { "a request of 15 bytes",
      { RECORD_EMPTY, 1, 1, 0, 0 },
      15,
      100,
      ENOUGH,
      "more requests ended than the kernel counts bytes for" },
    { "a refusal without a request",
      { RECORD_CLOSING, 1, 0, 1, 0 },
      0,
      100,
      ENOUGH,
      "more requests ended than the kernel counts bytes for" },
    { "a refusal after a response",
      { RECORD_CLOSING, 2, 1, 1, 0 },
      16,
      100,
      ENOUGH,
      "more requests ended than the kernel counts bytes for" },
    { "inflated counts on a closing connection",
      { RECORD_CLOSING, RECORD_COUNT_LIMIT, RECORD_COUNT_LIMIT, 0, 0 },
      100,
      100,
      ENOUGH * 2,
      "more requests ended than the kernel counts bytes for" },
    { "a response that was not sent",
      { RECORD_EMPTY, 1, 1, 0, 0 },
      100,
      15,
      ENOUGH,
      "more responses sent than the kernel counts bytes for" },
    { "a refusal that was not sent",
      { RECORD_CLOSING, 1, 0, 1, 0 },
      100,
      0,
      ENOUGH,
      "more responses sent than the kernel counts bytes for" },
    { "one of two responses was not sent",
      { RECORD_CLOSING, 2, 1, 1, 0 },
      100,
      31,
      ENOUGH,
      "more responses sent than the kernel counts bytes for" },
    { "a request disappeared",
      { RECORD_EMPTY, 0, 0, 0, 0 },
      40,
      0,
      ENOUGH,
      "a request was read and none was answered" },
    { "a byte of a request disappeared",
      { RECORD_PARSING, 0, 0, 0, 0 },
      1,
      0,
      ENOUGH,
      "a request was read and none was answered" },
    { "two requests in a handoff of one",
      { RECORD_EMPTY, 2, 2, 0, 0 },
      1000,
      1000,
      1,
      "more requests begun than were handed off" },
    { "a second request is being handled",
      { RECORD_HANDLING, 2, 1, 0, 0 },
      1000,
      1000,
      1,
      "more requests begun than were handed off" },
    { "the request stream runs backwards",
      { RECORD_CLOSING, 0, 0, 0, 0 },
      -1,
      0,
      ENOUGH,
      "the current request begins before the handoff" },
    { "the response stream runs backwards",
      { RECORD_CLOSING, 0, 0, 0, 0 },
      0,
      -1,
      ENOUGH,
      "the current request begins before the handoff" },
};

START_TEST(claims_are_checked_against_the_kernels_byte_counts)
{
    struct progress_place to = {
        from.consumed_bytes + claims[_i].consumed_bytes,
        from.written_bytes + claims[_i].written_bytes
    };
    const char *problem = progress_check(claims[_i].progress,
                                         claims[_i].requests_max, &from, &to);

    ck_assert_msg(!problem == !claims[_i].problem, "%s: %s", claims[_i].because,
                  problem ? problem : "accepted");
    if (problem)
        ck_assert_str_eq(problem, claims[_i].problem);
}
END_TEST

START_TEST(without_byte_counts_only_the_number_of_requests_is_checked)
{
    struct record_progress progress = { RECORD_EMPTY, 2, 1, 1, 0 };

    ck_assert_ptr_null(progress_check(progress, 2, NULL, NULL));
    ck_assert_ptr_nonnull(progress_check(progress, 1, NULL, NULL));
}
END_TEST

START_TEST(byte_counts_near_the_end_of_the_range_do_not_wrap)
{
    struct record_progress progress = { RECORD_EMPTY, 1, 1, 0, 0 };
    struct progress_place high = { UINT64_MAX - 10, UINT64_MAX - 10 };
    struct progress_place low = { 90, 90 };

    ck_assert_ptr_nonnull(progress_check(progress, ENOUGH, &high, &low));
    ck_assert_ptr_nonnull(progress_check(progress, ENOUGH, &low, &low));
    ck_assert_ptr_null(progress_check(progress, ENOUGH, &low, &high));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("progress");

    tcase_add_loop_test(cases,
                        claims_are_checked_against_the_kernels_byte_counts, 0,
                        ROWS(claims));
    tcase_add_test(cases,
                   without_byte_counts_only_the_number_of_requests_is_checked);
    tcase_add_test(cases, byte_counts_near_the_end_of_the_range_do_not_wrap);
    return run_suite("progress", cases);
}
