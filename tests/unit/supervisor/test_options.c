/* SPDX-License-Identifier: MIT */
/* test_options.c - valid command lines. */
#include "supervisor/options/options.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/command_line.h"
#include <stddef.h>
#include <string.h>

#define SECOND_US UINT64_C(1000000)

#define FIELD(name)                                                            \
    offsetof(struct options, name), sizeof(((struct options *)0)->name)

static const struct {
    const char *line;
    size_t offset, size;
    uint64_t value;
} readings[] = {
    { "", FIELD(listen_count), 1 },
    { "-l [::1]:0 --listen=unix:x", FIELD(listen_count), 2 },
    { "", FIELD(socket_mode), 0660 },
    { "-l unix:x --socket-mode 0", FIELD(socket_mode), 0 },
    { "-l unix:x --socket-mode 0777", FIELD(socket_mode), 0777 },
    { "-l unix:x --socket-mode 600", FIELD(socket_mode), 0600 },
    { "-w 3", FIELD(workers), 3 },
    { "-w3", FIELD(workers), 3 },
    { "--workers 512", FIELD(workers), 512 },
    { "--workers=1", FIELD(workers), 1 },
    { "-w 3 -w 4", FIELD(workers), 4 },
    { "", FIELD(spares), 1 },
    { "-s 0", FIELD(spares), 0 },
    { "", FIELD(exit_after), 1 },
    { "--exit-after 0", FIELD(exit_after), 0 },
    { "", FIELD(exit_code), 1 },
    { "--exit-code 255", FIELD(exit_code), 255 },
    { "", FIELD(exit_delay_us), 0 },
    { "--exit-delay 1s", FIELD(exit_delay_us), SECOND_US },
    { "", FIELD(handoff), HANDOFF_REQUEST },
    { "--exit-after 0", FIELD(handoff), HANDOFF_CONNECTION },
    { "--exit-after 7", FIELD(handoff), HANDOFF_REQUEST },
    { "--no-retain", FIELD(handoff), HANDOFF_CONNECTION },
    { "--handoff connection", FIELD(handoff), HANDOFF_CONNECTION },
    { "--exit-after 0 --handoff request", FIELD(handoff), HANDOFF_REQUEST },
    { "--no-retain --handoff connection", FIELD(handoff), HANDOFF_CONNECTION },
    { "", FIELD(schedule), SCHEDULE_RR },
    { "--schedule least", FIELD(schedule), SCHEDULE_LEAST },
    { "--schedule shared", FIELD(schedule), SCHEDULE_SHARED },
    { "--schedule shared", FIELD(handoff), HANDOFF_CONNECTION },
    { "--schedule shared --handoff connection", FIELD(handoff),
      HANDOFF_CONNECTION },
    { "--schedule reuseport", FIELD(schedule), SCHEDULE_REUSEPORT },
    { "--schedule reuseport", FIELD(keep_listeners), false },
    { "--schedule reuseport --keep-listeners", FIELD(keep_listeners), true },
    { "", FIELD(respawn), RESPAWN_ALWAYS },
    { "--respawn on-failure", FIELD(respawn), RESPAWN_ON_FAILURE },
    { "--respawn never", FIELD(respawn), RESPAWN_NEVER },
    { "--respawn on-failure --on-crash-loop hold", FIELD(on_crash_loop),
      ON_LOOP_HOLD },
    { "", FIELD(backoff.kind), BACKOFF_EXPONENTIAL },
    { "--backoff none", FIELD(backoff.kind), BACKOFF_NONE },
    { "--backoff constant", FIELD(backoff.kind), BACKOFF_CONSTANT },
    { "--backoff exponential", FIELD(backoff.kind), BACKOFF_EXPONENTIAL },
    { "--backoff jitter", FIELD(backoff.kind), BACKOFF_JITTER },
    { "", FIELD(backoff.base_us), SECOND_US / 10 },
    { "--backoff-base 0", FIELD(backoff.base_us), 0 },
    { "", FIELD(backoff.cap_us), 5 * SECOND_US },
    { "--backoff-cap 100ms", FIELD(backoff.cap_us), SECOND_US / 10 },
    { "", FIELD(healthy_after_us), SECOND_US },
    { "--healthy-after 250ms", FIELD(healthy_after_us), SECOND_US / 4 },
    { "", FIELD(intensity_limit), 10 },
    { "", FIELD(intensity_window_us), 5 * SECOND_US },
    { "--restart-intensity 0/1.5s", FIELD(intensity_limit), 0 },
    { "--restart-intensity 3/1.5s", FIELD(intensity_window_us),
      SECOND_US * 3 / 2 },
    { "", FIELD(on_crash_loop), ON_LOOP_PROBE },
    { "--on-crash-loop give-up", FIELD(on_crash_loop), ON_LOOP_GIVE_UP },
    { "--on-crash-loop hold", FIELD(on_crash_loop), ON_LOOP_HOLD },
    { "--max-starting 7", FIELD(max_starting), 7 },
    { "", FIELD(start_timeout_us), 10 * SECOND_US },
    { "--start-timeout 1m", FIELD(start_timeout_us), 60 * SECOND_US },
    { "", FIELD(seed_given), false },
    { "--seed 0", FIELD(seed_given), true },
    { "--seed 18446744073709551615", FIELD(seed), UINT64_MAX },
    { "", FIELD(queue_timeout_us), 5 * SECOND_US },
    { "--queue-timeout 1s", FIELD(queue_timeout_us), SECOND_US },
    { "", FIELD(drain_timeout_us), 10 * SECOND_US },
    { "--drain-timeout 0", FIELD(drain_timeout_us), 0 },
    { "--header-timeout 1s", FIELD(header_timeout_us), SECOND_US },
    { "--idle-timeout 1s", FIELD(idle_timeout_us), SECOND_US },
    { "", FIELD(request_timeout_us), 30 * SECOND_US },
    { "--request-timeout 1s", FIELD(request_timeout_us), SECOND_US },
    { "", FIELD(max_connections), 10000 },
    { "--max-connections 1000000", FIELD(max_connections), 1000000 },
    { "", FIELD(max_header_bytes), 16384 },
    { "--max-header 1m", FIELD(max_header_bytes), 1048576 },
    { "", FIELD(max_body_bytes), 65536 },
    { "", FIELD(max_response_memory), 0 },
    { "--max-response-memory 24m", FIELD(max_response_memory), 24 << 20 },
    { "--max-body 0", FIELD(max_body_bytes), 0 },
    { "", FIELD(max_attempts), 2 },
    { "--max-attempts 1", FIELD(max_attempts), 1 },
    { "", FIELD(max_kills), 20 },
    { "--max-kills 200", FIELD(max_kills), 200 },
    { "", FIELD(quarantine_us), 60 * SECOND_US },
    { "--quarantine 0", FIELD(quarantine_us), 0 },
    { "", FIELD(log_path), 0 },
    { "", FIELD(log_format), LOG_TEXT },
    { "--log-format json", FIELD(log_format), LOG_JSON },
    { "", FIELD(report_every_us), 3600 * SECOND_US },
    { "--report-every 0", FIELD(report_every_us), 0 },
    { "", FIELD(faults), false },
    { "--faults", FIELD(faults), true },
    { "", FIELD(crash_at_start), false },
    { "--crash-at-start --faults", FIELD(crash_at_start), true },
    { "", FIELD(crash_until_us), 0 },
    { "--crash-at-start --faults --crash-until 2s", FIELD(crash_until_us),
      2 * SECOND_US },
    { "", FIELD(start_delay_us), 0 },
    { "--start-delay 20ms", FIELD(start_delay_us), 20000 },
    { "", FIELD(start_lock), false },
    { "--start-lock --start-delay 20ms", FIELD(start_lock), true },
    { "", FIELD(no_retain), false },
    { "--no-retain", FIELD(no_retain), true },
    { "", FIELD(explain), false },
    { "--explain", FIELD(explain), true },
    { "", FIELD(list_events), false },
    { "--list-events", FIELD(list_events), true },
};

