/* test_options.c - what the command line says, and what it may not say. */
#include "supervisor/options.h"
#include "supervisor/options_table.h"
#include "tests/unit/run_suite.h"
#include "tests/unit/typed.h"
#include <string.h>

#define SECOND_US UINT64_C(1000000)

#define FIELD(name)                                                            \
    offsetof(struct options, name), sizeof(((struct options *)0)->name)

/* ---- What is read -------------------------------------------------------- */

static const struct {
    const char *line;
    size_t offset, size;
    uint64_t value;
} readings[] = {
    { "", FIELD(listen_count), 1 },
    { "-l [::1]:0 --listen=unix:x", FIELD(listen_count), 2 },
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
    { "", FIELD(hand_over), HAND_OVER_REQUEST },
    { "--exit-after 0", FIELD(hand_over), HAND_OVER_CONNECTION },
    { "--exit-after 7", FIELD(hand_over), HAND_OVER_REQUEST },
    { "--no-keep", FIELD(hand_over), HAND_OVER_CONNECTION },
    { "--hand-over connection", FIELD(hand_over), HAND_OVER_CONNECTION },
    { "--exit-after 0 --hand-over request", FIELD(hand_over),
      HAND_OVER_REQUEST },
    { "--no-keep --hand-over connection", FIELD(hand_over),
      HAND_OVER_CONNECTION },
    { "", FIELD(schedule), SCHEDULE_RR },
    { "--schedule least", FIELD(schedule), SCHEDULE_LEAST },
    { "", FIELD(respawn), RESPAWN_ALWAYS },
    { "--respawn on-failure", FIELD(respawn), RESPAWN_ON_FAILURE },
    { "--respawn never", FIELD(respawn), RESPAWN_NEVER },
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
    { "", FIELD(faults), false },
    { "--faults", FIELD(faults), true },
    { "", FIELD(crash_at_start), false },
    { "--crash-at-start --faults", FIELD(crash_at_start), true },
    { "", FIELD(no_keep), false },
    { "--no-keep", FIELD(no_keep), true },
    { "", FIELD(explain), false },
    { "--explain", FIELD(explain), true },
};

START_TEST(reads_what_is_typed_or_the_default)
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

START_TEST(keeps_the_words_themselves)
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

START_TEST(fits_the_machine_by_itself)
{
    struct typed typed = type("");

    ck_assert_uint_ge(typed.options.workers, 1);
    ck_assert_uint_le(typed.options.workers, 512);
    ck_assert_uint_ge(typed.options.max_starting, 2);
    ck_assert_uint_ge(typed.options.max_starting, typed.options.workers);
    typed_free(&typed);
}
END_TEST

START_TEST(amounts_to_a_crash_loop_rule)
{
    struct typed typed = type("--restart-intensity 3/2s --on-crash-loop hold");
    struct intensity_rule rule = options_intensity_rule(&typed.options);

    ck_assert_uint_eq(rule.limit, 3);
    ck_assert_uint_eq(rule.window_us, 2 * SECOND_US);
    ck_assert_int_eq((int)rule.on_loop, ON_LOOP_HOLD);
    ck_assert_uint_gt(rule.probe_us, 0);
    ck_assert_uint_ge(rule.probe_cap_us, rule.probe_us);
    typed_free(&typed);
}
END_TEST

/* ---- What is refused ----------------------------------------------------- */

#define COUNT_OF(least, most) "a whole number from " least " to " most

