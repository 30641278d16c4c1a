/* SPDX-License-Identifier: MIT */
/* test_help.c - the help is complete. */
#include "supervisor/options/options.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/command_line.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 80

/* Returns the help on one option, with single spaces between its words; empty
 * if the option is missing.  The caller frees it. */
static char *help_on(const char *help, const struct option_row *row)
{
    char head[64], *text, *end;
    const char *found;

    if (row->letter)
        snprintf(head, sizeof head, "\n  -%c, --%s", row->letter, row->name);
    else
        snprintf(head, sizeof head, "\n      --%s", row->name);
    found = strstr(help, head);
    while (found && !strchr(" \n", found[strlen(head)]))
        found = strstr(found + 1, head);
    text = end = calloc(1, strlen(help) + 1);
    if (!found)
        return text;
    for (found++;
         *found && strncmp(found, "\n  -", 4) != 0 &&
         strncmp(found, "\n      --", 9) != 0 && strncmp(found, "\n\n", 2) != 0;
         found++)
        if (!strchr(" \n", *found))
            *end++ = *found;
        else if (end > text && end[-1] != ' ')
            *end++ = ' ';
    return text;
}

static void expect_part(const char *text, const char *words)
{
    ck_assert_msg(strstr(text, words) != NULL, "no '%s' in '%s'", words, text);
}

START_TEST(help_lists_every_option_with_value_and_default)
{
    const struct option_row *row = &supervisor_rows[_i];
    struct typed typed = type("--help");
    char *text = help_on(typed.out, row), words[512], value[64];
    const char *fallback = row->fallback ? row->fallback : row->fallback_help;

    ck_assert_int_eq((int)typed.outcome, OPTIONS_DONE);
    ck_assert_str_eq(typed.err, "");
    option_value_name(row, value, sizeof value);
    snprintf(words, sizeof words, "--%s %s%s%s", row->name, value,
             *value ? " " : "", row->help);
    expect_part(text, words);
    if (fallback) {
        snprintf(words, sizeof words, "default %s)", fallback);
        expect_part(text, words);
    }
    free(text);
    typed_free(&typed);
}
END_TEST

START_TEST(option_names_are_unique_and_every_option_has_help)
{
    const struct option_row *row = &supervisor_rows[_i];

    ck_assert_ptr_nonnull(row->name);
    ck_assert_ptr_nonnull(row->help);
    for (int id = 0; id < (int)supervisor_row_count; id++) {
        if (id == _i)
            continue;
        ck_assert_str_ne(supervisor_rows[id].name, row->name);
        ck_assert(!row->letter || supervisor_rows[id].letter != row->letter);
    }
}
END_TEST

static const char *const words[] = {
    "Usage: supervisor",
    "us, ms, s or m",
    "k (KiB) or m (MiB)",
    "\n  -h, --help ",
    "\n      --version ",
    "TERM, INT",
    "second INT",
    "HUP",
    "\n  0 ",
    "\n  1 ",
    "\n  2 ",
    "\n  70 ",
};

START_TEST(help_names_units_signals_and_exit_statuses)
{
    struct typed typed = type("-h");

    ck_assert_msg(strstr(typed.out, words[_i]) != NULL, "%s", words[_i]);
    typed_free(&typed);
}
END_TEST

START_TEST(help_fits_a_terminal)
{
    struct typed typed = type("--help");

    for (const char *line = typed.out; *line; line = strchr(line, '\n') + 1)
        ck_assert_uint_lt(strcspn(line, "\n"), COLUMNS);
    typed_free(&typed);
}
END_TEST

START_TEST(help_ignores_what_follows_but_not_errors_before_it)
{
    struct typed typed = type("-w 3 --help --frobnicate");

    ck_assert_int_eq((int)typed.outcome, OPTIONS_DONE);
    ck_assert_str_eq(typed.err, "");
    typed_free(&typed);
    typed = type("-w 0 --help");
    ck_assert_int_eq((int)typed.outcome, OPTIONS_REFUSE);
    ck_assert_str_eq(typed.out, "");
    typed_free(&typed);
}
END_TEST

START_TEST(version_is_one_line)
{
    struct typed typed = type("--version");
    int end = 0;

    ck_assert_int_eq((int)typed.outcome, OPTIONS_DONE);
    sscanf(typed.out, "supervisor %*d.%*d\n%n", &end);
    ck_assert_msg(end > 0 && typed.out[end] == '\0', "%s", typed.out);
    typed_free(&typed);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("help");

    tcase_add_loop_test(cases, help_lists_every_option_with_value_and_default,
                        0, (int)supervisor_row_count);
    tcase_add_loop_test(cases,
                        option_names_are_unique_and_every_option_has_help, 0,
                        (int)supervisor_row_count);
    tcase_add_loop_test(cases, help_names_units_signals_and_exit_statuses, 0,
                        ROWS(words));
    tcase_add_test(cases, help_fits_a_terminal);
    tcase_add_test(cases, help_ignores_what_follows_but_not_errors_before_it);
    tcase_add_test(cases, version_is_one_line);
    return run_suite("help", cases);
}
