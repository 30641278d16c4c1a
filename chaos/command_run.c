/* command_run.c - `chaos run` and `chaos check`. */
#include "chaos/commands.h"
#include "chaos/experiment.h"
#include "chaos/run.h"
#include "chaos/setting.h"
#include "supervisor/system/clock.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct run_fields {
    struct setting_list overrides;
    const char *directory;
};

#define AT(field) offsetof(struct run_fields, field)

static const struct setting settings[] = {
    { "o", SETTING_LIST, AT(overrides), NULL, "section.key=value",
      "over what the file says; may be repeated", NULL, 0, 0 },
    { "out", SETTING_TEXT, AT(directory), NULL, "DIRECTORY",
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

/* What to type for the same run: the seed is part of it. */
static void describe_command(const char *path, const struct run_fields *fields,
                             uint64_t seed, char *command, size_t size)
{
    size_t length;

    snprintf(command, size, "chaos run %s -o run.seed=%" PRIu64, path, seed);
    for (uint32_t i = 0; i < fields->overrides.count; i++) {
        length = strlen(command);
        snprintf(command + length, size - length, " -o '%s'",
                 fields->overrides.items[i]);
    }
}

static int complain(const char *why)
{
    fprintf(stderr, "chaos: %s\n", why);
    return EXIT_BAD_INPUT;
}

static bool load(struct experiment *experiment, const char *path,
                 const struct run_fields *fields)
{
    char why[EXPERIMENT_WHY];
    bool sound;

    experiment_preset(experiment, clock_wall_us() % 1000000000);
    sound = experiment_read(experiment, path, why);
    for (uint32_t i = 0; sound && i < fields->overrides.count; i++)
        sound = experiment_set(experiment, fields->overrides.items[i], why);
    if (sound && !experiment_complete(experiment, why)) {
        complain(why);
        fprintf(stderr, "chaos: so %s cannot be run\n", path);
        return false;
    }
    if (!sound)
        complain(why);
    return sound;
}

/* ---- run ---------------------------------------------------------------- */

int command_run(int argc, char **argv)
{
    static const struct command_line line = {
        .usage = "chaos run [options] EXPERIMENT.ini",
        .about = "Starts or finds the target, measures its steady state, lets "
                 "the faults loose,\nmeasures again, judges, and leaves "
                 "run.json, junit.xml and report.html.",
        .after = "Exit status: 0 the hypothesis held, 1 it did not, 2 bad "
                 "input, 3 void.\n`chaos check` shows all keys and what they "
                 "come to.",
        .settings = settings,
        .count = SETTINGS,
        .operand = "EXPERIMENT.ini",
    };
    static struct experiment experiment;
    struct run_fields fields = { 0 };
    char directory[512], command[4096];
    int operands, status;

    switch (arguments_read(&line, &fields, argc, argv, &operands)) {
    case ARGUMENTS_RUN:
        break;
    case ARGUMENTS_DONE:
        return EXIT_HELD;
    case ARGUMENTS_REFUSE:
        return EXIT_BAD_INPUT;
    }
    if (!load(&experiment, argv[1], &fields)) {
        experiment_free(&experiment);
        return EXIT_BAD_INPUT;
    }
    default_directory(argv[1], directory, sizeof(directory));
    if (fields.directory)
        snprintf(directory, sizeof(directory), "%s", fields.directory);
    describe_command(argv[1], &fields, experiment.seed, command,
                     sizeof(command));
    status = EXIT_HELD;
    if (experiment_can_run(&experiment))
        status = run_experiment(&experiment, NULL, directory, command);
    else
        printf("Skipped: %s needs %s, which is not installed here.\n",
               experiment.title, experiment.needs);
    experiment_free(&experiment);
    return status;
}

/* ---- check -------------------------------------------------------------- */

static void print_schedule(const struct experiment *experiment)
{
    struct schedule_of_fault schedules[PLAN_FAULTS_MOST];
    struct strike_plan strike;
    struct plan plan;

    for (uint32_t i = 0; i < experiment->struck_count; i++)
        schedules[i] = experiment->struck[i].schedule;
    plan_begin(&plan, experiment->seed, schedules, experiment->struck_count);
    printf("\n; When what would be done, and by which draw the victim is "
           "chosen\n");
    while (plan_next(&plan, &strike)) {
        const struct fault *fault = &experiment->struck[strike.fault];

        printf("; %10.6f s  %s: %s, %s victim, draw %016" PRIx64 "\n",
               (double)strike.at_us / 1e6, fault->name,
               fault->kind == FAULT_SIGNAL ? sigabbrev_np(fault->signal)
                                           : fault_kind_names[fault->kind],
               victim_choice_names[fault->choice], strike.draw);
    }
}

static void print_keys(void)
{
    printf("; Keys of an experiment file\n");
    for (size_t i = 0; i < experiment_section_count; i++) {
        const struct experiment_section *section = &experiment_sections[i];

        printf(";\n; [%s%s]\n", section->name,
               strcmp(section->name, "fault") == 0 ? " NAME" : "");
        for (size_t k = 0; k < section->count; k++) {
            const struct setting *setting = &section->settings[k];

            printf("; %-13s %-8s %s", setting->name, setting->what,
                   setting->help);
            for (int c = 0; setting->choices && setting->choices[c]; c++)
                printf("%s %s", c ? "," : ":", setting->choices[c]);
            if (setting->preset)
                printf(" (%s)", setting->preset);
            putchar('\n');
        }
    }
}

int command_check(int argc, char **argv)
{
    static const struct command_line line = {
        .usage = "chaos check [options] [EXPERIMENT.ini]",
        .about = "Prints an experiment as it would be run, with every key and "
                 "its value, and the\nschedule of its strikes.  Touches "
                 "nothing.  Without a file: all keys and what\nthey mean.",
        .settings = settings,
        .count = 1, /* -o alone */
        .operand = "EXPERIMENT.ini",
        .operands_more = true,
    };
    static struct experiment experiment;
    struct run_fields fields = { 0 };
    int operands;
    bool sound;

    switch (arguments_read(&line, &fields, argc, argv, &operands)) {
    case ARGUMENTS_RUN:
        break;
    case ARGUMENTS_DONE:
        return EXIT_HELD;
    case ARGUMENTS_REFUSE:
        return EXIT_BAD_INPUT;
    }
    if (operands == 0) {
        print_keys();
        return EXIT_HELD;
    }
    sound = load(&experiment, argv[1], &fields);
    if (sound) {
        experiment_print(&experiment, stdout);
        print_schedule(&experiment);
    }
    experiment_free(&experiment);
    return sound ? EXIT_HELD : EXIT_BAD_INPUT;
}
