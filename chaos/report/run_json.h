/* SPDX-License-Identifier: MIT */
/*
 * run_json.h - the record of a run, from which reports, replays and lessons
 * are made.
 *
 * Members that end in _us are times since the recording began, or durations,
 * in microseconds.  Shares are 0 to 1.  An unknown value is null or missing.
 *
 *   schema, title, command, seed, started, machine
 *                      what was run, when, and where
 *   versions           of chaos and its libraries
 *   experiment         every key of every section, as text; replay reads it
 *   verdict            outcome (pass, fail, inconclusive), because
 *   end                how the run ended
 *   aborted            whether a limit of [abort] ended the faults
 *   phases.NAME        baseline, fault, recovery: those that were measured; a
 *                      request belongs to the phase in which it was first due
 *     from_us, to_us
 *     requests         all that began
 *     classes          the number of requests by outcome (outcome_key())
 *     withdrawn        requests cancelled when the run was interrupted
 *     intended         distinct requests: requests - retries
 *     retries          of the requests
 *     retries_denied   retries that the budget forbade; not in requests
 *     goodput          share of `intended` that was answered correctly
 *     ok, lost, availability, balanced, longest_gap_us, duration_us
 *     unproven         of ok: possibly truncated (response_check.h)
 *     latency_us       count, mean, p50, p90, p99, p99.9, max; all but count
 *                      are null if count is 0
 *     lateness_us      the same, of the client in sending requests
 *     usage            as below, for this phase
 *     verdict          outcome, because, findings
 *   fault_requests     requests that asked for a fault: as a phase, without
 *                      from_us, to_us, usage and verdict
 *   usage              of all processes of the target in the fault phase:
 *     cpu_ms, user_ms, system_ms
 *                      including reaped children; resolution: a clock tick
 *     log_bytes, log_lines
 *                      written by the target, if it was started by chaos
 *     processes_max, rss_max_bytes
 *                      sampled once a second; rss counts shared pages in each
 *                      process
 *     pss_bytes        at the end; shared pages are divided among processes
 *   listening[]        the holders of listening sockets before the first fault:
 *                      pid, role (root, child), fd, inode, address
 *   injections[]       fault, number, planned_us, draw (the random decision),
 *                      at_us, pid, slot, result, losses; ordinal and of: the
 *                      victim was candidate ordinal (from 0, oldest first) of
 *                      `of` candidates
 *   losses[]           at_us, intended_us, class, injection (index or -1)
 *   losses_left_out    losses that are counted but not in losses[]
 *   losses_without_injection
 *                      losses that are attributed to no injection
 *   worker_stats       forks, exits, kills, ...: from the target's log and the
 *                      injections
 *   exits[]            exits by kind: cause (own exit, crash, outside,
 *                      supervisor, ...), code or signal, count, injected
 *   failures[]         the supervisor's summary of each kind of failure
 *   sample_lines[]     the first 40 exits in words; if the log has no exits,
 *                      the first 40 lines that are not events
 *   totals             the supervisor's totals, if it logged them
 *   workers[]          pid, slot, generation, born_us, online_us, died_us,
 *                      responses, code or signal, injected
 *   histogram[]        [from_us, to_us, count] of latencies in the fault phase
 *   series             step_us, and for each step: sent, retries, ok, lost,
 *                      errors, injections, live, p50_us, p99_us, max_us
 */
#ifndef CHAOS_REPORT_RUN_JSON_H
#define CHAOS_REPORT_RUN_JSON_H

#include "chaos/experiment/experiment.h"
#include "chaos/measure/verdict.h"
#include "chaos/trial/recorder.h"
#include "chaos/trial/trial.h"
#include <cjson/cJSON.h>
#include <stdbool.h>

/* The verdicts of a run. */
struct judgement {
    bool measured[TRIAL_MEASURED]; /* baseline, fault, recovery */
    struct verdict verdicts[TRIAL_MEASURED];
    enum verdict_outcome outcome; /* of the whole run */
    const char *because;          /* the reason for the outcome; or NULL */
    bool aborted;                 /* a limit of [abort] ended the faults */
};

/* Returns a new object, which the caller deletes.  `command` repeats the run.
 */
cJSON *run_json_write(const struct experiment *experiment,
                      const struct trial *trial,
                      const struct recorder *recorder,
                      const struct judgement *judgement, const char *command);

/* Adds the members "started" (from `wall_us`), "machine" and "versions". */
void run_json_add_machine(cJSON *object, uint64_t wall_us);

/* Reads any JSON file.  Returns NULL with errno if it cannot be opened, and
 * with errno 0 if it is not JSON. */
cJSON *json_read(const char *path);

/* Reads the record of a run.  Returns NULL with one line in `why` on errors. */
cJSON *run_json_read(const char *path, char *why, size_t size);

/* Creates `directory` if it does not exist, and checks that files can be
 * created in it.  Returns false with one line in `why` if not. */
bool report_possible(const char *directory, char *why, size_t size);

/* Creates `directory` if it does not exist, and writes `text` to the file
 * `name` in it, atomically.  Returns false with one line in `why` on errors. */
bool report_save(const char *directory, const char *name, const char *text,
                 char *why, size_t size);

#endif
