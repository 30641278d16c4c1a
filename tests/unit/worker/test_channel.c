/* SPDX-License-Identifier: MIT */
/* test_channel.c - the reader of messages refuses those that break the rules.
 */
#include "tests/harness/run_suite.h"
#include "worker/protocol/channel.h"
#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

static const struct {
    const char *because;
    struct channel_message message;
    bool has_descriptor, is_valid;
} rows[] = {
    { "kind 0 does not exist", { .kind = 0 }, false, false },
    { "no kind is that high", { .kind = CHANNEL_KINDS }, false, false },
    { "ONLINE has no fields", { .kind = CHANNEL_ONLINE }, false, true },
    { "ONLINE has no descriptor", { .kind = CHANNEL_ONLINE }, true, false },
    { "SERVE has a descriptor", { .kind = CHANNEL_SERVE }, true, true },
    { "SERVE without a descriptor", { .kind = CHANNEL_SERVE }, false, false },
    { "the flag of SERVE may be set",
      { .kind = CHANNEL_SERVE, .serve.return_after_one = 1 },
      true,
      true },
    { "the flag of SERVE is 0 or 1",
      { .kind = CHANNEL_SERVE, .serve.return_after_one = 2 },
      true,
      false },
    { "the flag of RETURN may be set",
      { .kind = CHANNEL_RETURN, .returned.record_invalid = 1 },
      false,
      true },
    { "the flag of RETURN is 0 or 1",
      { .kind = CHANNEL_RETURN, .returned.record_invalid = 2 },
      false,
      false },
    { "the flags of LISTEN may be set",
      { .kind = CHANNEL_LISTEN, .listen = { 1, 1 } },
      true,
      true },
    { "the first flag of LISTEN is 0 or 1",
      { .kind = CHANNEL_LISTEN, .listen.is_exclusive = UINT32_MAX },
      true,
      false },
    { "the second flag of LISTEN is 0 or 1",
      { .kind = CHANNEL_LISTEN, .listen.is_tcp = 2 },
      true,
      false },
    { "COUNT may add any number",
      { .kind = CHANNEL_COUNT, .count = { UINT64_MAX, UINT64_MAX } },
      false,
      true },
};

START_TEST(message_is_valid_or_refused)
{
    struct channel_message received;
    int ends[2], fd, got;

    ck_assert_int_eq(channel_open(ends), 0);
    ck_assert_int_eq(channel_send(ends[0], &rows[_i].message,
                                  rows[_i].has_descriptor ? STDERR_FILENO : -1),
                     0);
    got = channel_receive(ends[1], &received, &fd);
    ck_assert_msg(got == (rows[_i].is_valid ? 1 : -1), "%s: got %d",
                  rows[_i].because, got);
    if (got < 0)
        ck_assert_int_eq(errno, EPROTO);
    ck_assert((fd >= 0) == (rows[_i].is_valid && rows[_i].has_descriptor));
    if (fd >= 0)
        close(fd);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("channel");

    tcase_add_loop_test(cases, message_is_valid_or_refused, 0, ROWS(rows));
    return run_suite("channel", cases);
}
