/* SPDX-License-Identifier: MIT */
/* arguments.c - a sub-command's options from argv; see option.h. */
#include "chaos/cli/commands.h"
#include "chaos/experiment/option.h"
#include "chaos/report/terminal.h"
#include <string.h>

#define HELP_COLUMN 26

/* Prints "  --name VALUE   meaning", with the meanings in one column. */
static void print_option(const char *name, const char *what, const char *help)
{
    char first[128], rest[HELP_COLUMN + 1];
    int width = snprintf(first, sizeof(first), "  %s%s%s%s",
                         name[1] ? "--" : "-", name, *what ? " " : "", what);

    snprintf(first + width, sizeof(first) - (size_t)width, "%*s",
             width < HELP_COLUMN ? HELP_COLUMN - width : 1, "");
    snprintf(rest, sizeof(rest), "%*s", HELP_COLUMN, "");
    terminal_wrap(stdout, help, first, rest);
}

static void print_help(const struct command_line *line)
{
    char help[512];

    printf("usage: %s\n\n", line->usage);
    terminal_wrap(stdout, line->about, "", "");
    if (line->count > 0)
        printf("\nOptions:\n");
    for (size_t i = 0; i < line->count; i++) {
        struct option shown = line->option_table[i];

        if (shown.kind == OPTION_VALUE_FLAG) /* the default is "no" */
            shown.default_text = NULL;
        print_option(shown.name,
                     shown.kind == OPTION_VALUE_FLAG ? "" : shown.placeholder,
                     option_describe(&shown, help, sizeof(help)));
    }
    print_option("help", "", "print this help");
    if (line->after) {
        putchar('\n');
        terminal_wrap(stdout, line->after, "", "");
    }
}

enum arguments_outcome {
    ARGUMENTS_RUN,
    ARGUMENTS_DONE,  /* the help was printed */
    ARGUMENTS_REFUSE /* an error was printed */
};

static enum arguments_outcome refuse(const struct command_line *line,
                                     const char *what, const char *why)
{
    /* The usage begins with two words, the program and the sub-command. */
    size_t program = strcspn(line->usage, " ");
    size_t command = strcspn(line->usage + program + 1, " ");

    fprintf(stderr, "chaos: %s: %s (see %.*s --help)\n", what, why,
            (int)(program + 1 + command), line->usage);
    return ARGUMENTS_REFUSE;
}

/* Reads the option at argv[*at] and its value; advances *at to the last
 * argument that it consumed. */
static enum arguments_outcome take(const struct command_line *line,
                                   void *fields, int argc, char **argv, int *at)
{
    const char *text = argv[*at] + (argv[*at][1] == '-' ? 2 : 1);
    const char *equals = strchr(text, '=');
    char name[64], why[OPTION_VALUE_WHY];
    const struct option *option;

    snprintf(name, sizeof(name), "%.*s",
             equals ? (int)(equals - text) : (int)strlen(text), text);
    if (strcmp(name, "help") == 0) {
        print_help(line);
        return ARGUMENTS_DONE;
    }
    option = options_find(line->option_table, line->count, name);
    if (!option)
        return refuse(line, argv[*at], "unknown option");
    if (option->kind == OPTION_VALUE_FLAG && equals)
        return refuse(line, argv[*at], "takes no value");
    if (option->kind == OPTION_VALUE_FLAG)
        text = "yes";
    else if (equals)
        text = equals + 1;
    else if (*at + 1 < argc)
        text = argv[++*at];
    else
        return refuse(line, argv[*at], "needs a value");
    if (!option_value_set(option, fields, text, why)) {
        snprintf(name, sizeof(name), "--%s", option->name);
        return refuse(line, name, why);
    }
    if (line->on_option)
        line->on_option(fields, option);
    return ARGUMENTS_RUN;
}

static enum arguments_outcome read_all(const struct command_line *line,
                                       void *fields, int argc, char **argv,
                                       int *operands)
{
    int count = 0, at = 1;

    options_set_defaults(line->option_table, line->count, fields);
    /* The operands are moved to the front, after argv[0]. */
    for (; at < argc; at++) {
        enum arguments_outcome outcome;

        if (strcmp(argv[at], "--") == 0) {
            while (++at < argc)
                argv[++count] = argv[at];
            break;
        }
        if (argv[at][0] != '-' || argv[at][1] == '\0') {
            argv[++count] = argv[at];
            continue;
        }
        if (strcmp(argv[at], "-h") == 0) {
            print_help(line);
            return ARGUMENTS_DONE;
        }
        if (argv[at][1] != '-' && argv[at][2] != '\0')
            return refuse(line, argv[at], "unknown option");
        outcome = take(line, fields, argc, argv, &at);
        if (outcome != ARGUMENTS_RUN)
            return outcome;
    }
    *operands = count;
    if (count > 0 && !line->operand)
        return refuse(line, argv[1], "takes no operand");
    if (count > line->operands_max)
        return refuse(line, argv[line->operands_max + 1],
                      "one operand too many");
    if (count < line->operands_min)
        return refuse(line, line->operand, "is missing");
    return ARGUMENTS_RUN;
}

bool arguments_read(const struct command_line *line, void *fields, int argc,
                    char **argv, int *operands, int *status)
{
    switch (read_all(line, fields, argc, argv, operands)) {
    case ARGUMENTS_RUN:
        return true;
    case ARGUMENTS_DONE:
        *status = EXIT_HELD;
        return false;
    case ARGUMENTS_REFUSE:
        break;
    }
    *status = EXIT_BAD_INPUT;
    return false;
}

int command_refuse(const char *why)
{
    fprintf(stderr, "chaos: %s\n", why);
    return EXIT_BAD_INPUT;
}