START_TEST(option_has_the_given_value_or_the_default)
{
    struct typed typed = type(readings[_i].line);
    uint64_t value = 0;

    memcpy(&value, (char *)&typed.options + readings[_i].offset,
           readings[_i].size);
    ck_assert_msg(typed.outcome == OPTIONS_RUN, "'%s': %s", readings[_i].line,
                  typed.err);
    ck_assert_msg(value == readings[_i].value, "'%s'", readings[_i].line);
    ck_assert_str_eq(typed.out, "");
    ck_assert_str_eq(typed.err, "");
    typed_free(&typed);
}
END_TEST

START_TEST(text_options_are_kept)
{
    struct typed typed = type("-l 127.0.0.1:1 -l unix:x --log /tmp/x=y");

    ck_assert_str_eq(typed.options.listen[0], "127.0.0.1:1");
    ck_assert_str_eq(typed.options.listen[1], "unix:x");
    ck_assert_str_eq(typed.options.log_path, "/tmp/x=y");
    typed_free(&typed);
    typed = type("");
    ck_assert_str_eq(typed.options.listen[0], "127.0.0.1:8086");
    typed_free(&typed);
}
END_TEST

START_TEST(default_workers_fit_the_machine)
{
    struct typed typed = type("");

    ck_assert_uint_ge(typed.options.workers, 1);
    ck_assert_uint_le(typed.options.workers, 512);
    ck_assert_uint_ge(typed.options.max_starting, 2);
    ck_assert_uint_ge(typed.options.max_starting, typed.options.workers);
    typed_free(&typed);
}
END_TEST

START_TEST(options_form_a_crash_loop_rule)
{
    struct typed typed = type("--restart-intensity 3/2s --on-crash-loop hold");
    struct intensity_rule rule = options_restart_rule(&typed.options).intensity;

    ck_assert_uint_eq(rule.limit, 3);
    ck_assert_uint_eq(rule.window_us, 2 * SECOND_US);
    ck_assert_int_eq((int)rule.on_loop, ON_LOOP_HOLD);
    ck_assert_uint_gt(rule.probe_us, 0);
    ck_assert_uint_ge(rule.probe_cap_us, rule.probe_us);
    typed_free(&typed);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("options");

    tcase_add_loop_test(cases, option_has_the_given_value_or_the_default, 0,
                        ROWS(readings));
    tcase_add_test(cases, text_options_are_kept);
    tcase_add_test(cases, default_workers_fit_the_machine);
    tcase_add_test(cases, options_form_a_crash_loop_rule);
    return run_suite("options", cases);
}
