/* SPDX-License-Identifier: MIT */
/* execution.c - see execution.h. */
#include "tests/crashpoints/execution.h"
#include "tests/harness/http/http_expect.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Records ---- */

static bool died_in(const struct death *death, enum record_state state)
{
    return death->reached && observer_state(&death->observer) == state;
}

/* Returns whether the record describes the script's first request.  The second
 * request is always a GET, and the record of a worker without a connection may
 * be left from another trial. */
static bool is_of_first_request(const struct death *death,
                                const struct visit *visit)
{
    char line[sizeof(death->observer.record.line) + 1] = "", token[32];

    memcpy(line, death->observer.record.line, sizeof(line) - 1);
    snprintf(token, sizeof(token), "?t=%lu.", visit->token);
    return strncmp(line, "POST ", 5) == 0 && strstr(line, token);
}

/* Returns whether a worker died when the handler may have run. */
static bool died_handling(const struct crash_trial *trial)
{
    for (unsigned i = 0; i < trial->victims; i++)
        if (died_in(&trial->deaths[i], RECORD_HANDLING) &&
            is_of_first_request(&trial->deaths[i], &trial->visit))
            return true;
    return false;
}

/* A request that must not be repeated is refused if and only if it may have run
 * in a worker that died. */
static void judge_refusal(struct crash_trial *trial)
{
    struct visit *visit = &trial->visit;
    bool refused = visit->statuses[0] == visit->script->refused;

    if (refused && !died_handling(trial))
        complain(&visit->wrong, "refused, although it cannot have run");
    else if (!refused && died_handling(trial))
        complain(&visit->wrong, "answered, although it may have run before");
}

/* Returns whether the death counts towards the request's limit.  100 Continue
 * does not count as a response. */
static bool counts_towards_limit(const struct death *death)
{
    return died_in(death, RECORD_PARSING) || died_in(death, RECORD_HANDLING) ||
           (died_in(death, RECORD_COMMITTED) &&
            death->observer.record.flags & RECORD_INTERIM);
}

/* A request is refused with 500 only after `deaths_allowed` deaths. */
static void judge_poison(const struct trial_stage *stage,
                         struct crash_trial *trial)
{
    unsigned deaths = 0;

    for (unsigned i = 0; i < trial->victims; i++)
        deaths += counts_towards_limit(&trial->deaths[i]);
    if (deaths < stage->deaths_allowed || stage->deaths_allowed == 0)
        complain(&trial->visit.wrong, "refused with 500 after %u deaths",
                 deaths);
}

/* ---- Counter ---- */

static unsigned long read_counter(const struct trial_stage *stage)
{
    struct http_client client;
    struct http_answer answer;
    unsigned long total;

    http_expect_connect(&client, stage->supervised.port);
    http_expect_get(&client, "/count", 200, &answer);
    total = strtoul(answer.body, NULL, 10);
    http_answer_free(&answer);
    http_disconnect(&client);
    return total;
}

/* An answered request has run once; a refused one has run at most once. */
static void judge_counter(struct trial_stage *stage, struct crash_trial *trial)
{
    struct visit *visit = &trial->visit;
    unsigned long before = stage->counted, runs;
    unsigned adds = visit->script->adds;

    stage->counted = read_counter(stage);
    runs = stage->counted - before;
    if (runs > adds)
        complain(&visit->wrong, "executed %lu times", runs);
    else if (visit->statuses[0] == 200 && runs != adds)
        complain(&visit->wrong, "answered, but never executed");
    else if (visit->statuses[0] == 200 && visit->number != stage->counted)
        complain(&visit->wrong, "the response says %lu, the counter is at %lu",
                 visit->number, stage->counted);
}

void execution_judge(struct trial_stage *stage, struct crash_trial *trial)
{
    struct visit *visit = &trial->visit;

    if (complained(&visit->wrong))
        return;
    if (visit->script->counts)
        judge_counter(stage, trial);
    if (complained(&visit->wrong))
        return;
    /* 500 is valid whether the request has run or not. */
    if (visit->statuses[0] == visit->script->poison)
        judge_poison(stage, trial);
    else if (visit->script->runs_once)
        judge_refusal(trial);
}
