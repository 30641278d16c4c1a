/* command_monkey.c - `chaos monkey`: faults alone. */
#include "chaos/commands.h"
#include "chaos/monkey.h"
#include "chaos/process.h"
#include "chaos/setting.h"
#include "supervisor/system/clock.h"
#include <cjson/cJSON.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct monkey_fields {
    uint64_t pid, count, duration_us, seed, burst;
    bool descendants, json;
    const char *pattern;
    int kind, rhythm, victim;
    struct fault fault;
    struct blast_radius radius;
    uint64_t interval_us;
};

#define AT(field) offsetof(struct monkey_fields, field)

static const struct setting settings[] = {
    { "pid", SETTING_COUNT, AT(pid), NULL, "PID",
      "the root: its children are fair game, it is not", NULL, 1, 4194304 },
    { "descendants", SETTING_FLAG, AT(descendants), "no", "",
      "children of children too", NULL, 0, 0 },
    { "match", SETTING_TEXT, AT(pattern), NULL, "PATTERN",
      "only command lines like this, as a shell would match", NULL, 0, 0 },
    { "kind", SETTING_CHOICE, AT(kind), "signal", "KIND", "what is done",
      fault_kind_names, 0, 0 },
    { "signal", SETTING_SIGNAL, AT(fault.signal), "KILL", "SIGNAL",
      "which one, for signal", NULL, 0, 0 },
    { "lasts", SETTING_TIME, AT(fault.lasts_us), "1s", "TIME",
      "how long, for all but signal", NULL, 0, 0 },
    { "limit", SETTING_SIZE, AT(fault.limit), "0", "SIZE",
      "bytes for memory, descriptors for files", NULL, 0, 0 },
    { "schedule", SETTING_CHOICE, AT(rhythm), "every", "KIND", "when",
      rhythm_names, 0, 0 },
    { "interval", SETTING_TIME, AT(interval_us), "1s", "TIME",
      "between strikes, or bursts; on average, for poisson", NULL, 1, 1e12 },
    { "burst", SETTING_COUNT, AT(burst), "2", "N", "strikes at once, for burst",
      NULL, 1, 10000 },
    { "victim", SETTING_CHOICE, AT(victim), "random", "CHOICE", "who",
      victim_choice_names, 0, 0 },
    { "young", SETTING_TIME, AT(fault.starting_us), "20ms", "TIME",
      "how old a starting one may be, for starting", NULL, 0, 0 },
    { "count", SETTING_COUNT, AT(count), "0", "N",
      "strikes in all, 0 for no limit", NULL, 0, 0 },
    { "duration", SETTING_TIME, AT(duration_us), "10s", "TIME", "how long",
      NULL, 1, 1e12 },
    { "least", SETTING_COUNT, AT(radius.least_live), "0", "N",
      "processes a strike must leave untouched", NULL, 0, 0 },
    { "most-a-minute", SETTING_COUNT, AT(radius.most_minute), "0", "N",
      "hits in any 60 s, 0 for no limit", NULL, 0, MONKEY_MINUTE_MOST },
    { "seed", SETTING_COUNT, AT(seed), NULL, "N",
      "of all random choices (the clock)", NULL, 0, 0 },
    { "json", SETTING_FLAG, AT(json), "no", "",
      "one JSON object a strike and one at the end", NULL, 0, 0 },
};

static const struct command_line line = {
    .usage = "chaos monkey --pid PID [options]",
    .about = "Strikes processes below PID.  The same seed gives the same "
             "decisions at the same\ntimes.  Whatever it stopped goes on when "
             "it ends, also by Ctrl-C.",
    .settings = settings,
    .count = sizeof(settings) / sizeof(settings[0]),
};

/* ---- What it tells ------------------------------------------------------ */

static void print_object(cJSON *object)
{
    char *text = cJSON_PrintUnformatted(object);

    puts(text);
    free(text);
    cJSON_Delete(object);
}

static const char *verb_of(const struct fault *fault)
{
    if (fault->kind == FAULT_SIGNAL)
        return sigabbrev_np(fault->signal);
    return fault_kind_names[fault->kind];
}

static void on_struck_json(void *context, const struct struck *struck)
{
    cJSON *object = cJSON_CreateObject();

    (void)context;
    cJSON_AddNumberToObject(object, "planned_us", (double)struck->plan.at_us);
    cJSON_AddStringToObject(object, "what", verb_of(struck->fault));
    cJSON_AddNumberToObject(object, "pid", struck->pid);
    cJSON_AddStringToObject(object, "result",
                            struck_result_name(struck->result));
    print_object(object);
}

static void on_struck(void *context, const struct struck *struck)
{
    (void)context;
    printf("%9.3f s  %s", (double)struck->plan.at_us / 1e6,
           verb_of(struck->fault));
    if (struck->pid)
        printf(" to pid %d", (int)struck->pid);
    printf(": %s", struck_result_name(struck->result));
    if (struck->result == STRUCK_REFUSED)
        printf(" (%s)", strerror(struck->error));
    putchar('\n');
}

