/* SPDX-License-Identifier: MIT */
/* command_line.c - reads argv; see command_line.h. */
#include "supervisor/options/command_line.h"
#include <string.h>

#define SHOWN_SIZE 81  /* of an invalid argument */
#define WHY_SIZE   512 /* of an error message */

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
                                         FILE *err, const char *what,
                                         const char *why)
{
    fprintf(err, "%.*s: %s: %s\n", (int)strcspn(line->name, " "), line->name,
            what, why);
    return OPTIONS_REFUSE;
}

/* `allowed` ends with "; ", or is empty. */
static enum options_outcome refuse_argument(const struct reader *reader,
                                            const char *argument,
                                            const char *why,
                                            const char *allowed)
{
    char shown[SHOWN_SIZE], quoted[SHOWN_SIZE + 2], all[WHY_SIZE];

    snprintf(quoted, sizeof(quoted), "'%s'",
             option_printable(argument, shown, sizeof(shown)));
    snprintf(all, sizeof(all), "%s (%ssee %s --help)", why, allowed,
             reader->line->name);
    return command_line_refuse(reader->line, reader->err, quoted, all);
}

static enum options_outcome refuse_value(const struct reader *reader,
                                         const struct option_row *row,
                                         const char *why)
{
    char what[SHOWN_SIZE];

    snprintf(what, sizeof(what), "--%s", row->name);
    return command_line_refuse(reader->line, reader->err, what, why);
}

static const struct option_row *find_letter(const struct option_row *rows,
                                            size_t count, char letter)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].letter == letter)
            return &rows[i];
    return NULL;
}

/* Returns the row of the option `argument`, or NULL.  Sets *value to the VALUE
 * of --name=VALUE or -nVALUE, or to NULL. */
static const struct option_row *find_row(const struct command_line *line,
                                         const char *argument,
                                         const char **value)
{
    size_t common = COMMAND_LINE_COMMON - !line->version;
    const struct option_row *row;
    const char *end;

    if (argument[1] == '-') {
        end = argument + strcspn(argument, "=");
        *value = *end ? end + 1 : NULL;
        argument += 2;
        row = options_find(line->rows, line->count, argument,
                           (size_t)(end - argument));
        return row ? row
                   : options_find(command_line_common, common, argument,
                                  (size_t)(end - argument));
    }
    *value = argument[2] ? argument + 2 : NULL;
    row = find_letter(line->rows, line->count, argument[1]);
    return row ? row : find_letter(command_line_common, common, argument[1]);
}

/* Prints what --help or --version ask for. */
static enum options_outcome answer(const struct reader *reader,
                                   const struct option_row *row)
{
    if (row == &command_line_common[0])
        command_line_help(reader->line, reader->out);
    else
        fprintf(reader->out, "%s\n", reader->line->version);
    return OPTIONS_DONE;
}

static enum options_outcome read_option(struct reader *reader,
                                        const char *argument)
{
    const struct command_line *line = reader->line;
    char why[OPTION_COMPLAINT_SIZE], shown[SHOWN_SIZE];
    const char *value;
    const struct option_row *row = find_row(line, argument, &value);

    if (!row)
        return refuse_argument(reader, argument, "unknown option", "");
    if (row->kind == VALUE_FLAG && value) {
        snprintf(why, sizeof(why), "invalid value '%s' (allowed: no value)",
                 option_printable(value, shown, sizeof(shown)));
        return refuse_value(reader, row, why);
    }
    if (row >= command_line_common &&
        row < command_line_common + COMMAND_LINE_COMMON)
        return answer(reader, row);
    if (row->kind == VALUE_FLAG)
        value = "yes";
    else if (!value && reader->next < reader->argc)
        value = reader->argv[reader->next++];
    if (!value || !option_set(row, reader->fields, value))
        return refuse_value(reader, row,
                            option_complaint(row, value, why, sizeof(why)));
    if (line->given)
        line->given[row - line->rows] = true;
    return OPTIONS_RUN;
}

/* Refuses too few or too many operands. */
static enum options_outcome check_operands(const struct reader *reader,
                                           int count)
{
    const struct command_line *line = reader->line;
    char why[WHY_SIZE];

    if (count > line->operands_max) {
        if (line->operand)
            snprintf(why, sizeof(why), "allowed: %d %s; ", line->operands_max,
                     line->operand);
        else
            snprintf(why, sizeof(why), "only options are allowed; ");
        return refuse_argument(reader, reader->argv[line->operands_max + 1],
                               "unexpected argument", why);
    }
    if (count < line->operands_min) {
        snprintf(why, sizeof(why), "missing (usage: %s %s)", line->name,
                 line->usage);
        return command_line_refuse(line, reader->err, line->operand, why);
    }
    return OPTIONS_RUN;
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
