/* options.c - walks argv along the table, then asks whether what was given
 * makes sense together.  Knows no option's limits: those are in the table. */
#include "supervisor/options/options.h"
#include "supervisor/options/table.h"
#include "worker/http/printable.h"
#include "worker/units.h"
#include <string.h>
#include <unistd.h>

#define REFUSAL_MAX 80 /* bytes of a bad value that are shown */

/* A pool that can't start costs a fork a second, later one in half a minute:
 * seldom enough to cost nothing, often enough to be back soon. */
#define PROBE_US     (UINT64_C(1) * 1000 * 1000)
#define PROBE_CAP_US (UINT64_C(30) * 1000 * 1000)

struct options_reader {
    struct options *options;
    bool given[OPTION_COUNT];
    char **argv;
    int argc, next; /* the next argument to look at */
    FILE *err;
};

/* Shows what was typed on one line, whatever it is. */
static void write_quoted(const char *typed, FILE *err)
{
    char shown[REFUSAL_MAX + 1];
    int length = snprintf(shown, sizeof(shown), "%s", typed);

    printable_line(shown, (size_t)length < sizeof(shown) ? (size_t)length
                                                         : REFUSAL_MAX);
    fprintf(err, "'%s'", shown);
}

static bool refuse(struct options_reader *reading, const char *what,
                   const char *typed, const char *allowed)
{
    fprintf(reading->err, "supervisor: %s ", what);
    write_quoted(typed, reading->err);
    fprintf(reading->err, ": %s\n", allowed);
    return false;
}

static bool refuse_value(struct options_reader *reading,
                         const struct option_row *row, const char *value)
{
    fprintf(reading->err, "supervisor: --%s ", row->name);
    if (value)
        write_quoted(value, reading->err);
    else
        fputs("without a value", reading->err);
    fputs(": allowed is ", reading->err);
    option_write_allowed(row, reading->err);
    fputc('\n', reading->err);
    return false;
}

/* Finds the row that `argument` names, and the value that is stuck to it:
 * --name=VALUE or -nVALUE; else *value becomes NULL.  NULL if there is none. */
static const struct option_row *find_row(const char *argument,
                                         const char **value)
{
    bool is_long = argument[1] == '-';
    const char *name = argument + (is_long ? 2 : 1);
    size_t length = is_long ? strcspn(name, "=") : 1;

    for (int id = 0; id < OPTION_COUNT; id++) {
        const struct option_row *row = &option_rows[id];

        if (is_long ? strlen(row->name) != length ||
                          memcmp(row->name, name, length) != 0
                    : row->letter != name[0])
            continue;
        *value = name[length] ? name + length + is_long : NULL;
        return row;
    }
    return NULL;
}

static bool takes_value(const struct option_row *row)
{
    return row->kind != VALUE_FLAG && row->kind != VALUE_ANSWER;
}

/* Reads one option and its value. */
static bool read_option(struct options_reader *reading,
                        const struct option_row *row, const char *value)
{
    bool *flag = (bool *)((char *)reading->options + row->field);

    if (!takes_value(row)) {
        if (value)
            return refuse_value(reading, row, value);
        if (row->kind == VALUE_FLAG)
            *flag = true;
    } else {
        if (!value && reading->next < reading->argc)
            value = reading->argv[reading->next++];
        if (!value || !option_set(row, value, reading->options))
            return refuse_value(reading, row, value);
    }
    reading->given[row - option_rows] = true;
    return true;
}

/* Reads options until one of them asks for an answer. */
static bool read_arguments(struct options_reader *reading)
{
    while (reading->next < reading->argc && !reading->given[OPTION_HELP] &&
           !reading->given[OPTION_VERSION]) {
        const char *argument = reading->argv[reading->next++], *value;
        const struct option_row *row;

        if (argument[0] != '-' || argument[1] == '\0')
            return refuse(reading, "unexpected argument", argument,
                          "only options are allowed, see --help");
        row = find_row(argument, &value);
        if (!row)
            return refuse(reading, "unknown option", argument,
                          "allowed is what --help lists");
        if (!read_option(reading, row, value))
            return false;
    }
    return true;
}

static void set_defaults(struct options *options)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t max = option_rows[OPTION_WORKERS].max;

    memset(options, 0, sizeof *options);
    for (int id = 0; id < OPTION_COUNT; id++)
        if (option_rows[id].fallback)
            option_set(&option_rows[id], option_rows[id].fallback, options);
    options->workers = cpus < 1               ? 1
                       : (uint64_t)cpus > max ? (uint32_t)max
                                              : (uint32_t)cpus;
    options->max_starting = options->workers > 2 ? options->workers : 2;
}

/* The defaults that depend on what was given. */
static void complete(struct options *options, const bool *given)
{
    if (options->listen_count == 0)
        options->listen[options->listen_count++] = OPTIONS_LISTEN_DEFAULT;
    if (!given[OPTION_HANDOFF])
        options->handoff = options->exit_after > 0 && !options->no_retain &&
                                   !schedule_by_kernel(options->schedule)
                               ? HANDOFF_REQUEST
                               : HANDOFF_CONNECTION;
    options->seed_given = given[OPTION_SEED];
}

