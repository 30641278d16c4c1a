/* SPDX-License-Identifier: MIT */
/* test_command_line.c - options and operands in argv, and the help. */
#include "supervisor/options/command_line.h"
#include "tests/harness/run_suite.h"
#include <stdlib.h>
#include <string.h>

struct fields {
    bool flag;
    uint32_t number;
    const char *text;
};

#define AT(field) offsetof(struct fields, field)

static const struct option_row rows[] = {
    OPTION("flag", VALUE_FLAG, AT(flag), "a flag", .letter = 'f'),
    OPTION("number", VALUE_NUMBER, AT(number), "a number", "7", .letter = 'n',
           .min = 2, .max = 9),
    OPTION("text", VALUE_TEXT, AT(text), "a text", .group = "Others",
           .letter = 't'),
};

#define ARGUMENTS_MAX 8

static char *words, *output, *errors;
static char *argv[ARGUMENTS_MAX + 2];
static bool given[ROWS(rows)];
static struct fields fields;
static int operands;

static struct command_line command(void)
{
    return (struct command_line){
        .name = "tool part",
        .usage = "[options] PLACE",
        .about = "Does something.",
        .rows = rows,
        .count = ROWS(rows),
        .given = given,
        .operand = "PLACE",
        .operands_min = 1,
        .operands_max = 2,
    };
}

/* Reads a command line, whose words are separated by spaces. */
static enum options_outcome read_line(const struct command_line *line,
                                      const char *text)
{
    static char name[] = "part";
    enum options_outcome outcome;
    size_t size;
    FILE *out = open_memstream(&output, &size);
    FILE *err = open_memstream(&errors, &size);
    int argc = 1;
    char *rest = words = strdup(text);

    argv[0] = name;
    while (rest && *rest && argc <= ARGUMENTS_MAX)
        argv[argc++] = strsep(&rest, " ");
    memset(&fields, 0, sizeof fields);
    memset(given, 0, sizeof given);
    operands = -1;
    outcome = command_line_read(line, &fields, argc, argv, &operands, out, err);
    fclose(out);
    fclose(err);
    return outcome;
}

static void discard(void)
{
    free(words);
    free(output);
    free(errors);
}

static const struct {
    const char *text;
    uint32_t number;
    const char *first, *second; /* operands */
} lines[] = {
    { "here", 7, "here", NULL },
    { "--number 3 here", 3, "here", NULL },
    { "--number=3 here", 3, "here", NULL },
    { "-n 3 here", 3, "here", NULL },
    { "-n3 here", 3, "here", NULL },
    { "-t x here", 7, "here", NULL },
    { "here -n 3 there", 3, "here", "there" },
    { "-n 3 -n 4 here", 4, "here", NULL },
    { "-f here", 7, "here", NULL },
    { "--flag - here", 7, "-", "here" },
    { "-- -n there", 7, "-n", "there" },
    { "here -- --", 7, "here", "--" },
};

START_TEST(options_and_operands_are_read)
{
    const struct command_line line = command();
    const char *text = lines[_i].text;

    ck_assert_int_eq((int)read_line(&line, text), OPTIONS_RUN);
    ck_assert_str_eq(errors, "");
    ck_assert_str_eq(output, "");
    ck_assert_uint_eq(fields.number, lines[_i].number);
    ck_assert_int_eq(operands, lines[_i].second ? 2 : 1);
    ck_assert_str_eq(argv[1], lines[_i].first);
    if (lines[_i].second)
        ck_assert_str_eq(argv[2], lines[_i].second);
    ck_assert_int_eq(given[1], lines[_i].number != 7);
    ck_assert_int_eq(fields.flag, given[0]);
    ck_assert_int_eq(given[0], strncmp(text, "-f", 2) == 0 ||
                                   strncmp(text, "--flag", 6) == 0);
    ck_assert_int_eq(given[2], fields.text != NULL);
    discard();
}
END_TEST

