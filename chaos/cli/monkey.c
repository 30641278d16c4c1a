/* SPDX-License-Identifier: MIT */
/* monkey.c - `chaos monkey`: injects faults into any process tree. */
#include "chaos/faults/monkey.h"
#include "chaos/cli/commands.h"
#include "chaos/cli/experiment_options.h"
#include "chaos/target/process.h"
#include "chaos/trial/signals.h"
#include "worker/clock.h"
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

/* The victims, the schedule and the limits are those of an experiment. */
struct monkey_fields {
    struct experiment experiment; /* has one fault */
    uint64_t pid;
    bool json;
    struct key_options options;
};

#define AT(field) offsetof(struct monkey_fields, field)

static const struct option_row own_settings[] = {
    OPTION("pid", VALUE_COUNT, AT(pid),
           "inject into the children of PID, never into PID", .value = "PID",
           .min = 1, .max = 4194304),
    OPTION("duration", VALUE_TIME, AT(experiment.trial.fault_us),
           "duration of the injections", "10s", .min = 1),
    OPTION("seed", VALUE_COUNT, AT(experiment.trial.seed),
           "seed of all random choices", .fallback_help = "from the clock"),
    OPTION("json", VALUE_FLAG, AT(json),
           "print one JSON object per injection and one at the end"),
};

static void gather_options(struct key_options *options)
{
    static const char *const target_keys[] = { "match", "descendants", NULL };
    static const char *const fault_keys[] = {
        "kind",  "signal", "effect-duration", "limit", "schedule", "interval",
        "burst", "victim", "max-age",         "count", "start",    "end",
        NULL
    };

    static const char *kinds[FAULT_PROCESS_KINDS + 1];

    key_options_add(options, own_settings,
                    sizeof(own_settings) / sizeof(own_settings[0]));
    key_options_take(options, "target", target_keys, AT(experiment));
    key_options_take(options, "fault", fault_keys,
                     AT(experiment.trial.faults.list[0]));
    memcpy(kinds, fault_kind_names, FAULT_PROCESS_KINDS * sizeof(kinds[0]));
    key_options_find(options, "kind")->choices = kinds;
    key_options_find(options, "kind")->help = "what to inject";
    key_options_take(options, "blast-radius", NULL, AT(experiment));
}

static const struct command_line description = {
    .name = "chaos monkey",
    .usage = "--pid PID [options]",
    .about =
        "Injects faults into the processes below PID.  The same seed gives "
        "the same decisions at the same times.  All effects are reverted "
        "at the end, also after Ctrl-C.",
    .after =
        "Ends after --duration, or earlier when no injection remains and all "
        "effects are reverted.  Exit status: 0 an injection hit, 1 none did or "
        "PID ended, 2 bad input.",
};

/* ---- Output ------------------------------------------------------------- */

static void print_object(cJSON *object)
{
    char *text = cJSON_PrintUnformatted(object);

    puts(text);
    free(text);
    cJSON_Delete(object);
}

static void on_injection_json(void *context, const struct injection *injected)
{
    cJSON *object = cJSON_CreateObject();

    (void)context;
    cJSON_AddNumberToObject(object, "planned_us", (double)injected->plan.at_us);
    cJSON_AddStringToObject(object, "what", fault_verb(injected->fault));
    cJSON_AddNumberToObject(object, "pid", injected->pid);
    cJSON_AddStringToObject(object, "result",
                            injection_result_name(injected->result));
    print_object(object);
}

static void on_injection(void *context, const struct injection *injected)
{
    (void)context;
    printf("%9.3f s  %s", (double)injected->plan.at_us / 1e6,
           fault_verb(injected->fault));
    if (injected->pid)
        printf(" to pid %d", (int)injected->pid);
    printf(": %s", injection_result_name(injected->result));
    if (injected->result == INJECTION_REFUSED)
        printf(" (%s)", strerror(injected->error));
    putchar('\n');
}

