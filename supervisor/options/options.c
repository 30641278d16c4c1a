/* SPDX-License-Identifier: MIT */
/* options.c - parses argv with the table, then checks the options against each
 * other. */
#include "supervisor/options/options.h"
#include "supervisor/options/table.h"
#include "worker/http/printable.h"
#include "worker/units.h"
#include <string.h>
#include <unistd.h>

#define SHOWN_MAX 80 /* bytes of an invalid value that are shown */

/* In a crash loop: one fork per second at first, later one per half minute. */
#define PROBE_US     (UINT64_C(1) * 1000 * 1000)
#define PROBE_CAP_US (UINT64_C(30) * 1000 * 1000)

struct options_parser {
    struct options *options;
    bool given[OPTION_COUNT];
    char **argv;
    int argc, next; /* argv[next] is not parsed yet */
    FILE *err;
};

/* Writes `typed` without control characters and cut to SHOWN_MAX. */
static void write_quoted(const char *typed, FILE *err)
{
    char shown[SHOWN_MAX + 1];
    int length = snprintf(shown, sizeof(shown), "%s", typed);

    printable_line(shown,
                   (size_t)length < sizeof(shown) ? (size_t)length : SHOWN_MAX);
    fprintf(err, "'%s'", shown);
}

static bool refuse(struct options_parser *parser, const char *what,
                   const char *typed, const char *hint)
{
    fputs("supervisor: ", parser->err);
    write_quoted(typed, parser->err);
    fprintf(parser->err, ": %s (%s)\n", what, hint);
    return false;
}

static bool refuse_value(struct options_parser *parser,
                         const struct option_row *row, const char *value)
{
    fprintf(parser->err, "supervisor: --%s: ", row->name);
    if (value) {
        fputs("invalid value ", parser->err);
        write_quoted(value, parser->err);
    } else {
        fputs("missing value", parser->err);
    }
    fputs(" (allowed: ", parser->err);
    option_write_allowed(row, parser->err);
    fputs(")\n", parser->err);
    return false;
}

/* Returns the row of the option `argument`, or NULL.  Sets *value to the VALUE
 * of --name=VALUE or -nVALUE, or to NULL. */
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

static bool read_option(struct options_parser *parser,
                        const struct option_row *row, const char *value)
{
    bool *flag = (bool *)((char *)parser->options + row->field);

    if (!takes_value(row)) {
        if (value)
            return refuse_value(parser, row, value);
        if (row->kind == VALUE_FLAG)
            *flag = true;
    } else {
        if (!value && parser->next < parser->argc)
            value = parser->argv[parser->next++];
        if (!value || !option_set(row, value, parser->options))
            return refuse_value(parser, row, value);
    }
    parser->given[row - option_rows] = true;
    return true;
}