static const struct {
    const char *line, *named, *allowed;
} refusals[] = {
    { "--frobnicate", "'--frobnicate'", "--help" },
    { "-x", "'-x'", "--help" },
    { "--", "'--'", "--help" },
    { "--worker 3", "'--worker'", "--help" },
    { "--workersx 3", "'--workersx'", "--help" },
    { "-W 3", "'-W'", "--help" },
    { "extra", "'extra'", "--help" },
    { "-", "'-'", "--help" },
    { "-w 3 extra", "'extra'", "--help" },
    { "--faults extra", "'extra'", "--help" },
    { "-w", "--workers", COUNT_OF("1", "512") },
    { "--workers=", "--workers ''", COUNT_OF("1", "512") },
    { "-w 0", "--workers '0'", COUNT_OF("1", "512") },
    { "-w 513", "--workers '513'", COUNT_OF("1", "512") },
    { "-w x", "--workers 'x'", COUNT_OF("1", "512") },
    { "-w -1", "--workers '-1'", COUNT_OF("1", "512") },
    { "-w 4294967297", "--workers '4294967297'", COUNT_OF("1", "512") },
    { "-w 0 -w 1", "--workers '0'", COUNT_OF("1", "512") },
    { "-w 1 -w 0", "--workers '0'", COUNT_OF("1", "512") },
    { "-s 513", "--spares '513'", COUNT_OF("0", "512") },
    { "--exit-after -1", "--exit-after '-1'", COUNT_OF("0", "1000000000") },
    { "--exit-code 256", "--exit-code '256'", COUNT_OF("0", "255") },
    { "--max-connections 0", "'0'", COUNT_OF("1", "1000000") },
    { "--max-connections 1000001", "'1000001'", COUNT_OF("1", "1000000") },
    { "--max-starting 0", "'0'", COUNT_OF("1", "1024") },
    { "--max-attempts 201", "'201'", COUNT_OF("1", "200") },
    { "--max-kills 0", "'0'", COUNT_OF("1", "200") },
    { "--seed 18446744073709551616", "'18446744073709551616'",
      COUNT_OF("0", "18446744073709551615") },
    { "--exit-delay 1", "--exit-delay '1'", "in us, ms, s or m" },
    { "--exit-delay 1h", "'1h'", "a time from 0 to 1440m" },
    { "--exit-delay 1441m", "'1441m'", "a time from 0 to 1440m" },
    { "--queue-timeout 0", "'0'", "a time from 1ms to 1440m" },
    { "--queue-timeout 999us", "'999us'", "a time from 1ms to 1440m" },
    { "--start-timeout soon", "'soon'", "a time from 1ms to 1440m" },
    { "--header-timeout 0", "'0'", "a time from 1ms" },
    { "--idle-timeout 0", "'0'", "a time from 1ms" },
    { "--request-timeout 0", "'0'", "a time from 1ms" },
    { "--drain-timeout -1s", "'-1s'", "a time from 0" },
    { "--quarantine long", "'long'", "a time from 0" },
    { "--healthy-after 0", "'0'", "a time from 1ms" },
    { "--backoff-base 1", "'1'", "a time from 0" },
    { "--max-header 255", "'255'", "a size from 256 to 1048576 bytes" },
    { "--max-header 2m", "'2m'", "a size from 256 to 1048576 bytes" },
    { "--max-body 1g", "'1g'", "also in k or m" },
    { "--max-body 17m", "'17m'", "a size from 0 to 16777216 bytes" },
    { "--hand-over both", "'both'", "one of request|connection" },
    { "--hand-over req", "'req'", "one of request|connection" },
    { "--hand-over request|connection", "'request|connection'", "one of" },
    { "--schedule RR", "'RR'", "one of rr|least" },
    { "--schedule ", "--schedule ''", "one of rr|least" },
    { "--respawn no", "'no'", "one of always|on-failure|never" },
    { "--backoff linear", "'linear'", "one of none|constant|exponential" },
    { "--on-crash-loop cry", "'cry'", "one of probe|give-up|hold" },
    { "--log-format xml", "'xml'", "one of text|json" },
    { "--restart-intensity 10", "'10'", "R/T" },
    { "--restart-intensity 10/", "'10/'", "R/T" },
    { "--restart-intensity /5s", "'/5s'", "R/T" },
    { "--restart-intensity 10/5", "'10/5'", "as in 10/5s" },
    { "--restart-intensity 1001/5s", "'1001/5s'", "R from 0 to 1000" },
    { "--restart-intensity 1/0", "'1/0'", "T from 1ms to 60m" },
    { "--restart-intensity 1/61m", "'1/61m'", "T from 1ms to 60m" },
    { "--restart-intensity 1/5s/5s", "'1/5s/5s'", "R/T" },
    { "-l localhost:80", "--listen 'localhost:80'", "[::1]:PORT" },
    { "-l 127.0.0.1:65536", "'127.0.0.1:65536'", "0 to 65535" },
    { "-l unix:", "'unix:'", "unix:PATH" },
    { "-l u:1 -l u:2", "'u:1'", "127.0.0.1:PORT" },
    { "--log ", "--log ''", "the path of a file" },
    { "--faults=yes", "--faults 'yes'", "no value" },
    { "--help=yes", "--help 'yes'", "no value" },
    { "-hx", "--help 'x'", "no value" },
    { "-w 1\n2", "'1?2'", COUNT_OF("1", "512") },

    { "--no-keep --hand-over request", "--hand-over request", "connection" },
    { "--hand-over=request --no-keep", "--no-keep", "connection" },
    { "--backoff-base 6s", "--backoff-cap 5s", "--backoff-base 6s" },
    { "--backoff-cap 99ms", "--backoff-cap 99ms", "--backoff-base 100ms" },
    { "--exit-after 0 --exit-delay 1s", "--exit-delay", "--exit-after 1" },
    { "--exit-delay 1s --exit-after 0", "--exit-delay", "--exit-after 1" },
    { "--exit-after 0 --exit-code 1", "--exit-code", "--exit-after 1" },
    { "--crash-at-start", "--crash-at-start", "--faults" },
};

