/* SPDX-License-Identifier: MIT */
/* command_line.c - reads argv; see command_line.h. */
#include "supervisor/options/command_line.h"
#include <stdarg.h>
#include <string.h>

#define SHOWN_SIZE 81 /* of an invalid argument */

/* Their values are not stored: reading ends. */
const struct option_row command_line_common[COMMAND_LINE_COMMON] = {
    OPTION("help", VALUE_FLAG, 0, "print this help and exit", .letter = 'h'),
    OPTION("version", VALUE_FLAG, 0, "print the version and exit"),
};

struct reader {
    const struct command_line *line;
    void *fields;
    char **argv;
    int argc, next; /* argv[next] is not parsed yet */
    FILE *out, *err;
};

enum options_outcome command_line_refuse(const struct command_line *line,
                                         FILE *err, const char *format, ...)
{
    va_list list;

    fprintf(err, "%.*s: ", (int)strcspn(line->name, " "), line->name);
    va_start(list, format);
    vfprintf(err, format, list);
    va_end(list);
    fputc('\n', err);
    return OPTIONS_REFUSE;
}

/* Returns the row of --name, --name=VALUE, -n or -nVALUE, or NULL. */
static const struct option_row *find_row(const struct option_row *rows,
                                         size_t count, const char *argument)
{
    const char *name = argument + 2;

    if (argument[1] == '-')
        return options_find(rows, count, name, strcspn(name, "="));
    while (count > 0 && rows->letter != argument[1]) {
        rows++;
        count--;
    }
    return count > 0 ? rows : NULL;
}

static enum options_outcome read_option(struct reader *reader,
                                        const char *argument)
{
    const struct command_line *line = reader->line;
    const struct option_row *row = find_row(line->rows, line->count, argument);
    const struct option_row *common = find_row(
        command_line_common, COMMAND_LINE_COMMON - !line->version, argument);
    const char *equals = strchr(argument, '='), *value;
    char why[OPTION_COMPLAINT_SIZE], shown[SHOWN_SIZE];

    if (!row && !common)
        return command_line_refuse(
            line, reader->err, "'%s': unknown option (see %s --help)",
            option_printable(argument, shown, sizeof(shown)), line->name);
    if (argument[1] == '-')
        value = equals ? equals + 1 : NULL;
    else
        value = argument[2] ? argument + 2 : NULL;
    if (!row)
        row = common;
    if (row->kind == VALUE_FLAG && value)
        return command_line_refuse(
            line, reader->err, "--%s: invalid value '%s' (allowed: no value)",
            row->name, option_printable(value, shown, sizeof(shown)));
    if (row == &command_line_common[0])
        command_line_help(line, reader->out);
    else if (row == common)
        fprintf(reader->out, "%s\n", line->version);
    if (row == common)
        return OPTIONS_DONE;
    if (row->kind == VALUE_FLAG)
        value = "yes";
    else if (!value && reader->next < reader->argc)
        value = reader->argv[reader->next++];
    if (!value || !option_set(row, reader->fields, value))
        return command_line_refuse(
            line, reader->err, "--%s: %s", row->name,
            option_complaint(row, value, why, sizeof(why)));
    if (line->given)
        line->given[row - line->rows] = true;
    return OPTIONS_RUN;
}

static enum options_outcome check_operands(const struct reader *reader,
                                           int count)
{
    const struct command_line *line = reader->line;
    char allowed[64] = "only options are allowed", shown[SHOWN_SIZE];

    if (count < line->operands_min)
        return command_line_refuse(line, reader->err,
                                   "%s: missing (usage: %s %s)", line->operand,
                                   line->name, line->usage);
    if (count <= line->operands_max)
        return OPTIONS_RUN;
    if (line->operand)
        snprintf(allowed, sizeof(allowed), "allowed: %d %s", line->operands_max,
                 line->operand);
    return command_line_refuse(
        line, reader->err, "'%s': unexpected argument (%s; see %s --help)",
        option_printable(reader->argv[line->operands_max + 1], shown,
                         sizeof(shown)),
        allowed, line->name);
}

enum options_outcome command_line_read(const struct command_line *line,
                                       void *fields, int argc, char **argv,
                                       int *operands, FILE *out, FILE *err)
{
    struct reader reader = { line, fields, argv, argc, 1, out, err };
    bool options_end = false;
    int count = 0;

    options_set_defaults(line->rows, line->count, fields);
    while (reader.next < argc) {
        char *argument = argv[reader.next++];
        enum options_outcome outcome = OPTIONS_RUN;

        if (options_end || argument[0] != '-' || argument[1] == '\0')
            argv[++count] = argument;
        else if (line->operand && strcmp(argument, "--") == 0)
            options_end = true;
        else
            outcome = read_option(&reader, argument);
        if (outcome != OPTIONS_RUN)
            return outcome;
    }
    if (operands)
        *operands = count;
    return check_operands(&reader, count);
}
