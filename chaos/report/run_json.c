/* SPDX-License-Identifier: MIT */
/* run_json.c - see run_json.h. */
#include "chaos/report/run_json.h"
#include "chaos/measure/exit_status.h"
#include "chaos/report/phase_stats_json.h"
#include "chaos/report/run_record.h"
#include "chaos/report/target_json.h"
#include "worker/version.h"
#include <err.h>
#include <ev.h>
#include <gnu/libc-version.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define VERSION 2 /* of the list in run_members.c */

static cJSON *number_in(cJSON *array, double value)
{
    cJSON *item = cJSON_CreateNumber(value);

    cJSON_AddItemToArray(array, item);
    return item;
}

/* A JSON number cannot hold 64 bits, so they are written as text. */
static void add_bits(cJSON *object, const char *name, uint64_t value)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRIu64, value);
    cJSON_AddStringToObject(object, name, text);
}

/* ---- Machine and versions ------------------------------------------------ */

static void add_versions(cJSON *run)
{
    cJSON *versions = cJSON_AddObjectToObject(run, "versions");
    char libev[16];

    snprintf(libev, sizeof(libev), "%d.%d", ev_version_major(),
             ev_version_minor());
    cJSON_AddStringToObject(versions, "chaos", PROGRAM_VERSION);
    cJSON_AddStringToObject(versions, "libev", libev);
    cJSON_AddStringToObject(versions, "cJSON", cJSON_Version());
    cJSON_AddStringToObject(versions, "libc", gnu_get_libc_version());
}

void run_json_add_machine(cJSON *run, uint64_t wall_us)
{
    cJSON *machine = cJSON_AddObjectToObject(run, "machine");
    time_t seconds = (time_t)(wall_us / 1000000);
    struct utsname name;
    struct tm utc;
    char text[64];

    gmtime_r(&seconds, &utc);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    cJSON_AddStringToObject(run, "started", text);
    uname(&name);
    cJSON_AddStringToObject(machine, "system", name.sysname);
    cJSON_AddStringToObject(machine, "release", name.release);
    cJSON_AddStringToObject(machine, "architecture", name.machine);
    cJSON_AddNumberToObject(machine, "processors",
                            (double)sysconf(_SC_NPROCESSORS_ONLN));
    cJSON_AddNumberToObject(machine, "memory_bytes",
                            (double)sysconf(_SC_PHYS_PAGES) *
                                (double)sysconf(_SC_PAGESIZE));
    add_versions(run);
}

/* ---- Measurements ------------------------------------------------------- */

static void add_phases(cJSON *run, const struct trial *trial,
                       const struct recorder *recorder,
                       const struct judgement *judgement)
{
    cJSON *phases = cJSON_AddObjectToObject(run, "phases");

    for (int i = 0; i < TRIAL_MEASURED; i++) {
        const struct phase_stats *phase_stats = &trial->phase_stats[i];
        cJSON *phase;

        if (!judgement->measured[i])
            continue;
        phase = json_of_phase_stats(phase_stats);
        cJSON_AddNumberToObject(
            phase, "from_us",
            (double)(phase_stats->start_us - recorder->start_us));
        cJSON_AddNumberToObject(
            phase, "to_us", (double)(phase_stats->end_us - recorder->start_us));
        cJSON_AddItemToObject(phase, "usage", json_of_usage(&trial->usages[i]));
        cJSON_AddItemToObject(phase, "verdict",
                              json_of_verdict(&judgement->verdicts[i]));
        cJSON_AddItemToObject(
            phases, trial_phase_name((enum trial_phase)(TRIAL_BASELINE + i)),
            phase);
    }
    cJSON_AddItemToObject(run, "fault_requests",
                          trial->fault_requests.ledger.begun > 0
                              ? json_of_phase_stats(&trial->fault_requests)
                              : cJSON_CreateNull());
}

#define ADD_SERIES(field)                                                      \
    do {                                                                       \
        cJSON *list = cJSON_AddArrayToObject(series, #field);                  \
        for (uint32_t i = 0; i < recorder->bucket_count; i++)                  \
            number_in(list, recorder->buckets[i].field);                       \
    } while (0)

static void add_series(cJSON *run, const struct recorder *recorder)
{
    cJSON *series = cJSON_AddObjectToObject(run, "series");

    cJSON_AddNumberToObject(series, "step_us", RECORDER_STEP_US);
    ADD_SERIES(sent);
    ADD_SERIES(retries);
    ADD_SERIES(ok);
    ADD_SERIES(lost);
    ADD_SERIES(errors);
    ADD_SERIES(injections);
    ADD_SERIES(live);
    ADD_SERIES(p50_us);
    ADD_SERIES(p99_us);
    ADD_SERIES(max_us);
}

static void add_histogram(cJSON *run, const struct histogram *histogram)
{
    cJSON *list = cJSON_AddArrayToObject(run, "histogram");

    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        cJSON *pair;

        if (histogram->buckets[i] == 0)
            continue;
        pair = cJSON_CreateArray();
        number_in(pair, (double)histogram_lower_end(i));
        number_in(pair, (double)histogram_lower_end(i + 1));
        number_in(pair, (double)histogram->buckets[i]);
        cJSON_AddItemToArray(list, pair);
    }
}

/* ---- Injections, losses, target ----------------------------------------- */

