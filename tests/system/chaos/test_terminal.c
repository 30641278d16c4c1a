/* SPDX-License-Identifier: MIT */
/*
 * test_terminal.c - output on a terminal: lines fit its width, and colours are
 * the only control sequences.
 */
#include "tests/harness/chaos/reports.h"
#include "tests/harness/chaos/tiny_lesson.h"
#include "tests/harness/suite.h"
#include <pty.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SEEN_MAX (256 * 1024)

static char seen[SEEN_MAX];
static int status;

/* Runs a command to its end in a terminal with `columns` columns. */
__attribute__((format(printf, 3, 4))) static void
watch(unsigned short columns, const char *environment, const char *format, ...)
{
    const struct winsize size = { .ws_row = 24, .ws_col = columns };
    char words[1024], command[1200];
    size_t length = 0;
    ssize_t more;
    va_list list;
    pid_t pid;
    int fd;

    va_start(list, format);
    vsnprintf(words, sizeof(words), format, list);
    va_end(list);
    snprintf(command, sizeof(command), "%s exec " BUILD_DIRECTORY "/chaos %s",
             environment, words);
    pid = forkpty(&fd, NULL, NULL, &size);
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        unsetenv("NO_COLOR");
        setenv("TERM", "xterm", 1);
        execl("/bin/sh", "sh", "-c", command, NULL);
        _exit(127);
    }
    while (length + 1 < sizeof(seen) &&
           (more = read(fd, seen + length, sizeof(seen) - 1 - length)) > 0)
        length += (size_t)more;
    seen[length] = '\0';
    close(fd);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
}

/* Lines that are for copying are not wrapped. */
static bool may_be_wide(const char *line)
{
    if (*line == '\033')
        line += strcspn(line, "m") + 1;
    return strncmp(line, "Again:", 6) == 0 || strncmp(line, "Report:", 7) == 0;
}

/* A line that is overwritten counts as a line. */
static size_t widest(void)
{
    size_t max = 0, width = 0;
    const char *line = seen;

    for (const char *at = seen;; at++) {
        if (*at == '\033') {
            at += strcspn(at, "m");
            continue;
        }
        if (*at == '\0' || *at == '\r' || *at == '\n') {
            max = width > max && !may_be_wide(line) ? width : max;
            width = 0;
            line = at + 1;
        } else {
            width += ((unsigned char)*at & 0xc0) != 0x80;
        }
        if (*at == '\0')
            return max;
    }
}

#define SHORT                                                                  \
    "-o run.baseline=1s -o run.duration=2s -o run.recovery=1s "                \
    "-o load.rate=40 -o target.start='" BUILD_DIRECTORY                        \
    "/supervisor -l 127.0.0.1:0 -w 4 --log-format json --exit-after 1' "

static const unsigned short widths[] = { 40, 60, 80, 200 };

START_TEST(run_fits_the_terminal)
{
    struct reports reports;

    reports_make(&reports);
    watch(60, "", "run chaos/experiments/kill-random.ini --out %s " SHORT,
          reports.path);
    ck_assert_ptr_nonnull(strstr(seen, "\rfault "));
    ck_assert_ptr_nonnull(strstr(seen, "Verdict:"));
    ck_assert_msg(widest() <= 60, "%zu columns: %s", widest(), seen);
    for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
        watch(widths[i], "", "report --out %s %s/run.json", reports.path,
              reports.path);
        ck_assert_ptr_nonnull(strstr(seen, "latency p99.9"));
        ck_assert_msg(widest() <= widths[i] && widest() <= 80,
                      "%zu of %d columns: %s", widest(), widths[i], seen);
    }
    reports_remove(&reports);
}
END_TEST

START_TEST(watched_run_fits_the_terminal)
{
    struct reports reports;

    reports_make(&reports);
    for (int i = 0; i < 2; i++) {
        watch(widths[i], "",
              "run --watch chaos/experiments/kill-random.ini --out %s " SHORT,
              reports.path);
        ck_assert_ptr_nonnull(strstr(seen, "exited:"));
        ck_assert_ptr_nonnull(strstr(seen, "Verdict:"));
        ck_assert_msg(widest() <= widths[i], "%zu of %d columns: %s", widest(),
                      widths[i], seen);
    }
    reports_remove(&reports);
}
END_TEST

START_TEST(client_fits_the_terminal)
{
    watch(40, "",
          "client --duration 100ms --p99 1s --max-gap 1us http://127.0.0.1:1/");
    ck_assert_ptr_nonnull(strstr(seen, "Verdict:"));
    ck_assert_msg(widest() <= 40, "%zu columns: %s", widest(), seen);
}
END_TEST

static const struct {
    const char *environment;
    bool coloured;
} terminals[] = {
    { "", true },
    { "TERM=dumb", false },
    { "unset TERM;", false },
    { "NO_COLOR=1", false },
    { "NO_COLOR=", true }, /* no-color.org: empty has no effect */
};

