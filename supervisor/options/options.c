/* SPDX-License-Identifier: MIT */
/* options.c - reads argv with the table, then checks the options against each
 * other. */
#include "supervisor/options/options.h"
#include "worker/units.h"
#include "worker/version.h"
#include <string.h>
#include <unistd.h>

/* In a crash loop: one fork per second at first, later one per half minute. */
#define PROBE_US     (UINT64_C(1) * 1000 * 1000)
#define PROBE_CAP_US (UINT64_C(30) * 1000 * 1000)

static const char endnote[] =
    "TIME is a number with us, ms, s or m (1.5s, 100ms).  BYTES is a\n"
    "number, or a number with k (KiB) or m (MiB).\n"
    "\n"
    "Signals:\n"
    "  TERM, INT  finish the current requests, then exit; a second INT kills\n"
    "             the workers\n"
    "  HUP        end a crash loop: fork workers again\n"
    "  USR2       replace the workers, one after the other, without downtime\n"
    "  USR1       log a summary of the failures\n"
    "\n"
    "Exit status:\n"
    "  0   success, and the totals add up\n"
    "  1   system error, or the totals do not add up\n"
    "  2   invalid option or value\n"
    "  70  crash loop with --on-crash-loop give-up";

static void set_computed_defaults(struct options *options)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);

    memset(options, 0, sizeof(*options));
    options->workers = cpus < 1                     ? 1
                       : cpus > OPTIONS_WORKERS_MAX ? OPTIONS_WORKERS_MAX
                                                    : (uint32_t)cpus;
    options->max_starting = options->workers > 2 ? options->workers : 2;
}

/* Whether the option was given that fills the field at this offset. */
static bool is_given(const bool *given, size_t field)
{
    size_t i = 0;

    while (supervisor_rows[i].field != field)
        i++;
    return given[i];
}

#define GIVEN(name) is_given(given, offsetof(struct options, name))

static void set_dependent_defaults(struct options *options, const bool *given)
{
    if (options->listen_count == 0)
        options->listen[options->listen_count++] = OPTIONS_LISTEN_DEFAULT;
    if (!GIVEN(handoff))
        options->handoff = options->exit_after > 0 && !options->no_retain &&
                                   !schedule_by_kernel(options->schedule)
                               ? HANDOFF_REQUEST
                               : HANDOFF_CONNECTION;
    options->seed_given = GIVEN(seed);
}

static bool has_unix_listener(const struct options *options)
{
    for (uint32_t i = 0; i < options->listen_count; i++)
        if (strncmp(options->listen[i], "unix:", 5) == 0)
            return true;
    return false;
}

/* Writes the line of the first rule that is broken. */
static bool is_consistent(const struct command_line *line,
                          const struct options *options, FILE *err)
{
    const bool *given = line->given;
    const struct backoff *backoff = &options->backoff;
    bool by_kernel = schedule_by_kernel(options->schedule);
    bool by_request = options->handoff == HANDOFF_REQUEST;
    bool has_unix = has_unix_listener(options);
    char kernel[64], cap[96], us[2][24];
    const struct {
        bool is_broken;
        const char *option, *why, *hint;
    } rules[] = {
        { options->keep_listeners && options->schedule != SCHEDULE_REUSEPORT,
          "--keep-listeners", "requires --schedule reuseport", "" },
        { by_kernel && by_request, "--handoff request", kernel,
          " (allowed: connection)" },
        { by_kernel && options->no_retain, "--no-retain", kernel,
          " (no duplicates are kept anyway)" },
        { by_kernel && GIVEN(queue_timeout_us), "--queue-timeout", kernel,
          " (connections wait in the kernel's backlog)" },
        { by_kernel && GIVEN(max_kills), "--max-kills", kernel,
          " (no request is retried)" },
        { options->schedule == SCHEDULE_REUSEPORT && has_unix,
          "--listen unix:PATH", kernel, " (allowed: ADDR:PORT)" },
        { options->no_retain && by_request, "--handoff request",
          "not possible with --no-retain", " (allowed: connection)" },
        { GIVEN(exit_delay_us) && options->exit_after == 0, "--exit-delay",
          "requires --exit-after 1 or more", "" },
        { GIVEN(exit_code) && options->exit_after == 0, "--exit-code",
          "requires --exit-after 1 or more", "" },
        { GIVEN(on_crash_loop) && options->respawn == RESPAWN_NEVER,
          "--on-crash-loop", "not possible with --respawn never",
          " (allowed: always, on-failure)" },
        { options->crash_at_start && !options->faults, "--crash-at-start",
          "requires --faults", "" },
        { GIVEN(crash_until_us) && !options->crash_at_start, "--crash-until",
          "requires --crash-at-start", "" },
        { options->start_lock && options->start_delay_us == 0, "--start-lock",
          "requires a --start-delay above 0", "" },
        { GIVEN(socket_mode) && !has_unix, "--socket-mode",
          "requires --listen unix:PATH", "" },
        { backoff->cap_us < backoff->base_us, "--backoff-cap", cap, "" },
    };

    snprintf(kernel, sizeof(kernel), "not possible with --schedule %s",
             schedule_name(options->schedule));
    snprintf(cap, sizeof(cap),
             "%s is less than --backoff-base (allowed: %s or more)",
             units_write_time(us[0], sizeof(us[0]), backoff->cap_us),
             units_write_time(us[1], sizeof(us[1]), backoff->base_us));
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (rules[i].is_broken) {
            command_line_refuse(line, err, "%s: %s%s", rules[i].option,
                                rules[i].why, rules[i].hint);
            return false;
        }
    return true;
}

enum options_outcome options_read(struct options *options, int argc,
                                  char **argv, FILE *out, FILE *err)
{
    bool given[SUPERVISOR_ROWS_MAX] = { false };
    const struct command_line line = {
        .name = "supervisor",
        .usage = "[OPTION]...",
        .version = "supervisor " PROGRAM_VERSION,
        .about = "Serves HTTP with worker processes.  When a worker dies, "
                 "another worker continues its requests.",
        .after = endnote,
        .rows = supervisor_rows,
        .count = supervisor_row_count,
        .given = given,
    };
    enum options_outcome outcome;

    set_computed_defaults(options);
    outcome = command_line_read(&line, options, argc, argv, NULL, out, err);
    if (outcome != OPTIONS_RUN)
        return outcome;
    set_dependent_defaults(options, given);
    return is_consistent(&line, options, err) ? OPTIONS_RUN : OPTIONS_REFUSE;
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
