/* command_check.c - `chaos check`: an experiment as it would be run, and all
 * keys. */
#include "chaos/commands.h"
#include "chaos/experiment.h"
#include "chaos/setting.h"
#include "supervisor/system/clock.h"
#include <inttypes.h>
#include <string.h>

#define KEY_COLUMN 24 /* of what a key means, in the list of all keys */
#define LINE_END   80

struct check_fields {
    struct setting_list overrides;
};

static const struct setting settings[] = {
    { "o", SETTING_LIST, offsetof(struct check_fields, overrides), NULL,
      "section.key=value", "over what the file says; may be repeated", NULL, 0,
      0 },
};

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

/* What a key means, in full. */
static void describe_key(char *text, size_t size, const struct setting *setting)
{
    size_t length = (size_t)snprintf(text, size, "%s", setting->help);

    for (int c = 0; setting->choices && setting->choices[c]; c++)
        length += (size_t)snprintf(text + length, size - length, "%s %s",
                                   c ? "," : ":", setting->choices[c]);
    if (setting->preset)
        snprintf(text + length, size - length, " (%s)", setting->preset);
}

/* Prints words up to column LINE_END, and goes on under KEY_COLUMN. */
static void print_wrapped(const char *text)
{
    int column = KEY_COLUMN;

    while (*text) {
        int word = (int)strcspn(text, " ");

        if (column + 1 + word > LINE_END) {
            printf("\n;%*s", KEY_COLUMN - 1, "");
            column = KEY_COLUMN;
        }
        column += printf(" %.*s", word, text);
        text += word;
        text += strspn(text, " ");
    }
    putchar('\n');
}

static void print_keys(void)
{
    char text[512];

    printf("; Keys of an experiment file\n");
    for (size_t i = 0; i < experiment_section_count; i++) {
        const struct experiment_section *section = &experiment_sections[i];

        printf(";\n; [%s%s]\n", section->name,
               strcmp(section->name, "fault") == 0 ? " NAME" : "");
        for (size_t k = 0; k < section->count; k++) {
            describe_key(text, sizeof(text), &section->settings[k]);
            printf("; %-13s %-8s", section->settings[k].name,
                   section->settings[k].what);
            print_wrapped(text);
        }
    }
}

static bool can_be_tried(const struct experiment *experiment)
{
    struct trial_options options = experiment_trial_options(experiment);
    const char *why = trial_check(&options);

    if (why)
        fprintf(stderr, "chaos: %s: %s\n", experiment->url, why);
    return !why;
}

int command_check(int argc, char **argv)
{
    static const struct command_line line = {
        .usage = "chaos check [options] [EXPERIMENT.ini]",
        .about = "Prints an experiment as it would be run, with every key and "
                 "its value, and the\nschedule of its strikes.  Touches "
                 "nothing.  Without a file: all keys and what\nthey mean.",
        .settings = settings,
        .count = sizeof(settings) / sizeof(settings[0]),
        .operand = "EXPERIMENT.ini",
        .operands_more = true,
    };
    static struct experiment experiment;
    struct check_fields fields = { 0 };
    int operands, status;
    char why[EXPERIMENT_WHY];
    bool sound;

    if (!arguments_read(&line, &fields, argc, argv, &operands, &status))
        return status;
    if (operands == 0) {
        print_keys();
        return EXIT_HELD;
    }
    sound = experiment_load(&experiment, argv[1], &fields.overrides,
                            clock_wall_us() % 1000000000, why);
    if (!sound)
        fprintf(stderr, "chaos: %s\n", why);
    sound = sound && can_be_tried(&experiment);
    if (sound) {
        experiment_print(&experiment, stdout);
        print_schedule(&experiment);
    }
    experiment_free(&experiment);
    return sound ? EXIT_HELD : EXIT_BAD_INPUT;
}
