/* SPDX-License-Identifier: MIT */
/* replay.c - `chaos replay` and `chaos report`, which read an earlier run. */
#include "chaos/report/replay.h"
#include "chaos/cli/commands.h"
#include "chaos/experiment/experiment.h"
#include "chaos/experiment/shell_quote.h"
#include "chaos/report/reports.h"
#include "chaos/report/run_json.h"
#include "chaos/report/run_record.h"
#include "chaos/runner/run.h"
#include <stdlib.h>
#include <string.h>

struct replay_fields {
    const char *directory;
};

static const struct option_row option_table[] = {
    OPTION("out", VALUE_TEXT, offsetof(struct replay_fields, directory),
           "directory of the reports", .value = "DIRECTORY"),
};

/* Reads the options and the run that argv names.  Returns NULL with the exit
 * status in `status` on an error or after the help. */
static cJSON *read_run(const struct command_line *line,
                       struct replay_fields *fields, int argc, char **argv,
                       int *status)
{
    char why[512];
    int operands;
    cJSON *run;

    if (!arguments_read(line, fields, argc, argv, &operands, status))
        return NULL;
    run = run_json_read(argv[1], why, sizeof(why));
    if (!run)
        *status = command_refuse(why);
    return run;
}

/* ---- replay ------------------------------------------------------------- */

/* The caller frees it. */
static char *describe_command(const char *path,
                              const struct replay_fields *fields)
{
    char *command;
    FILE *out = shell_quote_begin(&command, "replay");

    shell_quote_add(out, path);
    shell_quote_option(out, "--out", fields->directory);
    fclose(out);
    return command;
}

static int replay(const cJSON *run, const char *path,
                  const struct replay_fields *fields)
{
    static struct experiment experiment;
    const char *directory =
        fields->directory ? fields->directory : "build/runs/replay";
    char why[EXPERIMENT_WHY], *command;
    int status = EXIT_BAD_INPUT;
    struct replay earlier = { 0 };

    experiment_set_defaults(&experiment, 0);
    command = describe_command(path, fields);
    if (!experiment_from_json(&experiment, run_get(run, "experiment"), why) ||
        !experiment_complete(&experiment, why) ||
        !experiment_preflight(&experiment, why) ||
        !replay_read(&earlier, run, &experiment, why, sizeof(why)))
        fprintf(stderr, "chaos: %s: %s\n", path, why);
    else
        status =
            run_experiment(&experiment, &earlier, directory, command, false);
    replay_free(&earlier);
    free(command);
    experiment_free(&experiment);
    return status;
}

int command_replay(int argc, char **argv)
{
    static const struct command_line line = {
        .name = "chaos replay",
        .usage = "[options] RUN.json",
        .about = "Runs the experiment of an earlier run again.  Each injection "
                 "occurs at its planned time and hits the process in the same "
                 "slot, or, if there is none, the process of the same rank by "
                 "age.  An injection that found no process is not "
                 "repeated.  The seed determines the load.",
        .rows = option_table,
        .count = 1,
        .operand = "RUN.json",
        .operands_min = 1,
        .operands_max = 1,
    };
    struct replay_fields fields = { 0 };
    int status;
    cJSON *run = read_run(&line, &fields, argc, argv, &status);

    if (!run)
        return status;
    status = replay(run, argv[1], &fields);
    cJSON_Delete(run);
    return status;
}

/* ---- report ------------------------------------------------------------- */

static void directory_of(const char *path, char *directory, size_t size)
{
    const char *slash = strrchr(path, '/');

    snprintf(directory, size, "%.*s", slash ? (int)(slash - path) : 1,
             slash ? path : ".");
}

static int write_reports(const cJSON *run, const char *directory)
{
    char why[512];

    if (!report_possible(directory, why, sizeof(why)))
        return command_refuse(why);
    report_terminal(stdout, run);
    if (!reports_save(directory, run, why, sizeof(why))) {
        command_refuse(why);
        return EXIT_INCONCLUSIVE;
    }
    printf("Report: %s/report.html\n", directory);
    return EXIT_HELD;
}

int command_report(int argc, char **argv)
{
    static const struct command_line line = {
        .name = "chaos report",
        .usage = "[options] RUN.json",
        .about = "Writes the reports of an earlier run again.",
        .rows = option_table,
        .count = 1,
        .operand = "RUN.json",
        .operands_min = 1,
        .operands_max = 1,
    };
    struct replay_fields fields = { 0 };
    char directory[512];
    int status;
    cJSON *run = read_run(&line, &fields, argc, argv, &status);

    if (!run)
        return status;
    directory_of(argv[1], directory, sizeof(directory));
    status =
        write_reports(run, fields.directory ? fields.directory : directory);
    cJSON_Delete(run);
    return status;
}
