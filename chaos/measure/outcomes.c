/* SPDX-License-Identifier: MIT */
/* outcomes.c - see outcomes.h. */
#include "chaos/measure/outcomes.h"
#include <assert.h>

static const struct {
    const char *name, *key;
    bool loss;
} outcomes[OUTCOMES] = {
    [OUTCOME_OK] = { "ok", "ok", false },
    [OUTCOME_REFUSED] = { "refused", "refused", true },
    [OUTCOME_RESET] = { "reset before any byte", "reset", true },
    [OUTCOME_CLOSED] = { "closed before any byte", "closed", true },
    [OUTCOME_CLOSED_ON_REUSE] = { "closed on reuse", "closed_on_reuse", true },
    [OUTCOME_TRUNCATED] = { "truncated", "truncated", true },
    [OUTCOME_MALFORMED] = { "malformed", "malformed", true },
    [OUTCOME_EXTRA] = { "extra bytes or a second response", "extra", true },
    [OUTCOME_WRONG_TOKEN] = { "wrong token", "wrong_token", true },
    [OUTCOME_WRONG_BODY] = { "wrong body", "wrong_body", true },
    [OUTCOME_TIMEOUT_CONNECTING] = { "timed out connecting",
                                     "timeout_connecting", true },
    [OUTCOME_TIMEOUT_WAITING] = { "timed out waiting", "timeout_waiting",
                                  true },
    [OUTCOME_TIMEOUT_MIDDLE] = { "timed out during the response",
                                 "timeout_middle", true },
    [OUTCOME_SERVER_ERROR] = { "5xx", "server_error", false },
    [OUTCOME_OTHER_STATUS] = { "other status", "other_status", false },
    [OUTCOME_NOT_SENT] = { "not sent, no free connection", "not_sent", false },
};

const char *outcome_name(enum outcome outcome)
{
    return outcomes[outcome].name;
}

const char *outcome_key(enum outcome outcome)
{
    return outcomes[outcome].key;
}

bool outcome_is_loss(enum outcome outcome)
{
    return outcomes[outcome].loss;
}

bool outcome_is_retried(enum outcome outcome)
{
    return outcomes[outcome].loss || outcome == OUTCOME_SERVER_ERROR;
}

void ledger_begin(struct request_outcomes *ledger)
{
    ledger->begun++;
}

void ledger_begin_again(struct request_outcomes *ledger)
{
    ledger->begun++;
    ledger->retries++;
}

void ledger_end(struct request_outcomes *ledger, enum outcome outcome)
{
    ledger->ended[outcome]++;
}

void ledger_amend(struct request_outcomes *ledger, enum outcome outcome)
{
    assert(ledger->ended[OUTCOME_OK] > 0);
    ledger->ended[OUTCOME_OK]--;
    ledger->ended[outcome]++;
    ledger->amended++;
}

void ledger_doubt(struct request_outcomes *ledger)
{
    assert(ledger->unproven < ledger->ended[OUTCOME_OK]);
    ledger->unproven++;
}

void ledger_withdraw(struct request_outcomes *ledger)
{
    ledger->withdrawn++;
}

uint64_t ledger_ended(const struct request_outcomes *ledger)
{
    uint64_t sum = 0;

    for (int i = 0; i < OUTCOMES; i++)
        sum += ledger->ended[i];
    return sum;
}

uint64_t ledger_open(const struct request_outcomes *ledger)
{
    return ledger->begun - ledger->withdrawn - ledger_ended(ledger);
}

bool ledger_balanced(const struct request_outcomes *ledger)
{
    uint64_t ended = ledger_ended(ledger);

    return ledger->begun == ledger->withdrawn + ended &&
           ledger->retries <= ended - ledger->ended[OUTCOME_OK];
}

uint64_t ledger_lost(const struct request_outcomes *ledger)
{
    uint64_t sum = 0;

    for (int i = 0; i < OUTCOMES; i++)
        if (outcomes[i].loss)
            sum += ledger->ended[i];
    return sum;
}

uint64_t ledger_intended(const struct request_outcomes *ledger)
{
    return ledger->begun - ledger->retries;
}

double ledger_goodput(const struct request_outcomes *ledger)
{
    uint64_t intended = ledger_intended(ledger);

    if (intended <= ledger->withdrawn)
        return 1;
    return (double)ledger->ended[OUTCOME_OK] /
           (double)(intended - ledger->withdrawn);
}

double ledger_availability(const struct request_outcomes *ledger)
{
    uint64_t ended = ledger_ended(ledger);

    if (ended == 0)
        return 1;
    return (double)ledger->ended[OUTCOME_OK] / (double)ended;
}