static void print_end(const struct monkey *monkey,
                      const struct monkey_fields *fields)
{
    if (fields->json) {
        cJSON *object = cJSON_CreateObject();

        cJSON_AddNumberToObject(object, "seed", (double)fields->seed);
        for (int i = 0; i < STRUCK_RESULTS; i++)
            cJSON_AddNumberToObject(object,
                                    struck_result_name((enum struck_result)i),
                                    (double)monkey->counts[i]);
        print_object(object);
        return;
    }
    printf("seed %llu:", (unsigned long long)fields->seed);
    for (int i = 0; i < STRUCK_RESULTS; i++)
        printf("%s %llu %s", i ? "," : "",
               (unsigned long long)monkey->counts[i],
               struck_result_name((enum struck_result)i));
    putchar('\n');
}

/* ---- Running ------------------------------------------------------------ */

static void stop_loop(void *context)
{
    ev_break(((struct monkey *)context)->loop, EVBREAK_ALL);
}

static void on_duration(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)timer;
    (void)revents;
    ev_break(loop, EVBREAK_ALL);
}

static void on_signal(struct ev_loop *loop, ev_signal *watcher, int revents)
{
    (void)watcher;
    (void)revents;
    ev_break(loop, EVBREAK_ALL);
}

static int let_loose(struct ev_loop *loop, const struct monkey_fields *fields)
{
    const struct victim_rule rule = { .root = (pid_t)fields->pid,
                                      .descendants = fields->descendants,
                                      .pattern = fields->pattern };
    const struct monkey_options options = { .rule = rule,
                                            .radius = fields->radius,
                                            .faults = &fields->fault,
                                            .fault_count = 1,
                                            .seed = fields->seed };
    struct monkey *monkey = monkey_new(loop, &options);
    ev_timer duration;
    ev_signal interrupted, terminated, hung_up;
    bool lost_root;

    monkey->context = monkey;
    monkey->on_struck = fields->json ? on_struck_json : on_struck;
    monkey->on_done = stop_loop;
    ev_timer_init(&duration, on_duration, (double)fields->duration_us / 1e6, 0);
    ev_signal_init(&interrupted, on_signal, SIGINT);
    ev_signal_init(&terminated, on_signal, SIGTERM);
    ev_signal_init(&hung_up, on_signal, SIGHUP);
    ev_signal_start(loop, &hung_up);
    ev_timer_start(loop, &duration);
    ev_signal_start(loop, &interrupted);
    ev_signal_start(loop, &terminated);
    monkey_start(monkey);
    ev_run(loop, 0);
    monkey_stop(monkey);
    print_end(monkey, fields);
    lost_root = monkey->lost_root;
    monkey_free(monkey);
    if (lost_root)
        fprintf(stderr, "chaos: process %llu is gone\n",
                (unsigned long long)fields->pid);
    return lost_root ? EXIT_DID_NOT_HOLD : EXIT_HELD;
}

int command_monkey(int argc, char **argv)
{
    struct monkey_fields fields = { .seed = clock_wall_us() };
    struct victims victims = { 0 };
    struct victim_rule rule = { 0 };
    struct ev_loop *loop;
    int operands, status;

    if (!arguments_read(&line, &fields, argc, argv, &operands, &status))
        return status;
    if (fields.victim == CHOOSE_SLOT) {
        fprintf(stderr, "chaos: --victim slot: slots are told by the target's "
                        "log, which only an experiment reads\n");
        return EXIT_BAD_INPUT;
    }
    rule.root = (pid_t)fields.pid;
    if (fields.pid == 0 || victims_find(&victims, &rule) < 0) {
        fprintf(stderr, "chaos: --pid: %s\n",
                fields.pid ? "there is no such process"
                           : "is missing; say whose children are fair game");
        return EXIT_BAD_INPUT;
    }
    victims_free(&victims);
    if (process_is_above_us(rule.root)) {
        fprintf(stderr,
                "chaos: --pid %d: the monkey itself is below it, and would "
                "strike its own; name a process beside it\n",
                (int)rule.root);
        return EXIT_BAD_INPUT;
    }
    fields.fault.name = "monkey";
    fields.fault.kind = (enum fault_kind)fields.kind;
    fields.fault.choice = (enum victim_choice)fields.victim;
    fields.fault.schedule = (struct schedule_of_fault){
        .rhythm = (enum rhythm)fields.rhythm,
        .interval_us = fields.interval_us,
        .burst = (uint32_t)fields.burst,
        .end_us = fields.duration_us,
        .most = fields.count,
    };
    loop = ev_loop_new(EVFLAG_AUTO);
    status = let_loose(loop, &fields);
    ev_loop_destroy(loop);
    return status;
}
