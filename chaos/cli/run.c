/* SPDX-License-Identifier: MIT */
/* run.c - `chaos run`: runs an experiment and writes its reports. */
#include "chaos/runner/run.h"
#include "chaos/cli/commands.h"
#include "chaos/experiment/experiment.h"
#include "chaos/experiment/shell_quote.h"
#include "chaos/report/terminal.h"
#include "worker/clock.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct run_fields {
    struct option_list overrides;
    const char *directory;
    bool is_watched;
};

#define AT(field) offsetof(struct run_fields, field)

static const struct option_row option_table[] = {
    OPTION("override", VALUE_LIST, AT(overrides),
           "override a key of the file; may be repeated",
           .value = "SECTION.KEY=VALUE", .letter = 'o',
           .allowed = OVERRIDES_ALLOWED),
    OPTION("out", VALUE_TEXT, AT(directory), "directory of the reports",
           .value = "DIRECTORY", .fallback_help = "build/runs/NAME"),
    OPTION("watch", VALUE_FLAG, AT(is_watched),
           "show exits of workers and a line of counts each second"),
};

#define SETTINGS (sizeof(option_table) / sizeof(option_table[0]))

/* ---- Names and commands ------------------------------------------------- */

/* .../NAME.ini: build/runs/NAME */
static void default_directory(const char *path, char *directory, size_t size)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    snprintf(directory, size, "build/runs/%.*s", (int)strcspn(name, "."), name);
}

/* Returns a command that repeats the run.  It includes the seed, and the rate
 * if it was reduced for this machine.  The caller frees it. */
static char *describe_command(const char *path, const struct run_fields *fields,
                              const struct experiment *experiment,
                              bool rate_reduced)
{
    char *command;
    FILE *out = shell_quote_begin(&command, "run");

    shell_quote_add(out, path);
    fprintf(out, " -o run.seed=%" PRIu64, experiment->trial.seed);
    for (uint32_t i = 0; i < fields->overrides.count; i++)
        shell_quote_option(out, "-o", fields->overrides.items[i]);
    if (rate_reduced)
        fprintf(out, " -o load.rate=%.0f -o load.max-fork-share=0",
                experiment->trial.load.rate);
    shell_quote_option(out, "--out", fields->directory);
    fclose(out);
    return command;
}

static void print_reduced_rate(const struct experiment *experiment)
{
    char text[128];

    snprintf(text, sizeof(text),
             "The rate is reduced to %.0f requests per second: this machine "
             "does not fork faster at present.",
             experiment->trial.load.rate);
    terminal_wrap(stdout, text, "", "");
}

/* ---- run ---------------------------------------------------------------- */

int command_run(int argc, char **argv)
{
    static const struct command_line line = {
        .name = "chaos run",
        .usage = "[options] EXPERIMENT.ini",
        .about =
            "Starts or finds the target, measures its steady state, injects "
            "the faults, measures the recovery, and writes run.json, "
            "junit.xml, report.html and target.log.",
        .after =
            "Exit status: 0 the hypothesis held, or the run was skipped "
            "because "
            "the program that [about] needs is not installed, 1 it did not "
            "hold, 2 bad input, 3 inconclusive.  `chaos check` prints all keys "
            "and their values.",
        .rows = option_table,
        .count = SETTINGS,
        .operand = "EXPERIMENT.ini",
        .operands_min = 1,
        .operands_max = 1,
    };
    static struct experiment experiment;
    struct run_fields fields = { 0 };
    char directory[512], *command, why[EXPERIMENT_WHY];
    int operands, status;
    bool rate_reduced;

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
        rate_reduced = experiment_resolve_rate(&experiment);
        if (rate_reduced)
            print_reduced_rate(&experiment);
        command = describe_command(argv[1], &fields, &experiment, rate_reduced);
        status = run_experiment(&experiment, NULL, directory, command,
                                fields.is_watched);
        free(command);
    } else {
        printf("Skipped: %s: needs %s, which is not installed.\n",
               experiment.title, experiment.needs);
        status = EXIT_HELD;
    }
    experiment_free(&experiment);
    return status;
}
