/* command_replay.c - `chaos replay` and `chaos report`: earlier runs. */
#include "chaos/commands.h"
#include "chaos/experiment.h"
#include "chaos/report/fields.h"
#include "chaos/report/reports.h"
#include "chaos/report/run_json.h"
#include "chaos/run.h"
#include "chaos/setting.h"
#include <inttypes.h>
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

/* What was decided then is what this program would decide now; else it is not
 * a replay. */
static bool decides_the_same(const struct experiment *experiment,
                             const cJSON *run)
{
    struct schedule_of_fault schedules[PLAN_FAULTS_MOST];
    struct strike_plan strike;
    uint64_t at_us = UINT64_MAX;
    const cJSON *note;
    struct plan plan;
    char draw[24] = "";

    for (uint32_t i = 0; i < experiment->struck_count; i++)
        schedules[i] = experiment->struck[i].schedule;
    plan_begin(&plan, experiment->seed, schedules, experiment->struck_count);
    strike = (struct strike_plan){ 0 };
    cJSON_ArrayForEach(note, field(run, "strikes"))
    {
        /* One that struck all was written down once for each victim. */
        bool same = at_us == field_count(note, "planned_us") &&
                    strcmp(draw, field_text(note, "draw")) == 0;

        if (!same && !plan_next(&plan, &strike))
            return false;
        at_us = strike.at_us;
        snprintf(draw, sizeof(draw), "%" PRIu64, strike.draw);
        if (at_us != field_count(note, "planned_us") ||
            strcmp(draw, field_text(note, "draw")) != 0)
            return false;
    }
    return true;
}

static int replay(const cJSON *run, const char *path, const char *directory)
{
    static struct experiment experiment;
    char why[EXPERIMENT_WHY], command[1024];
    int status = EXIT_BAD_INPUT;

    experiment_preset(&experiment, 0);
    snprintf(command, sizeof(command), "chaos replay %s", path);
    if (!experiment_from_json(&experiment, field(run, "experiment"), why) ||
        !experiment_complete(&experiment, why)) {
        complain(why);
    } else if (!decides_the_same(&experiment, run)) {
        snprintf(why, sizeof(why),
                 "%.200s: another version made other decisions from this seed",
                 path);
        complain(why);
    } else {
        status = run_experiment(&experiment, directory, command);
    }
    experiment_free(&experiment);
    return status;
}

int command_replay(int argc, char **argv)
{
    static const struct command_line line = {
        .usage = "chaos replay [options] RUN.json",
        .about = "Runs the experiment of an earlier run again: the same "
                 "decisions at the same\ntimes.",
        .settings = settings,
        .count = 1,
        .operand = "RUN.json",
    };
    struct replay_fields fields = { 0 };
    char why[512];
    int operands, status;
    cJSON *run;

    switch (arguments_read(&line, &fields, argc, argv, &operands)) {
    case ARGUMENTS_RUN:
        break;
    case ARGUMENTS_DONE:
        return EXIT_HELD;
    case ARGUMENTS_REFUSE:
        return EXIT_BAD_INPUT;
    }
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
    int operands;
    bool saved;
    cJSON *run;

    switch (arguments_read(&line, &fields, argc, argv, &operands)) {
    case ARGUMENTS_RUN:
        break;
    case ARGUMENTS_DONE:
        return EXIT_HELD;
    case ARGUMENTS_REFUSE:
        return EXIT_BAD_INPUT;
    }
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