static bool contradict(FILE *err, const char *why)
{
    fprintf(err, "supervisor: %s\n", why);
    return false;
}

static bool refuse_with_kernel_schedule(const struct options *options,
                                        FILE *err, const char *option,
                                        const char *why)
{
    fprintf(err, "supervisor: %s contradicts --schedule %s: %s\n", option,
            schedule_name(options->schedule), why);
    return false;
}

static bool has_unix_listener(const struct options *options)
{
    for (uint32_t i = 0; i < options->listen_count; i++)
        if (strncmp(options->listen[i], "unix:", 5) == 0)
            return true;
    return false;
}

/* What needs a supervisor that accepts, and holds what it has accepted. */
static bool suits_schedule(const struct options *options, const bool *given,
                           FILE *err)
{
    if (options->keep_listeners && options->schedule != SCHEDULE_REUSEPORT)
        return contradict(err, "--keep-listeners is allowed with --schedule "
                               "reuseport only");
    if (!schedule_by_kernel(options->schedule))
        return true;
    if (options->handoff == HANDOFF_REQUEST)
        return refuse_with_kernel_schedule(options, err, "--handoff request",
                                           "allowed is connection");
    if (options->no_retain)
        return refuse_with_kernel_schedule(
            options, err, "--no-retain", "no connection is kept there anyway");
    if (given[OPTION_QUEUE_TIMEOUT])
        return refuse_with_kernel_schedule(
            options, err, "--queue-timeout",
            "connections wait in the kernel's backlog");
    if (given[OPTION_MAX_KILLS])
        return refuse_with_kernel_schedule(
            options, err, "--max-kills",
            "no request outlives its worker there");
    if (options->schedule == SCHEDULE_REUSEPORT && has_unix_listener(options))
        return refuse_with_kernel_schedule(options, err, "--listen unix:PATH",
                                           "allowed is an address with a port");
    return true;
}

/* Does what was given make sense together? */
static bool is_consistent(const struct options *options, const bool *given,
                          FILE *err)
{
    char cap[24], base[24];

    if (!suits_schedule(options, given, err))
        return false;
    if (options->no_retain && options->handoff == HANDOFF_REQUEST)
        return contradict(err, "--handoff request contradicts --no-retain: "
                               "allowed is connection");
    if (given[OPTION_EXIT_DELAY] && options->exit_after == 0)
        return contradict(err, "--exit-delay contradicts --exit-after 0: "
                               "allowed is --exit-after 1 or more");
    if (given[OPTION_EXIT_CODE] && options->exit_after == 0)
        return contradict(err, "--exit-code contradicts --exit-after 0: "
                               "allowed is --exit-after 1 or more");
    if (given[OPTION_ON_CRASH_LOOP] && options->respawn == RESPAWN_NEVER)
        return contradict(err, "--on-crash-loop contradicts --respawn never, "
                               "where no fork follows a crash: allowed is "
                               "always or on-failure");
    if (options->crash_at_start && !options->faults)
        return contradict(err, "--crash-at-start is allowed with --faults "
                               "only");
    if (given[OPTION_CRASH_UNTIL] && !options->crash_at_start)
        return contradict(err, "--crash-until is allowed with --crash-at-start "
                               "only");
    if (options->start_lock && options->start_delay_us == 0)
        return contradict(err, "--start-lock is allowed with a --start-delay "
                               "above 0 only");
    if (given[OPTION_SOCKET_MODE] && !has_unix_listener(options))
        return contradict(err, "--socket-mode is allowed with --listen "
                               "unix:PATH only");
    if (options->backoff.cap_us < options->backoff.base_us) {
        fprintf(err,
                "supervisor: --backoff-cap %s is below --backoff-base %s: "
                "allowed is the same or more\n",
                units_write_time(cap, sizeof cap, options->backoff.cap_us),
                units_write_time(base, sizeof base, options->backoff.base_us));
        return false;
    }
    return true;
}

enum options_outcome options_read(struct options *options, int argc,
                                  char **argv, FILE *out, FILE *err)
{
    struct options_reader reading = {
        .options = options, .argv = argv, .argc = argc, .next = 1, .err = err
    };

    set_defaults(options);
    if (!read_arguments(&reading))
        return OPTIONS_REFUSE;
    if (reading.given[OPTION_HELP] || reading.given[OPTION_VERSION]) {
        if (reading.given[OPTION_HELP])
            options_write_help(out);
        else
            options_write_version(out);
        return OPTIONS_DONE;
    }
    complete(options, reading.given);
    return is_consistent(options, reading.given, err) ? OPTIONS_RUN
                                                      : OPTIONS_REFUSE;
}

struct intensity_rule options_intensity_rule(const struct options *options)
{
    return (struct intensity_rule){
        .limit = options->intensity_limit,
        .window_us = options->intensity_window_us,
        .on_loop = options->on_crash_loop,
        .probe_us = PROBE_US,
        .probe_cap_us = PROBE_CAP_US,
    };
}
