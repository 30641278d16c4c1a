/* command_client.c - `chaos client`: load and verification alone. */
#include "chaos/commands.h"
#include "chaos/report/json.h"
#include "chaos/report/terminal.h"
#include "chaos/setting.h"
#include "chaos/trial.h"
#include "chaos/words.h"
#include "supervisor/system/clock.h"
#include <stdlib.h>

struct client_fields {
    double rate;
    bool poisson;
    uint64_t duration_us, timeout_us, connections, seed;
    double new_share;
    const char *methods, *expect;
    int token;
    bool json;
    struct hypothesis hypothesis;
};

#define AT(field) offsetof(struct client_fields, field)

static const struct setting settings[] = {
    { "rate", SETTING_REAL, AT(rate), "100", "N",
      "requests a second, however slow the answers", NULL, 0.001, 1e6 },
    { "poisson", SETTING_FLAG, AT(poisson), "no", "",
      "requests at random instants instead of even ones", NULL, 0, 0 },
    { "duration", SETTING_TIME, AT(duration_us), "10s", "TIME",
      "how long requests are due", NULL, 1, 1e12 },
    { "connections", SETTING_COUNT, AT(connections), "64", "N",
      "most at once of each kind, kept and new", NULL, 1, 100000 },
    { "new", SETTING_SHARE, AT(new_share), "50%", "SHARE",
      "of requests on a connection of their own", NULL, 0, 0 },
    { "timeout", SETTING_TIME, AT(timeout_us), "5s", "TIME",
      "for a request, from its intended time", NULL, 1000, 1e10 },
    { "methods", SETTING_TEXT, AT(methods), "GET", "LIST",
      "drawn evenly: GET,HEAD,POST", NULL, 0, 0 },
    { "token", SETTING_CHOICE, AT(token), "query", "PLACE",
      "where each request's token stands", token_place_names, 0, 0 },
    { "expect", SETTING_TEXT, AT(expect), NULL, "TEXT",
      "what every body must contain", NULL, 0, 0 },
    { "seed", SETTING_COUNT, AT(seed), NULL, "N",
      "of all random choices (the clock)", NULL, 0, 0 },
    { "json", SETTING_FLAG, AT(json), "no", "",
      "print one JSON object and nothing else", NULL, 0, 0 },
    { "availability", SETTING_SHARE, AT(hypothesis.availability), "100%",
      "SHARE", "claim: at least", NULL, 0, 0 },
    { "lost", SETTING_COUNT, AT(hypothesis.lost), "0", "N", "claim: at most",
      NULL, 0, 0 },
    { "5xx", SETTING_COUNT, AT(hypothesis.server_errors), NULL, "N",
      "claim: at most", NULL, 0, 0 },
    { "p50", SETTING_TIME, AT(hypothesis.p50_us), NULL, "TIME",
      "claim: at most", NULL, 0, 0 },
    { "p99", SETTING_TIME, AT(hypothesis.p99_us), NULL, "TIME",
      "claim: at most", NULL, 0, 0 },
    { "p99.9", SETTING_TIME, AT(hypothesis.p999_us), NULL, "TIME",
      "claim: at most", NULL, 0, 0 },
    { "gap", SETTING_TIME, AT(hypothesis.gap_us), NULL, "TIME",
      "claim: longest time without a success at most", NULL, 0, 0 },
};

static const struct command_line line = {
    .usage = "chaos client [options] URL",
    .about = "Asks URL at a fixed rate, never twice for the same request, and "
             "says how each\nrequest ended.  Each carries a token that must "
             "come back exactly once.",
    .after = "A server that does not echo t=TOKEN wants --token none.  Exit "
             "status: 0 the\nclaims held, 1 they did not, 2 bad input, 3 void "
             "(interrupted, or the client\nitself was the bottleneck).",
    .settings = settings,
    .count = sizeof(settings) / sizeof(settings[0]),
    .operand = "URL",
};

static void on_progress(void *context)
{
    const struct trial *trial = context;
    const struct ledger *ledger = &trial->client->tally->ledger;

    printf("%8llu requests  %8llu ok  %6llu lost  %5llu in hand  %5u "
           "connections\n",
           (unsigned long long)ledger->begun,
           (unsigned long long)ledger->ended[OUTCOME_OK],
           (unsigned long long)ledger_lost(ledger),
           (unsigned long long)ledger_open(ledger),
           (unsigned)client_connections(trial->client));
}

static void print_json(const struct tally *tally, const struct verdict *verdict,
                       uint64_t seed)
{
    cJSON *object = json_of_tally(tally);
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
    const struct tally *tally = trial_tally(trial, TRIAL_STORM);
    struct figures figures = tally_figures(tally);
    struct verdict verdict = verdict_reach(&fields->hypothesis, &figures);

    if (trial->end == TRIAL_INTERRUPTED && verdict.colour == VERDICT_GREEN) {
        verdict.colour = VERDICT_VOID;
        verdict.because = "interrupted before its time";
    }
    if (fields->json) {
        print_json(tally, &verdict, fields->seed);
    } else {
        terminal_tally(stdout, tally);
        terminal_verdict(stdout, &verdict);
    }
    return verdict_exit_status(verdict.colour);
}

int command_client(int argc, char **argv)
{
    struct client_fields fields = { .hypothesis = HYPOTHESIS_NONE,
                                    .seed = clock_wall_us() };
    struct trial_options options = { 0 };
    struct trial *trial;
    const char *why;
    int operands, status;

    switch (arguments_read(&line, &fields, argc, argv, &operands)) {
    case ARGUMENTS_RUN:
        break;
    case ARGUMENTS_DONE:
        return EXIT_HELD;
    case ARGUMENTS_REFUSE:
        return EXIT_BAD_INPUT;
    }
    options.url = argv[1];
    options.methods = fields.methods;
    options.token = (enum token_place)fields.token;
    options.expect = fields.expect;
    options.seed = fields.seed;
    options.storm_us = fields.duration_us;
    options.load = (struct client_options){
        .rate = fields.rate,
        .poisson = fields.poisson,
        .connections = (uint32_t)fields.connections,
        .new_share = fields.new_share,
        .timeout_us = fields.timeout_us,
        .seed = fields.seed,
    };
    trial = trial_new(&options, &why);
    if (!trial) {
        fprintf(stderr, "chaos: %s: %s\n", argv[1], why);
        return EXIT_BAD_INPUT;
    }
    trial->context = trial;
    trial->on_progress = fields.json ? NULL : on_progress;
    trial_run(trial);
    status = judge(trial, &fields);
    trial_free(trial);
    return status;
}
