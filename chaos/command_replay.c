/* command_replay.c - `chaos replay` and `chaos report`: earlier runs. */
#include "chaos/commands.h"
#include "chaos/experiment.h"
#include "chaos/report/fields.h"
#include "chaos/report/past.h"
#include "chaos/report/reports.h"
#include "chaos/report/run_json.h"
#include "chaos/run.h"
#include "chaos/setting.h"
#include <string.h>

struct replay_fields {
    const char *directory;
};

static const struct setting settings[] = {
    { "out", SETTING_TEXT, offsetof(struct replay_fields, directory), NULL,
      "DIRECTORY", "for the reports", NULL, 0, 0 },
};

static int complain(const char *why)
{
    fprintf(stderr, "chaos: %s\n", why);
    return EXIT_BAD_INPUT;
}

/* ---- replay ------------------------------------------------------------- */

static int replay(const cJSON *run, const char *path, const char *directory)
{
    static struct experiment experiment;
    char why[EXPERIMENT_WHY], command[1024];
    int status = EXIT_BAD_INPUT;
    struct past past = { 0 };

    experiment_preset(&experiment, 0);
    snprintf(command, sizeof(command), "chaos replay %s", path);
    if (!experiment_from_json(&experiment, field(run, "experiment"), why) ||
        !experiment_complete(&experiment, why) ||
        !past_read(&past, run, &experiment, why, sizeof(why)))
        fprintf(stderr, "chaos: %s: %s\n", path, why);
    else
        status = run_experiment(&experiment, &past, directory, command);
    past_free(&past);
    experiment_free(&experiment);
    return status;
}

int command_replay(int argc, char **argv)
{
    static const struct command_line line = {
        .usage = "chaos replay [options] RUN.json",
        .about =
            "Runs the experiment of an earlier run again.  Each strike "
            "falls at the time it was\nplanned for then, on whoever sits "
            "in the slot that was struck then, or else has\nthe same place "
            "in the order of age; those that met nobody meet nobody.  The\n"
            "load follows from the seed.",
        .settings = settings,
        .count = 1,
        .operand = "RUN.json",
    };
    struct replay_fields fields = { 0 };
    char why[512];
    int operands, status;
    cJSON *run;

    if (!arguments_read(&line, &fields, argc, argv, &operands, &status))
        return status;
    run = run_json_read(argv[1], why, sizeof(why));
    if (!run)
        return complain(why);
    status = replay(run, argv[1],
                    fields.directory ? fields.directory : "build/runs/replay");
    cJSON_Delete(run);
    return status;
}

/* ---- report ------------------------------------------------------------- */

int command_report(int argc, char **argv)
{
    static const struct command_line line = {
        .usage = "chaos report [options] RUN.json",
        .about = "Draws the reports of an earlier run again.",
        .settings = settings,
        .count = 1,
        .operand = "RUN.json",
    };
    struct replay_fields fields = { 0 };
    char why[512], directory[512];
    const char *slash;
    int operands, status;
    bool saved;
    cJSON *run;

    if (!arguments_read(&line, &fields, argc, argv, &operands, &status))
        return status;
    run = run_json_read(argv[1], why, sizeof(why));
    if (!run)
        return complain(why);
    slash = strrchr(argv[1], '/');
    snprintf(directory, sizeof(directory), "%.*s",
             slash ? (int)(slash - argv[1]) : 1, slash ? argv[1] : ".");
    report_terminal(stdout, run);
    saved = reports_save(fields.directory ? fields.directory : directory, run,
                         why, sizeof(why));
    cJSON_Delete(run);
    if (!saved)
        return complain(why);
    printf("Report: %s/report.html\n",
           fields.directory ? fields.directory : directory);
    return EXIT_HELD;
}
