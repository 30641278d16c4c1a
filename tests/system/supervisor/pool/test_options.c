/* SPDX-License-Identifier: MIT */
/* test_options.c - valid and invalid command lines. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <string.h>
#include <unistd.h>

static const struct {
    const char *options;
    const char *names; /* part of the line on standard error */
} refused[] = {
    { "--unknown", "--unknown" },
    { "-z", "-z" },
    { "surplus", "surplus" },
    { "--workers", "--workers" },
    { "--workers 0", "--workers" },
    { "--workers -1", "--workers" },
    { "--workers many", "--workers" },
    { "--workers 4x", "--workers" },
    { "--spares 99999", "--spares" },
    { "--exit-after -1", "--exit-after" },
    { "--exit-code 256", "--exit-code" },
    { "--exit-delay 5", "--exit-delay" },
    { "--exit-delay 5h", "--exit-delay" },
    { "--handoff socket", "--handoff" },
    { "--schedule fifo", "--schedule" },
    { "--respawn sometimes", "--respawn" },
    { "--backoff cubic", "--backoff" },
    { "--backoff-base 100", "--backoff-base" },
    { "--backoff-base 10s --backoff-cap 1s", "--backoff-cap" },
    { "--restart-intensity 10", "--restart-intensity" },
    { "--restart-intensity 10/5", "--restart-intensity" },
    { "--restart-intensity /5s", "--restart-intensity" },
    { "--on-crash-loop pray", "--on-crash-loop" },
    { "--max-starting 0", "--max-starting" },
    { "--seed abc", "--seed" },
    { "--queue-timeout soon", "--queue-timeout" },
    { "--drain-timeout -5s", "--drain-timeout" },
    { "--max-connections 0", "--max-connections" },
    { "--log-format xml", "--log-format" },
    { "--listen 127.0.0.1", "--listen" },
    { "--listen 127.0.0.1:65536", "--listen" },
    { "--listen localhost.invalid:80", "--listen" },
    { "--listen ::1:80", "--listen" },
    { "--listen :80", "--listen" },
    { "--crash-at-start", "--faults" },
    { "--no-retain --handoff request", "--no-retain" },
};

static size_t lines(const char *text)
{
    size_t count = 0;

    for (; (text = strchr(text, '\n')); text++)
        count++;
    return count;
}

START_TEST(invalid_command_line_is_refused_in_one_line)
{
    struct supervised_run run = supervised_run("%s", refused[_i].options);

    ck_assert_msg(run.status == 2, "%s: exit status %d", refused[_i].options,
                  run.status);
    ck_assert_msg(lines(run.errors) == 1, "%s: %s", refused[_i].options,
                  run.errors);
    ck_assert_msg(strstr(run.errors, refused[_i].names) != NULL, "%s: %s",
                  refused[_i].options, run.errors);
    ck_assert_str_eq(run.output, "");
    supervised_run_free(&run);
}
END_TEST

static const struct {
    const char *options;
    const char *names;
} impossible[] = {
    { "--listen 192.0.2.1:80", "192.0.2.1" },
    { "--listen 127.0.0.1:0 --log missing/folder", "missing/folder" },
    { "--listen 127.0.0.1:0 --log missing/\033]0;x\x9b\xc2\x9by",
      "missing/?]0;x???y" },
    { "--listen unix:missing/\033]0;x\x9b\xc2\x9by", "missing/?]0;x???y" },
};

START_TEST(failed_system_call_at_start_ends_with_1)
{
    struct supervised_run run = supervised_run("%s", impossible[_i].options);

    ck_assert_int_eq(run.status, 1);
    ck_assert_msg(lines(run.errors) == 1, "%s", run.errors);
    ck_assert_msg(strstr(run.errors, impossible[_i].names) != NULL, "%s",
                  run.errors);
    supervised_run_free(&run);
}
END_TEST