START_TEST(refuses_in_one_line_that_names_it_and_what_is_allowed)
{
    struct typed typed = type(refusals[_i].line);
    const char *line = refusals[_i].line;

    ck_assert_msg(typed.outcome == OPTIONS_REFUSE, "took '%s'", line);
    ck_assert_str_eq(typed.out, "");
    ck_assert_msg(strncmp(typed.err, "supervisor: ", 12) == 0, "%s", typed.err);
    ck_assert_msg(strstr(typed.err, refusals[_i].named) != NULL, "%s",
                  typed.err);
    ck_assert_msg(strstr(typed.err, refusals[_i].allowed) != NULL, "%s",
                  typed.err);
    ck_assert_ptr_eq(strchr(typed.err, '\n'),
                     typed.err + strlen(typed.err) - 1);
    typed_free(&typed);
}
END_TEST

START_TEST(listens_in_so_many_places_and_no_more)
{
    char line[(OPTIONS_LISTEN_MOST + 1) * sizeof " -lunix:x"] = "-lunix:x";
    struct typed typed;

    for (int i = 1; i < OPTIONS_LISTEN_MOST; i++)
        strcat(line, " -lunix:x");
    typed = type(line);
    ck_assert_int_eq((int)typed.outcome, OPTIONS_RUN);
    ck_assert_uint_eq(typed.options.listen_count, OPTIONS_LISTEN_MOST);
    typed_free(&typed);
    typed = type(strcat(line, " -lunix:x"));
    ck_assert_int_eq((int)typed.outcome, OPTIONS_REFUSE);
    typed_free(&typed);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("options");

    tcase_add_loop_test(cases, reads_what_is_typed_or_the_default, 0,
                        ROWS(readings));
    tcase_add_test(cases, keeps_the_words_themselves);
    tcase_add_test(cases, fits_the_machine_by_itself);
    tcase_add_test(cases, amounts_to_a_crash_loop_rule);
    tcase_add_loop_test(cases,
                        refuses_in_one_line_that_names_it_and_what_is_allowed,
                        0, ROWS(refusals));
    tcase_add_test(cases, listens_in_so_many_places_and_no_more);
    return run_suite("options", cases);
}