START_TEST(colours_follow_the_environment)
{
    watch(80, terminals[_i].environment,
          "client --duration 100ms http://127.0.0.1:1/");
    ck_assert_ptr_nonnull(strstr(seen, "Verdict:"));
    ck_assert_msg((strchr(seen, '\033') != NULL) == terminals[_i].coloured,
                  "%s", seen);
}
END_TEST

/* ---- Text from outside ---- */

/* A shell word that sets the title of the terminal, by ESC and by both forms of
 * a C1 control character. */
#define EVIL       "\"$(printf 'evil\\033]0;owned\\007\\235\\302\\235\\177end')\""
#define EVIL_SHOWN "evil?]0;owned?????end"

/* The control character or the broken UTF-8 that a terminal must not get, or
 * NULL.  Our own colours are "\033[", digits and an 'm'. */
static const char *find_control(void)
{
    for (const char *at = seen; *at; at++) {
        unsigned char byte = (unsigned char)*at;

        if (byte == '\033' && at[1] == '[' &&
            at[2 + strspn(at + 2, "0123456789;")] == 'm')
            at += 2 + strspn(at + 2, "0123456789;");
        else if ((byte < ' ' && byte != '\r' && byte != '\n') || byte == 127 ||
                 byte == 0x9d)
            return at;
    }
    return NULL;
}

static void check_shown(void)
{
    const char *control = find_control();

    ck_assert_msg(!control, "byte %#x in %s",
                  (unsigned)(unsigned char)*(control ? control : ""), seen);
    ck_assert_msg(strstr(seen, EVIL_SHOWN) != NULL, "%s", seen);
}

static const char *const evil_arguments[] = {
    EVIL,
    "client " EVIL,
    "client --" EVIL,
    "client http://127.0.0.1:1/ " EVIL,
    "check -o about.title=" EVIL " chaos/experiments/mixed-faults.ini",
    "check -o load.rate=" EVIL " chaos/experiments/mixed-faults.ini",
    "check " EVIL,
    "report " EVIL,
    "replay " EVIL,
    "compare " EVIL " " EVIL,
    "lesson " EVIL,
    "lesson --lessons " EVIL " all",
};

START_TEST(control_characters_of_arguments_are_replaced)
{
    watch(200, "", "%s", evil_arguments[_i]);
    check_shown();
}
END_TEST

START_TEST(control_characters_of_a_run_are_replaced)
{
    struct reports reports;

    reports_make(&reports);
    watch(200, "",
          "run chaos/experiments/kill-random.ini --out %s " SHORT
          "-o about.title=" EVIL,
          reports.path);
    check_shown();
    watch(200, "", "report --out %s %s/run.json", reports.path, reports.path);
    check_shown();
    reports_remove(&reports);
}
END_TEST

/* The message quotes the last log line of a target that does not start. */
START_TEST(control_characters_of_a_target_are_replaced)
{
    struct reports reports;

    reports_make(&reports);
    watch(200, "",
          "run chaos/experiments/kill-random.ini --out %s " SHORT
          "-o target.start=\"echo \"" EVIL,
          reports.path);
    check_shown();
    ck_assert_ptr_nonnull(strstr(seen, "last line of "));
    reports_remove(&reports);
}
END_TEST

#define EVIL_IN_LUA "'evil\\27]0;owned\\7\\157\\194\\157\\127end'"

START_TEST(control_characters_of_a_lesson_are_replaced)
{
    static const char fields[] =
        "title = " EVIL_IN_LUA ", question = " EVIL_IN_LUA
        ", prediction = " EVIL_IN_LUA ", learn = " EVIL_IN_LUA
        ", try = " EVIL_IN_LUA ", sample_lines = function() return " EVIL_IN_LUA
        " end,";

    tiny_lesson_setup();
    tiny_lesson_write("01-evil.lua", "200ms", fields, "false, " EVIL_IN_LUA);
    watch(200, "", "lesson --lessons %s", tiny_lesson.folder.path);
    check_shown();
    watch(200, "", "lesson --lessons %s --out %s/out evil",
          tiny_lesson.folder.path, tiny_lesson.folder.path);
    check_shown();
    tiny_lesson_teardown();
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("terminal");

    tcase_add_test(cases, run_fits_the_terminal);
    tcase_add_test(cases, watched_run_fits_the_terminal);
    tcase_add_test(cases, client_fits_the_terminal);
    tcase_add_loop_test(cases, colours_follow_the_environment, 0,
                        (int)(sizeof(terminals) / sizeof(terminals[0])));
    tcase_add_loop_test(
        cases, control_characters_of_arguments_are_replaced, 0,
        (int)(sizeof(evil_arguments) / sizeof(evil_arguments[0])));
    tcase_add_test(cases, control_characters_of_a_run_are_replaced);
    tcase_add_test(cases, control_characters_of_a_target_are_replaced);
    tcase_add_test(cases, control_characters_of_a_lesson_are_replaced);
    return suite_run(cases, "terminal");
}
