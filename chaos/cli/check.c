/* SPDX-License-Identifier: MIT */
/* check.c - `chaos check`: prints an experiment as it would be run, or all
 * keys. */
#include "chaos/cli/commands.h"
#include "chaos/experiment/experiment.h"
#include "chaos/faults/selection.h"
#include "chaos/report/run_record.h"
#include "chaos/report/terminal.h"
#include "worker/clock.h"
#include "worker/units.h"
#include <inttypes.h>
#include <string.h>

#define KEY_COLUMN 29 /* where the meaning of a key begins */

struct check_fields {
    bool record_members;
    struct option_list overrides;
};

static const struct option_row option_table[] = {
    OPTION("override", VALUE_LIST, offsetof(struct check_fields, overrides),
           "override a key of the file; may be repeated",
           .value = "SECTION.KEY=VALUE", .letter = 'o',
           .allowed = OVERRIDES_ALLOWED),
    OPTION("record-members", VALUE_FLAG,
           offsetof(struct check_fields, record_members),
           "print the members of run.json as a table instead"),
};

/* Clients and requests: faults that have a duration and no injections. */
static void print_continuous(const struct experiment *experiment)
{
    for (uint32_t i = 0; i < experiment->trial.faults.count; i++) {
        const struct fault *fault = &experiment->trial.faults.list[i];
        double start_s = (double)fault->start_us / 1e6;
        char span[24];

        units_write_time(span, sizeof(span), fault->end_us - fault->start_us);
        if (fault->kind == FAULT_CLIENTS)
            printf("; %10.6f s  %s: clients, %s, %" PRIu64
                   " connections, for %s\n",
                   start_s, fault->name,
                   client_behaviour_names[fault->behaviour], fault->connections,
                   span);
        if (fault->kind == FAULT_REQUEST)
            printf(
                "; %10.6f s  %s: request, %.4g%% of all requests ask for %s, "
                "for %s\n",
                start_s, fault->name, fault->share * 100, fault->query, span);
    }
}

/* A fault that takes turns chooses its victim only during the run. */
static const char *victim_name(const struct fault *fault)
{
    return selection_takes_turns(fault) ? "the next"
                                        : victim_choice_names[fault->victim];
}

static void print_injections(const struct experiment *experiment)
{
    const struct fault_options *faults = &experiment->trial.faults;
    struct planned_injection injection;
    struct injection_schedule plan;

    injection_schedule_begin(&plan, experiment->trial.seed, faults->list,
                             faults->count);
    while (injection_schedule_next(&plan, &injection)) {
        const struct fault *fault = &faults->list[injection.fault];

        printf("; %10.6f s  %s: %s, %s victim, draw %016" PRIx64 "\n",
               (double)injection.at_us / 1e6, fault->name, fault_verb(fault),
               victim_name(fault), injection.draw);
    }
}

static void print_schedule(const struct experiment *experiment)
{
    printf("\n; The schedule: time, fault, victim, and the random draw that "
           "chooses it\n");
    if (experiment->trial.faults.count == 0)
        printf("; Empty: the experiment has no fault\n");
    print_continuous(experiment);
    print_injections(experiment);
}

static void print_keys(void)
{
    char text[512], value[64], first[KEY_COLUMN + 2], rest[KEY_COLUMN + 2];

    snprintf(rest, sizeof(rest), ";%*s", KEY_COLUMN, "");
    printf("; Keys of an experiment file\n");
    for (size_t i = 0; i < experiment_section_count; i++) {
        const struct experiment_section *section = &experiment_sections[i];

        printf(";\n; [%s%s]\n", section->name,
               strcmp(section->name, "fault") == 0 ? " NAME" : "");
        for (size_t k = 0; k < section->count; k++) {
            const struct option_row *row = &section->option_table[k];

            option_value_name(row, value, sizeof(value));
            snprintf(first, sizeof(first), "; %-18.18s %-8.8s ", row->name,
                     row->kind == VALUE_FLAG ? "yes|no" : value);
            terminal_wrap(stdout, option_describe(row, text, sizeof(text)),
                          first, rest);
        }
    }
}

int command_check(int argc, char **argv)
{
    static const struct command_line line = {
        .name = "chaos check",
        .usage = "[options] [EXPERIMENT.ini]",
        .about = "Prints an experiment as it would be run, with every key and "
                 "its value, and the schedule of its injections.  Starts and "
                 "changes nothing.  Without a file, describes all keys.",
        .rows = option_table,
        .count = sizeof(option_table) / sizeof(option_table[0]),
        .operand = "EXPERIMENT.ini",
        .operands_max = 1,
    };
    static struct experiment experiment;
    struct check_fields fields = { 0 };
    int operands, status;
    char why[EXPERIMENT_WHY];
    bool loaded;

    if (!arguments_read(&line, &fields, argc, argv, &operands, &status))
        return status;
    if (fields.record_members) {
        run_members_print(stdout);
        return EXIT_HELD;
    }
    if (operands == 0) {
        print_keys();
        return EXIT_HELD;
    }
    loaded = experiment_load(&experiment, argv[1], &fields.overrides,
                             clock_wall_us() % 1000000000, why);
    if (!loaded)
        fprintf(stderr, "chaos: %s\n", why);
    if (loaded) {
        experiment_print(&experiment, stdout);
        print_schedule(&experiment);
    }
    experiment_free(&experiment);
    return loaded ? EXIT_HELD : EXIT_BAD_INPUT;
}