static void print_end(const struct monkey *monkey,
                      const struct monkey_fields *fields)
{
    if (fields->json) {
        cJSON *object = cJSON_CreateObject();

        cJSON_AddNumberToObject(object, "seed",
                                (double)fields->experiment.trial.seed);
        for (int i = 0; i < INJECTION_RESULTS; i++)
            cJSON_AddNumberToObject(
                object, injection_result_name((enum injection_result)i),
                (double)monkey->counts[i]);
        print_object(object);
        return;
    }
    printf("seed %llu:", (unsigned long long)fields->experiment.trial.seed);
    for (int i = 0; i < INJECTION_RESULTS; i++)
        printf("%s %llu %s", i ? "," : "",
               (unsigned long long)monkey->counts[i],
               injection_result_name((enum injection_result)i));
    putchar('\n');
    if (monkey->hits == 0)
        printf("No injection hit a process.\n");
}

/* ---- Running ------------------------------------------------------------ */

static void stop_loop(void *context)
{
    ev_break(((struct monkey *)context)->loop, EVBREAK_ALL);
}

static void on_signal(struct ev_loop *loop, ev_signal *watcher, int revents)
{
    (void)watcher;
    (void)revents;
    ev_break(loop, EVBREAK_ALL);
}

static void on_duration(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)revents;
    monkey_finish(timer->data);
    ev_break(loop, EVBREAK_ALL);
}

static int run_monkey(struct ev_loop *loop, const struct monkey_fields *fields)
{
    const struct trial_options *options = &fields->experiment.trial;
    struct monkey *monkey =
        monkey_new(loop, &options->faults, (pid_t)fields->pid, options->seed);
    ev_timer duration;
    struct trial_signals trial_signals;
    bool lost_root, hit;

    monkey->context = monkey;
    monkey->on_injection = fields->json ? on_injection_json : on_injection;
    monkey->on_done = stop_loop;
    ev_timer_init(&duration, on_duration, (double)options->fault_us / 1e6, 0);
    duration.data = monkey;
    ev_timer_start(loop, &duration);
    trial_signals_watch(&trial_signals, loop, on_signal, NULL);
    monkey_start(monkey);
    ev_run(loop, 0);
    trial_signals_restore(&trial_signals);
    monkey_stop(monkey);
    print_end(monkey, fields);
    lost_root = monkey->lost_root;
    hit = monkey->hits > 0;
    monkey_free(monkey);
    if (lost_root)
        fprintf(stderr, "chaos: process %llu has ended\n",
                (unsigned long long)fields->pid);
    return hit && !lost_root ? EXIT_HELD : EXIT_DID_NOT_HOLD;
}

static int check_and_run(struct monkey_fields *fields)
{
    pid_t root = (pid_t)fields->pid;
    struct process process;
    char why[EXPERIMENT_WHY];
    struct ev_loop *loop;
    int status;

    if (!experiment_complete_faults(&fields->experiment, why))
        return command_refuse(why);
    if (fields->pid == 0)
        return command_refuse(
            "--pid: missing (allowed: the ID of the process whose children are "
            "the victims)");
    if (!process_read(root, &process) || process_is_dead(&process))
        return command_refuse("--pid: there is no such process");
    if (process_is_above_us(root))
        return command_refuse(
            "--pid: chaos itself is below it and could hit itself "
            "(use a process that is not an ancestor of chaos)");
    loop = ev_loop_new(EVFLAG_AUTO);
    status = run_monkey(loop, fields);
    ev_loop_destroy(loop);
    return status;
}

int command_monkey(int argc, char **argv)
{
    static struct monkey_fields fields; /* large */
    struct command_line line = description;
    char why[EXPERIMENT_WHY];
    int operands, status;

    experiment_set_defaults(&fields.experiment, clock_wall_us());
    fields.experiment.typed = true;
    experiment_set(&fields.experiment, "fault monkey.kind=signal", why);
    gather_options(&fields.options);
    line.rows = fields.options.rows;
    line.count = fields.options.count;
    line.given = fields.options.given;
    if (arguments_read(&line, &fields, argc, argv, &operands, &status)) {
        key_options_were_set(&fields.options, &fields.experiment);
        status = check_and_run(&fields);
    }
    experiment_free(&fields.experiment);
    return status;
}
