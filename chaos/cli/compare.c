/* SPDX-License-Identifier: MIT */
/* compare.c - `chaos compare`: compares several runs. */
#include "chaos/cli/commands.h"
#include "chaos/report/comparison.h"
#include "chaos/report/run_json.h"
#include <stdlib.h>

#define RUNS_MAX 64

struct compare_fields {
    const char *directory;
};

static const struct option_row option_table[] = {
    OPTION("out", VALUE_TEXT, offsetof(struct compare_fields, directory),
           "write comparison.html to DIRECTORY", .value = "DIRECTORY"),
};

static const struct command_line line = {
    .name = "chaos compare",
    .usage = "[options] RUN.json...",
    .about = "Compares the records of several runs in a table.",
    .rows = option_table,
    .count = 1,
    .operand = "RUN.json",
    .operands_min = 1,
    .operands_max = RUNS_MAX,
};

static int compare(cJSON *const *runs, size_t count, const char *directory)
{
    char why[512], *page;
    bool saved;

    comparison_terminal(stdout, runs, count);
    if (!directory)
        return EXIT_HELD;
    page = comparison_html(runs, count);
    saved = report_save(directory, "comparison.html", page, why, sizeof(why));
    free(page);
    if (!saved) {
        fprintf(stderr, "chaos: %s\n", why);
        return EXIT_INCONCLUSIVE;
    }
    printf("\nPage: %s/comparison.html\n", directory);
    return EXIT_HELD;
}

int command_compare(int argc, char **argv)
{
    struct compare_fields fields = { 0 };
    cJSON *runs[RUNS_MAX];
    int operands, count = 0, status;
    char why[512];

    if (!arguments_read(&line, &fields, argc, argv, &operands, &status))
        return status;
    if (fields.directory &&
        !report_possible(fields.directory, why, sizeof(why)))
        return command_refuse(why);
    while (count < operands &&
           (runs[count] = run_json_read(argv[1 + count], why, sizeof(why))))
        count++;
    if (count == operands)
        status = compare(runs, (size_t)count, fields.directory);
    else
        status = command_refuse(why);
    while (count > 0)
        cJSON_Delete(runs[--count]);
    return status;
}
