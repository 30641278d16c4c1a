/* SPDX-License-Identifier: MIT */
/* test_options_refused.c - invalid command lines. */
#include "supervisor/options/options.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/command_line.h"
#include <string.h>

#define COUNT_OF(min, max) "a whole number from " min " to " max

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
    { "--workers=", "--workers: invalid value ''", COUNT_OF("1", "512") },
    { "-w 0", "--workers: invalid value '0'", COUNT_OF("1", "512") },
    { "-w 513", "--workers: invalid value '513'", COUNT_OF("1", "512") },
    { "-w x", "--workers: invalid value 'x'", COUNT_OF("1", "512") },
    { "-w -1", "--workers: invalid value '-1'", COUNT_OF("1", "512") },
    { "-w 4294967297", "--workers: invalid value '4294967297'",
      COUNT_OF("1", "512") },
    { "-w 0 -w 1", "--workers: invalid value '0'", COUNT_OF("1", "512") },
    { "-w 1 -w 0", "--workers: invalid value '0'", COUNT_OF("1", "512") },
    { "-s 513", "--spares: invalid value '513'", COUNT_OF("0", "512") },
    { "--exit-after -1", "--exit-after: invalid value '-1'",
      COUNT_OF("0", "1000000000") },
    { "--exit-code 256", "--exit-code: invalid value '256'",
      COUNT_OF("0", "255") },
    { "--max-connections 0", "'0'", COUNT_OF("1", "1000000") },
    { "--max-connections 1000001", "'1000001'", COUNT_OF("1", "1000000") },
    { "--max-starting 0", "'0'", COUNT_OF("1", "1024") },
    { "--max-attempts 201", "'201'", COUNT_OF("1", "200") },
    { "--max-kills 0", "'0'", COUNT_OF("1", "200") },
    { "--seed 18446744073709551616", "'18446744073709551616'",
      COUNT_OF("0", "18446744073709551615") },
    { "--exit-delay 1", "--exit-delay: invalid value '1'",
      "with us, ms, s or m" },
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
    { "--max-header 255", "'255'", "256 to 1048576 bytes" },
    { "--max-header 2m", "'2m'", "256 to 1048576 bytes" },
    { "--max-response-memory 3m", "'3m'", "4194304 to" },
    { "--max-response-memory half", "'half'", "k and m are KiB and MiB" },
    { "--max-body 1g", "'1g'", "k and m are KiB and MiB" },
    { "--max-body 17m", "'17m'", "0 to 16777216 bytes" },
    { "--handoff both", "'both'", "one of request|connection" },
    { "--handoff req", "'req'", "one of request|connection" },
    { "--handoff request|connection", "'request|connection'", "one of" },
    { "--schedule RR", "'RR'", "one of rr|least|shared|reuseport" },
    { "--schedule ", "--schedule: invalid value ''", "one of rr|least" },
    { "--respawn no", "'no'", "one of always|on-failure|never" },
    { "--backoff linear", "'linear'", "one of none|constant|exponential" },
    { "--on-crash-loop cry", "'cry'", "one of probe|give-up|hold" },
    { "--log-format xml", "'xml'", "one of text|json" },
    { "--restart-intensity 10", "'10'", "R/T" },
    { "--restart-intensity 10/", "'10/'", "R/T" },
    { "--restart-intensity /5s", "'/5s'", "R/T" },
    { "--restart-intensity 10/5", "'10/5'", "for example 10/5s" },
    { "--restart-intensity 1001/5s", "'1001/5s'", "R from 0 to 1000" },
    { "--restart-intensity 1/0", "'1/0'", "T from 1ms to 60m" },
    { "--restart-intensity 1/61m", "'1/61m'", "T from 1ms to 60m" },
    { "--restart-intensity 1/5s/5s", "'1/5s/5s'", "R/T" },
    { "-l localhost:80", "--listen: invalid value 'localhost:80'",
      "0.0.0.0:80 or [::]:80" },
    { "-l 127.0.0.1:65536", "'127.0.0.1:65536'", "0 to 65535" },
    { "-l unix:", "'unix:'", "unix:PATH" },
    { "-l u:1 -l u:2", "'u:1'", "ADDR:PORT" },
    { "--socket-mode 01000", "'01000'", "octal permissions from 0 to 0777" },
    { "--socket-mode 0800", "'0800'", "octal permissions from 0 to 0777" },
    { "--socket-mode rw", "'rw'", "octal permissions from 0 to 0777" },
    { "--socket-mode ", "--socket-mode: invalid value ''",
      "octal permissions from 0 to 0777" },
    { "--log ", "--log: invalid value ''", "a file name" },
    { "--faults=yes", "--faults: invalid value 'yes'", "no value" },
    { "--help=yes", "--help: invalid value 'yes'", "no value" },
    { "-hx", "--help: invalid value 'x'", "no value" },
    { "-w 1\n2", "'1?2'", COUNT_OF("1", "512") },
    { "-w \033\x9b\xc2\x9b\xc3\xa9", "'????\xc3\xa9'", COUNT_OF("1", "512") },

    { "--no-retain --handoff request", "--handoff request", "connection" },
    { "--handoff=request --no-retain", "--no-retain", "connection" },
    { "--backoff-base 6s", "--backoff-cap: 5s", "--backoff-base (allowed: 6s" },
    { "--backoff-cap 99ms", "--backoff-cap: 99ms", "(allowed: 100ms" },
    { "--exit-after 0 --exit-delay 1s", "--exit-delay", "--exit-after 1" },
    { "--exit-delay 1s --exit-after 0", "--exit-delay", "--exit-after 1" },
    { "--exit-after 0 --exit-code 1", "--exit-code", "--exit-after 1" },
    { "--crash-at-start", "--crash-at-start", "--faults" },
    { "--on-crash-loop hold --respawn never", "--on-crash-loop",
      "--respawn never (allowed: always, on-failure)" },
    { "--respawn never --on-crash-loop probe", "--respawn never",
      "on-failure" },
    { "--schedule shared --handoff request", "--handoff request",
      "connection" },
    { "--handoff request --schedule reuseport", "--schedule reuseport",
      "connection" },
    { "--schedule shared --no-retain", "--no-retain", "--schedule shared" },
    { "--schedule reuseport --queue-timeout 5s", "--queue-timeout",
      "--schedule reuseport" },
    { "--schedule shared --max-kills 20", "--max-kills", "--schedule shared" },
    { "--schedule reuseport -l unix:x", "--listen unix:PATH", "ADDR:PORT" },
    { "--keep-listeners", "--keep-listeners", "--schedule reuseport" },
    { "--keep-listeners --schedule shared", "--keep-listeners", "reuseport" },
    { "--socket-mode 0600", "--socket-mode", "unix:PATH" },
    { "--crash-until 1s", "--crash-until", "--crash-at-start" },
    { "--start-lock", "--start-lock", "--start-delay" },
};

START_TEST(refusal_names_option_and_allowed_values_in_one_line)
{
    struct typed typed = type(refusals[_i].line);
    const char *line = refusals[_i].line;

    ck_assert_msg(typed.outcome == OPTIONS_REFUSE, "accepted '%s'", line);
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

START_TEST(number_of_listeners_is_limited)
{
    char line[(OPTIONS_LISTEN_MAX + 1) * sizeof " -lunix:x"] = "-lunix:x";
    struct typed typed;

    for (int i = 1; i < OPTIONS_LISTEN_MAX; i++)
        strcat(line, " -lunix:x");
    typed = type(line);
    ck_assert_int_eq((int)typed.outcome, OPTIONS_RUN);
    ck_assert_uint_eq(typed.options.listen_count, OPTIONS_LISTEN_MAX);
    typed_free(&typed);
    typed = type(strcat(line, " -lunix:x"));
    ck_assert_int_eq((int)typed.outcome, OPTIONS_REFUSE);
    typed_free(&typed);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("options refused");

    tcase_add_loop_test(cases,
                        refusal_names_option_and_allowed_values_in_one_line, 0,
                        ROWS(refusals));
    tcase_add_test(cases, number_of_listeners_is_limited);
    return run_suite("options refused", cases);
}
