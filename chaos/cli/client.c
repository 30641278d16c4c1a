/* SPDX-License-Identifier: MIT */
/* client.c - `chaos client`: sends requests and verifies the responses. */
#include "chaos/cli/commands.h"
#include "chaos/cli/experiment_options.h"
#include "chaos/experiment/experiment.h"
#include "chaos/report/phase_stats_json.h"
#include "chaos/report/terminal.h"
#include "worker/clock.h"
#include <stdlib.h>
#include <string.h>

/* The load and the claims are those of an experiment without faults. */
struct client_fields {
    struct experiment experiment;
    bool json;
    struct key_options options;
};

#define AT(field) offsetof(struct client_fields, field)

static const struct option_row own_settings[] = {
    OPTION("duration", VALUE_TIME, AT(experiment.trial.fault_us),
           "how long requests are sent", "10s", .min = 1),
    OPTION("seed", VALUE_COUNT, AT(experiment.trial.seed),
           "seed of all random choices", .fallback_help = "from the clock"),
    OPTION("json", VALUE_FLAG, AT(json),
           "print one JSON object and nothing else"),
};

/* An experiment has no claims by default.  `chaos client` claims that every
 * request is answered. */
static void gather_options(struct key_options *options)
{
    key_options_add(options, own_settings,
                    sizeof(own_settings) / sizeof(own_settings[0]));
    key_options_take(options, "load", NULL, AT(experiment));
    key_options_take(options, "steady-state", NULL, AT(experiment));
    key_options_find(options, claim_name(CLAIM_AVAILABILITY))->fallback =
        "100%";
    key_options_find(options, claim_name(CLAIM_LOST))->fallback = "0";
}

static const struct command_line description = {
    .name = "chaos client",
    .usage = "[options] URL",
    .about = "Sends requests to URL at a fixed rate and reports how each one "
             "ended.  Each request carries a token, which its response must "
             "contain exactly once.  Nothing is retried unless --retries asks "
             "for it.",
    .after = "Use --token none for a server that does not echo t=TOKEN.  Exit "
             "status: 0 the claims held, 1 they did not, 2 bad input, 3 "
             "inconclusive (interrupted, or the client itself was the "
             "bottleneck).",
    .operand = "URL",
    .operands_min = 1,
    .operands_max = 1,
};

static void on_progress(void *context)
{
    const struct trial *trial = context;
    const struct request_outcomes *ledger = &trial->client->phase_stats->ledger;

    printf("%8llu requests  %8llu ok  %6llu lost  %5llu open  %5u "
           "connections\n",
           (unsigned long long)ledger->begun,
           (unsigned long long)ledger->ended[OUTCOME_OK],
           (unsigned long long)ledger_lost(ledger),
           (unsigned long long)ledger_open(ledger),
           (unsigned)client_connections(trial->client));
}

static void print_json(const struct phase_stats *phase_stats,
                       const struct verdict *verdict, uint64_t seed)
{
    cJSON *object = json_of_phase_stats(phase_stats);
    char *text;

    cJSON_AddNumberToObject(object, "seed", (double)seed);
    cJSON_AddItemToObject(object, "verdict", json_of_verdict(verdict));
    text = cJSON_PrintUnformatted(object);
    puts(text);
    free(text);
    cJSON_Delete(object);
}

static int judge(struct trial *trial, const struct client_fields *fields)
{
    const struct experiment *experiment = &fields->experiment;
    const struct phase_stats *phase_stats =
        trial_phase_stats(trial, TRIAL_FAULT);
    struct figures figures = phase_stats_figures(phase_stats);
    struct verdict verdict =
        verdict_reach(&experiment->trial.hypothesis, &figures);

    if (trial->end == TRIAL_INTERRUPTED && verdict.outcome == VERDICT_PASS) {
        verdict.outcome = VERDICT_INCONCLUSIVE;
        verdict.because = "interrupted before its end";
    }
    if (fields->json) {
        print_json(phase_stats, &verdict, experiment->trial.seed);
    } else {
        terminal_phase_stats(stdout, phase_stats);
        terminal_verdict(stdout, &verdict);
    }
    return verdict_exit_status(verdict.outcome);
}

static int ask(struct client_fields *fields, const char *url)
{
    struct experiment *experiment = &fields->experiment;
    char complaint[EXPERIMENT_WHY];
    struct trial *trial;
    int status;

    experiment->trial.url = url;
    experiment_was_set(
        experiment,
        &(struct experiment_origin){ .section = experiment_section("target", 6),
                                     .key = "url",
                                     .place = url });
    if (!experiment_complete(experiment, complaint) ||
        !experiment_preflight(experiment, complaint)) {
        fprintf(stderr, "chaos: %s\n", complaint);
        return EXIT_BAD_INPUT;
    }
    experiment_resolve_rate(experiment);
    experiment->trial.baseline_us = experiment->trial.recovery_us = 0;
    experiment->trial.ready_us = 0;
    trial = trial_new(&experiment->trial);
    trial->context = trial;
    trial->on_progress = fields->json ? NULL : on_progress;
    trial_run(trial);
    status = judge(trial, fields);
    trial_free(trial);
    return status;
}

int command_client(int argc, char **argv)
{
    static struct client_fields fields; /* large */
    struct command_line line = description;
    int operands, status;

    experiment_set_defaults(&fields.experiment, clock_wall_us());
    fields.experiment.typed = true;
    gather_options(&fields.options);
    line.rows = fields.options.rows;
    line.count = fields.options.count;
    line.given = fields.options.given;
    if (!arguments_read(&line, &fields, argc, argv, &operands, &status))
        return status;
    key_options_were_set(&fields.options, &fields.experiment);
    status = ask(&fields, argv[1]);
    experiment_free(&fields.experiment);
    return status;
}
