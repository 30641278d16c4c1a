/* run.c - `chaos run`: an experiment from beginning to end. */
#include "chaos/runner/run.h"
#include "chaos/cli/commands.h"
#include "chaos/experiment/experiment.h"
#include "chaos/experiment/option.h"
#include "chaos/experiment/shell_quote.h"
#include "chaos/report/terminal.h"
#include "supervisor/system/clock.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct run_fields {
    struct option_list overrides;
    const char *directory;
};

#define AT(field) offsetof(struct run_fields, field)

static const struct option settings[] = {
    { "o", OPTION_VALUE_LIST, AT(overrides), NULL, "section.key=value",
      "over what the file says; may be repeated", NULL, 0, 0 },
    { "out", OPTION_VALUE_TEXT, AT(directory), NULL, "DIRECTORY",
      "for the reports (build/runs/NAME)", NULL, 0, 0 },
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

/* ---- Names and commands ------------------------------------------------- */

/* build/runs/NAME of .../NAME.ini */
static void default_directory(const char *path, char *directory, size_t size)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    snprintf(directory, size, "build/runs/%.*s", (int)strcspn(name, "."), name);
}

/* What to type for the same run: the seed is part of it, and the rate where the
 * machine decided it.  The caller frees it. */
static char *describe_command(const char *path, const struct run_fields *fields,
                              const struct experiment *experiment, bool settled)
{
    char *command;
    FILE *out = shell_quote_begin(&command, "run");

    shell_quote_add(out, path);
    fprintf(out, " -o run.seed=%" PRIu64, experiment->seed);
    for (uint32_t i = 0; i < fields->overrides.count; i++)
        shell_quote_option(out, "-o", fields->overrides.items[i]);
    if (settled)
        fprintf(out, " -o load.rate=%.0f -o load.max-fork-share=0",
                experiment->load.rate);
    shell_quote_option(out, "--out", fields->directory);
    fclose(out);
    return command;
}

static void say_settled(const struct experiment *experiment)
{
    char text[128];

    snprintf(text, sizeof(text),
             "%.0f requests a second: this machine does not fork fast enough "
             "for more just now.",
             experiment->load.rate);
    terminal_wrap(stdout, text, "", "");
}

/* ---- run ---------------------------------------------------------------- */

int command_run(int argc, char **argv)
{
    static const struct command_line line = {
        .usage = "chaos run [options] EXPERIMENT.ini",
        .about = "Starts or finds the target, measures its steady state, lets "
                 "the faults loose, measures again, judges, and leaves "
                 "run.json, junit.xml and report.html.",
        .after =
            "Exit status: 0 the hypothesis held (or the run was skipped, "
            "for want of what [about] needs), 1 it did not, 2 bad "
            "input, 3 inconclusive. `chaos check` shows all keys and what they "
            "come to.",
        .settings = settings,
        .count = SETTINGS,
        .operand = "EXPERIMENT.ini",
        .operands_min = 1,
        .operands_max = 1,
    };
    static struct experiment experiment;
    struct run_fields fields = { 0 };
    char directory[512], *command, why[EXPERIMENT_WHY];
    int operands, status;
    bool settled;

    if (!arguments_read(&line, &fields, argc, argv, &operands, &status))
        return status;
    if (!experiment_load(&experiment, argv[1], &fields.overrides,
                         clock_wall_us() % 1000000000, why)) {
        fprintf(stderr, "chaos: %s\n", why);
        experiment_free(&experiment);
        return EXIT_BAD_INPUT;
    }
    default_directory(argv[1], directory, sizeof(directory));
    if (fields.directory)
        snprintf(directory, sizeof(directory), "%s", fields.directory);
    if (experiment_can_run(&experiment)) {
        settled = experiment_resolve_rate(&experiment);
        if (settled)
            say_settled(&experiment);
        command = describe_command(argv[1], &fields, &experiment, settled);
        status = run_experiment(&experiment, NULL, directory, command);
        free(command);
    } else {
        printf("Skipped: %s needs %s, which is not installed here.\n",
               experiment.title, experiment.needs);
        status = EXIT_HELD;
    }
    experiment_free(&experiment);
    return status;
}
