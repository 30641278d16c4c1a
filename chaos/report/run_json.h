/*
 * run_json.h - the record of a run: all that reports, replays and lessons need.
 *
 * Times end in _us and count from the beginning of the recording, unless they
 * are durations; shares are 0 to 1; what is not known is null, or not there.
 *
 *   schema, title, command, seed, started, machine   what was run, and where
 *   versions           chaos, and the libraries it ran with
 *   experiment         every key of every section, as text; replay reads it
 *   verdict, end       colour (pass, fail, inconclusive), because; how the run
 * ended aborted            the faults were stopped before their time
 *   phases.NAME        baseline, fault, recovery: those that were measured; a
 *                      request belongs to the phase in which it was first due
 *     from_us, to_us
 *     requests         sent, or meant to be; each ended in one of ...
 *     classes          ... these (outcome_key in outcomes.h), or was ...
 *     withdrawn        ... taken back: the run was interrupted
 *     intended         distinct ones: requests - retries
 *     retries          of the requests; and retries_denied by the budget
 *     goodput          share of `intended` that was answered in the end, each
 *                      try within the timeout
 *     ok, lost, availability, balanced, longest_gap_us, duration_us
 *     unproven         of ok: whole or cut short, nobody can tell
 * (response_check.h) latency_us, lateness_us   count, and unless that is 0
 * (else null) mean, p50 ...; the client's own lateness usage            see
 * below, for this phase verdict          colour, because, findings
 * fault_requests requests that asked for a fault: as a phase, apart usage of
 * the target's whole tree over the fault_phase: cpu_ms, user_ms, system_ms
 * reaped children included; clock ticks log_bytes, log_lines             what
 * it wrote, if we started it processes_max, rss_max_bytes   of looks a second
 * apart; shared pages count in each process pss_bytes                        at
 * the end, shared pages shared out listening[]        who held which listening
 * socket before the first fault: pid, role (root, child), fd, inode, address
 *   injections[]          fault, number, planned_us, draw (the decision);
 * at_us, pid, slot, ordinal and of (it was the ORDINALth of OF that could be
 * chosen, oldest first), result, losses losses[]           at_us, intended_us,
 * class, injection (index or -1); also losses_left_out,
 * losses_without_injection worker_stats             forks, exits, kills ...:
 * the target's log and ours exits[]            its exits by kind: cause (own
 * exit, crash, outside, supervisor ...), code or signal, count, injected (by
 * us) failures[]         what the supervisor's log says in the end of each kind
 *   sample_lines[]          its first 40 exits in words; of a target whose log
 * we cannot read, its first 40 lines totals             the supervisor's own,
 * when it told them workers[]          pid, slot, generation, born_us,
 * online_us, died_us, responses, code or signal, injected histogram[] [from_us,
 * to_us, count] of the fault_phase's latencies series             step_us, and
 * for each step: sent, retries, ok (which is the goodput: a request is answered
 * rightly once, by its last try), lost, errors, injections, live, p50_us,
 * p99_us, max_us
 */
#ifndef CHAOS_REPORT_RUN_JSON_H
#define CHAOS_REPORT_RUN_JSON_H

#include "chaos/experiment/experiment.h"
#include "chaos/measure/verdict.h"
#include "chaos/trial/recorder.h"
#include "chaos/trial/trial.h"
#include <cjson/cJSON.h>
#include <stdbool.h>

/* How a run was judged, phase by phase. */
struct judgement {
    bool measured[TRIAL_MEASURED]; /* baseline, fault, recovery */
    struct verdict verdicts[TRIAL_MEASURED];
    enum verdict_outcome outcome; /* of the whole */
    const char *because; /* why it is inconclusive, or aborted; or NULL */
    bool aborted;        /* the faults were stopped before their time */
};

/* A new object, the caller's to delete.  `command` reproduces the run. */
cJSON *run_json_write(const struct experiment *experiment,
                      const struct trial *trial,
                      const struct recorder *recorder,
                      const struct judgement *judgement, const char *command);

/* Adds "started" (`wall_us`), "machine" (what it is, and how large) and
 * "versions". */
void run_json_add_machine(cJSON *object, uint64_t wall_us);

/* Any JSON file.  NULL with errno when it cannot be opened, and with errno 0
 * when it is none. */
cJSON *json_read(const char *path);

/* Reads one from a file.  NULL with one line in `why`. */
cJSON *run_json_read(const char *path, char *why, size_t size);

/* Makes DIRECTORY and sees whether files can be made in it.  Returns false with
 * one line in `why`. */
bool report_possible(const char *directory, char *why, size_t size);

/*
 * Writes `text` whole to DIRECTORY/NAME, or not at all: an unfinished report
 * must not be taken for one.  Makes the directory.  Returns false with one
 * line in `why`.
 */
bool report_save(const char *directory, const char *name, const char *text,
                 char *why, size_t size);

#endif