static const struct {
    const char *text, *line;
} refusals[] = {
    { "", "tool: PLACE: missing (usage: tool part [options] PLACE)\n" },
    { "a b c", "tool: 'c': unexpected argument (allowed: 2 PLACE; see tool "
               "part --help)\n" },
    { "--no a", "tool: '--no': unknown option (see tool part --help)\n" },
    { "--num 3 a", "tool: '--num': unknown option (see tool part --help)\n" },
    { "--version a",
      "tool: '--version': unknown option (see tool part --help)\n" },
    { "-x a", "tool: '-x': unknown option (see tool part --help)\n" },
    { "a --number", "tool: --number: missing value (allowed: a whole number "
                    "from 2 to 9)\n" },
    { "-n a", "tool: --number: invalid value 'a' (allowed: a whole number "
              "from 2 to 9)\n" },
    { "--number= a", "tool: --number: invalid value '' (allowed: a whole "
                     "number from 2 to 9)\n" },
    { "-fa b", "tool: --flag: invalid value 'a' (allowed: no value)\n" },
    { "--flag=yes", "tool: --flag: invalid value 'yes' (allowed: no value)\n" },
    { "-n 1 --help", "tool: --number: invalid value '1' (allowed: a whole "
                     "number from 2 to 9)\n" },
};

START_TEST(refusal_is_one_line)
{
    const struct command_line line = command();

    ck_assert_int_eq((int)read_line(&line, refusals[_i].text), OPTIONS_REFUSE);
    ck_assert_str_eq(errors, refusals[_i].line);
    ck_assert_str_eq(output, "");
    discard();
}
END_TEST

START_TEST(command_without_operands_refuses_them)
{
    static const char *const surplus[] = { "here", "-", "--" };
    struct command_line line = command();

    line.operand = NULL;
    line.operands_min = line.operands_max = 0;
    for (size_t i = 0; i < ROWS(surplus); i++) {
        ck_assert_int_eq((int)read_line(&line, surplus[i]), OPTIONS_REFUSE);
        ck_assert_ptr_nonnull(strstr(errors, surplus[i]));
        discard();
    }
}
END_TEST

START_TEST(help_and_version_end_the_reading)
{
    struct command_line line = command();

    line.version = "tool 1";
    ck_assert_int_eq((int)read_line(&line, "--version --no"), OPTIONS_DONE);
    ck_assert_str_eq(output, "tool 1\n");
    discard();
    ck_assert_int_eq((int)read_line(&line, "-h --no"), OPTIONS_DONE);
    ck_assert_str_eq(errors, "");
    ck_assert_ptr_eq(strstr(output, "Usage: tool part [options] PLACE\n\n"
                                    "Does something.\n\nOptions:\n"
                                    "  -f, --flag  "),
                     output);
    ck_assert_ptr_nonnull(strstr(output, "\n\nOthers:\n  -t, --text TEXT  "));
    ck_assert_ptr_nonnull(strstr(output, "\n\nAbout:\n  -h, --help  "));
    ck_assert_ptr_nonnull(strstr(output, "\n      --version  "));
    discard();
}
END_TEST

START_TEST(help_fits_its_columns_and_keeps_line_ends)
{
    struct command_line line = command();

    line.columns = 40;
    line.about = "A text that is longer than forty columns is continued.";
    line.after = "  one  two\n  three";
    ck_assert_int_eq((int)read_line(&line, "--help"), OPTIONS_DONE);
    for (const char *at = output; *at; at = strchr(at, '\n') + 1)
        ck_assert_uint_le(strcspn(at, "\n"), 40);
    ck_assert_ptr_nonnull(strstr(output, "forty columns\nis continued.\n"));
    ck_assert_ptr_nonnull(strstr(output, "\n\n  one  two\n  three\n"));
    discard();
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("command line");

    tcase_add_loop_test(cases, options_and_operands_are_read, 0, ROWS(lines));
    tcase_add_loop_test(cases, refusal_is_one_line, 0, ROWS(refusals));
    tcase_add_test(cases, command_without_operands_refuses_them);
    tcase_add_test(cases, help_and_version_end_the_reading);
    tcase_add_test(cases, help_fits_its_columns_and_keeps_line_ends);
    return run_suite("command line", cases);
}