START_TEST(error_names_a_port_in_use)
{
    struct supervised supervised;
    struct supervised_run run;
    char port[16];

    supervised_start(&supervised, "--workers 1");
    run = supervised_run("--listen 127.0.0.1:%d", supervised.port);
    snprintf(port, sizeof(port), ":%d", supervised.port);
    ck_assert_int_eq(run.status, 1);
    ck_assert_msg(lines(run.errors) == 1, "%s", run.errors);
    ck_assert_msg(strstr(run.errors, port) != NULL, "%s", run.errors);
    supervised_run_free(&run);
    /* The first supervisor still serves. */
    http_expect_hello(supervised.port);
    supervised_finish(&supervised);
}
END_TEST

/* Some programs start a daemon with standard input closed.  A listener with
 * descriptor 0 would stay open in every worker. */
START_TEST(closed_standard_input_is_not_reused_for_the_port)
{
    char path[64], found[64] = "";
    struct supervised supervised;

    close(STDIN_FILENO);
    supervised_start(&supervised, "--workers 1");
    snprintf(path, sizeof(path), "/proc/%d/fd/0", (int)supervised.pid);
    ck_assert_int_gt(readlink(path, found, sizeof(found) - 1), 0);
    ck_assert_str_eq(found, "/dev/null");
    supervised_finish(&supervised);
}
END_TEST

START_TEST(help_names_every_option)
{
    static const char *const options[] = {
        "-l, --listen",
        "-w, --workers",
        "-s, --spares",
        "--exit-after",
        "--exit-code",
        "--exit-delay",
        "--handoff",
        "--schedule",
        "--respawn",
        "--backoff",
        "--backoff-base",
        "--backoff-cap",
        "--healthy-after",
        "--on-crash-loop",
        "--max-starting",
        "--restart-intensity",
        "--seed",
        "--explain",
        "--queue-timeout",
        "--drain-timeout",
        "--log",
        "--log-format",
        "--max-connections",
        "--faults",
        "--crash-at-start",
        "--no-retain",
        "--version",
    };
    struct supervised_run run = supervised_run("--help");

    ck_assert_int_eq(run.status, 0);
    ck_assert_str_eq(run.errors, "");
    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
        ck_assert_msg(strstr(run.output, options[i]) != NULL, "no %s",
                      options[i]);
    supervised_run_free(&run);
}
END_TEST

START_TEST(version_prints_one_line)
{
    struct supervised_run run = supervised_run("--version");

    ck_assert_int_eq(run.status, 0);
    ck_assert_uint_eq(lines(run.output), 1);
    supervised_run_free(&run);
}
END_TEST

START_TEST(explain_prints_the_delays_and_starts_nothing)
{
    struct supervised_run run = supervised_run(
        "--explain --backoff exponential --backoff-base 70ms --workers 1");

    ck_assert_int_eq(run.status, 0);
    ck_assert_str_eq(run.errors, "");
    ck_assert_msg(strstr(run.output, "70ms") != NULL, "%s", run.output);
    ck_assert_msg(strstr(run.output, "140ms") != NULL, "%s", run.output);
    ck_assert_msg(strstr(run.output, "280ms") != NULL, "%s", run.output);
    supervised_run_free(&run);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("options");

    tcase_add_loop_test(cases, invalid_command_line_is_refused_in_one_line, 0,
                        (int)(sizeof(refused) / sizeof(*refused)));
    tcase_add_loop_test(cases, failed_system_call_at_start_ends_with_1, 0,
                        (int)(sizeof(impossible) / sizeof(*impossible)));
    tcase_add_test(cases, error_names_a_port_in_use);
    tcase_add_test(cases, closed_standard_input_is_not_reused_for_the_port);
    tcase_add_test(cases, help_names_every_option);
    tcase_add_test(cases, version_prints_one_line);
    tcase_add_test(cases, explain_prints_the_delays_and_starts_nothing);
    return suite_run(cases, "options");
}