/* Stops after --help or --version. */
static bool read_arguments(struct options_parser *parser)
{
    while (parser->next < parser->argc && !parser->given[OPTION_HELP] &&
           !parser->given[OPTION_VERSION]) {
        const char *argument = parser->argv[parser->next++], *value;
        const struct option_row *row;

        if (argument[0] != '-' || argument[1] == '\0')
            return refuse(parser, "unexpected argument", argument,
                          "only options are allowed; see --help");
        row = find_row(argument, &value);
        if (!row)
            return refuse(parser, "unknown option", argument, "see --help");
        if (!read_option(parser, row, value))
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

/* Sets the defaults that depend on other options. */
static void set_dependent_defaults(struct options *options, const bool *given)
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

static bool complain(FILE *err, const char *why)
{
    fprintf(err, "supervisor: %s\n", why);
    return false;
}

static bool refuse_with_kernel_schedule(const struct options *options,
                                        FILE *err, const char *option,
                                        const char *why)
{
    fprintf(err, "supervisor: %s: not possible with --schedule %s (%s)\n",
            option, schedule_name(options->schedule), why);
    return false;
}

static bool has_unix_listener(const struct options *options)
{
    for (uint32_t i = 0; i < options->listen_count; i++)
        if (strncmp(options->listen[i], "unix:", 5) == 0)
            return true;
    return false;
}

/* Refuses options that require the supervisor to accept connections. */
static bool suits_schedule(const struct options *options, const bool *given,
                           FILE *err)
{
    if (options->keep_listeners && options->schedule != SCHEDULE_REUSEPORT)
        return complain(err, "--keep-listeners: requires --schedule "
                             "reuseport");
    if (!schedule_by_kernel(options->schedule))
        return true;
    if (options->handoff == HANDOFF_REQUEST)
        return refuse_with_kernel_schedule(options, err, "--handoff request",
                                           "allowed: connection");
    if (options->no_retain)
        return refuse_with_kernel_schedule(options, err, "--no-retain",
                                           "no duplicates are kept anyway");
    if (given[OPTION_QUEUE_TIMEOUT])
        return refuse_with_kernel_schedule(
            options, err, "--queue-timeout",
            "connections wait in the kernel's backlog");
    if (given[OPTION_MAX_KILLS])
        return refuse_with_kernel_schedule(options, err, "--max-kills",
                                           "no request is retried");
    if (options->schedule == SCHEDULE_REUSEPORT && has_unix_listener(options))
        return refuse_with_kernel_schedule(options, err, "--listen unix:PATH",
                                           "allowed: ADDR:PORT");
    return true;
}

static bool is_consistent(const struct options *options, const bool *given,
                          FILE *err)
{
    char cap[24], base[24];

    if (!suits_schedule(options, given, err))
        return false;
    if (options->no_retain && options->handoff == HANDOFF_REQUEST)
        return complain(err, "--handoff request: not possible with "
                             "--no-retain (allowed: connection)");
    if (given[OPTION_EXIT_DELAY] && options->exit_after == 0)
        return complain(err, "--exit-delay: requires --exit-after 1 or more");
    if (given[OPTION_EXIT_CODE] && options->exit_after == 0)
        return complain(err, "--exit-code: requires --exit-after 1 or more");
    if (given[OPTION_ON_CRASH_LOOP] && options->respawn == RESPAWN_NEVER)
        return complain(err, "--on-crash-loop: not possible with --respawn "
                             "never (allowed: always, on-failure)");
    if (options->crash_at_start && !options->faults)
        return complain(err, "--crash-at-start: requires --faults");
    if (given[OPTION_CRASH_UNTIL] && !options->crash_at_start)
        return complain(err, "--crash-until: requires --crash-at-start");
    if (options->start_lock && options->start_delay_us == 0)
        return complain(err, "--start-lock: requires a --start-delay above 0");
    if (given[OPTION_SOCKET_MODE] && !has_unix_listener(options))
        return complain(err, "--socket-mode: requires --listen unix:PATH");
    if (options->backoff.cap_us < options->backoff.base_us) {
        fprintf(err,
                "supervisor: --backoff-cap: %s is less than --backoff-base "
                "(allowed: %s or more)\n",
                units_write_time(cap, sizeof cap, options->backoff.cap_us),
                units_write_time(base, sizeof base, options->backoff.base_us));
        return false;
    }
    return true;
}

enum options_outcome options_read(struct options *options, int argc,
                                  char **argv, FILE *out, FILE *err)
{
    struct options_parser parser = {
        .options = options, .argv = argv, .argc = argc, .next = 1, .err = err
    };

    set_defaults(options);
    if (!read_arguments(&parser))
        return OPTIONS_REFUSE;
    if (parser.given[OPTION_HELP] || parser.given[OPTION_VERSION]) {
        if (parser.given[OPTION_HELP])
            options_write_help(out);
        else
            options_write_version(out);
        return OPTIONS_DONE;
    }
    set_dependent_defaults(options, parser.given);
    return is_consistent(options, parser.given, err) ? OPTIONS_RUN
                                                     : OPTIONS_REFUSE;
}

struct restart_rule options_restart_rule(const struct options *options)
{
    return (struct restart_rule){
        .respawn = options->respawn,
        .backoff = options->backoff,
        .healthy_after_us = options->healthy_after_us,
        .intensity = {
            .limit = options->intensity_limit,
            .window_us = options->intensity_window_us,
            .on_loop = options->on_crash_loop,
            .probe_us = PROBE_US,
            .probe_cap_us = PROBE_CAP_US,
        },
    };
}
