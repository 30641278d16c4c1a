/* SPDX-License-Identifier: MIT */
/* test_log_reader.c - the port in a log line. */
#include "chaos/target/log_reader.h"
#include "tests/harness/run_suite.h"

static const struct {
    const char *line;
    int port; /* 0: none */
} lines[] = {
    { "{\"event\":\"listening\",\"host\":\"127.0.0.1\",\"port\":8086}", 8086 },
    { "listening on 127.0.0.1:8086 (supervisor pid 1, 2 workers, 1 spare)",
      8086 },
    { "listening on [::1]:65535 (supervisor pid 1, 2 workers, 1 spare)",
      65535 },
    { "listening on localhost:1", 1 },
    { "listening on unix:/run/socket (supervisor pid 1)", 0 },
    { "listening on port 8086: ready", 0 },
    { "listening on 127.0.0.1:65536", 0 },
    { "listening on 127.0.0.1:0", 0 },
    { "listening on 127.0.0.1:-1", 0 },
    { "listening on ", 0 },
    { "listening", 0 },
    { "worker 1 listening on 127.0.0.1:8086", 0 },
    { "{\"event\":\"fork\",\"pid\":8086}", 0 },
    { "", 0 },
};

START_TEST(port_is_read_from_a_log_line)
{
    struct log_event log_event;

    log_event_read(&log_event, lines[_i].line);
    ck_assert_int_eq(log_event.port, lines[_i].port);
    ck_assert_int_eq(log_event.kind == LOG_EVENT_LISTENING, lines[_i].port > 0);
    ck_assert_ptr_eq(log_event.text, lines[_i].line);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("log_reader");

    tcase_add_loop_test(cases, port_is_read_from_a_log_line, 0, ROWS(lines));
    return run_suite("log_reader", cases);
}