static void add_injections(cJSON *run, const struct recorder *recorder)
{
    cJSON *list = cJSON_AddArrayToObject(run, "injections");

    for (uint32_t i = 0; i < recorder->injection_count; i++) {
        const struct injection *note = &recorder->injections[i];
        cJSON *item = cJSON_CreateObject();

        cJSON_AddStringToObject(item, "fault", note->fault->name);
        cJSON_AddNumberToObject(item, "number", (double)note->plan.number);
        cJSON_AddNumberToObject(item, "planned_us", (double)note->plan.at_us);
        add_bits(item, "draw", note->plan.draw);
        cJSON_AddNumberToObject(item, "at_us", (double)note->at_us);
        cJSON_AddNumberToObject(item, "pid", note->pid);
        cJSON_AddNumberToObject(item, "ordinal", note->ordinal);
        cJSON_AddNumberToObject(item, "of", note->of);
        run_json_add_unless_negative(item, "slot", note->slot);
        cJSON_AddStringToObject(item, "result",
                                injection_result_name(note->result));
        cJSON_AddNumberToObject(item, "losses", note->losses);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_losses(cJSON *run, const struct recorder *recorder)
{
    cJSON *list = cJSON_AddArrayToObject(run, "losses");

    for (uint32_t i = 0; i < recorder->loss_count; i++) {
        const struct loss_note *note = &recorder->losses[i];
        cJSON *item = cJSON_CreateObject();

        cJSON_AddNumberToObject(item, "at_us", (double)note->at_us);
        cJSON_AddNumberToObject(item, "intended_us", (double)note->intended_us);
        cJSON_AddStringToObject(item, "class", outcome_key(note->outcome));
        cJSON_AddNumberToObject(item, "injection", (double)note->injection);
        cJSON_AddItemToArray(list, item);
    }
    cJSON_AddNumberToObject(run, "losses_left_out",
                            (double)recorder->losses_left_out);
    cJSON_AddNumberToObject(run, "losses_without_injection",
                            (double)recorder->unattributed);
}

static void add_target(cJSON *run, const struct trial *trial,
                       const struct recorder *recorder)
{
    const struct worker_stats *worker_stats = &trial->worker_stats;
    const struct usage *usage = &trial->usages[TRIAL_FAULT - TRIAL_BASELINE];
    const struct sample_lines *sample_lines =
        recorder->exits.count > 0 ? &recorder->exits : &recorder->lines;

    cJSON_AddItemToObject(run, "usage", json_of_usage(usage));
    cJSON_AddItemToObject(run, "listening",
                          json_of_listening(&trial->listening));
    cJSON_AddItemToObject(run, "worker_stats",
                          json_of_worker_stats(worker_stats));
    cJSON_AddItemToObject(run, "exits", json_of_exits(worker_stats));
    cJSON_AddItemToObject(run, "failures",
                          json_of_failures(&recorder->failures));
    cJSON_AddItemToObject(run, "sample_lines",
                          json_of_sample_lines(sample_lines));
    cJSON_AddItemToObject(run, "totals", json_of_totals(&worker_stats->totals));
    cJSON_AddItemToObject(run, "workers", json_of_workers(recorder));
}

/* ---- The record --------------------------------------------------------- */

static void add_verdict(cJSON *run, const struct trial *trial,
                        const struct judgement *judgement)
{
    static const char *const outcomes[] = { [VERDICT_PASS] = "pass",
                                            [VERDICT_FAIL] = "fail",
                                            [VERDICT_INCONCLUSIVE] =
                                                "inconclusive" };
    static const char *const ends[] = {
        [TRIAL_COMPLETE] = "complete",
        [TRIAL_INTERRUPTED] = "interrupted",
        [TRIAL_NOT_STARTED] = "not started",
        [TRIAL_NEVER_READY] = "never ready",
        [TRIAL_TARGET_DIED] = "target died",
        [TRIAL_NOT_STEADY] = "never steady",
        [TRIAL_NO_SLOT] = "no such slot",
    };
    cJSON *verdict = cJSON_AddObjectToObject(run, "verdict");

    cJSON_AddStringToObject(verdict, "outcome", outcomes[judgement->outcome]);
    run_json_add_text(verdict, "because", judgement->because);
    cJSON_AddStringToObject(run, "end", ends[trial->end]);
    cJSON_AddBoolToObject(run, "aborted", judgement->aborted);
}

cJSON *run_json_write(const struct experiment *experiment,
                      const struct trial *trial,
                      const struct recorder *recorder,
                      const struct judgement *judgement, const char *command)
{
    cJSON *run = cJSON_CreateObject();
    char why[256];
    const struct phase_stats *fault_phase =
        &trial->phase_stats[TRIAL_FAULT - TRIAL_BASELINE];

    cJSON_AddNumberToObject(run, "schema", VERSION);
    cJSON_AddStringToObject(run, "title", experiment->title);
    cJSON_AddStringToObject(run, "command", command);
    add_bits(run, "seed", experiment->trial.seed);
    run_json_add_machine(run, recorder->start_wall_us);
    add_verdict(run, trial, judgement);
    add_phases(run, trial, recorder, judgement);
    add_injections(run, recorder);
    add_target(run, trial, recorder);
    cJSON_AddItemToObject(run, "experiment", experiment_to_json(experiment));
    add_histogram(run, &fault_phase->latency);
    add_losses(run, recorder);
    add_series(run, recorder);
    if (!run_record_valid(run, why, sizeof(why)))
        errx(EXIT_INCONCLUSIVE, "wrong record of this run: %s", why);
    return run;
}
