/* SPDX-License-Identifier: MIT */
/* self_accepted.c - see self_accepted.h. */
#include "supervisor/handoff/self_accepted.h"
#include "supervisor/handoff/poison.h"
#include "supervisor/log/events.h"
#include <string.h>

static void add(struct totals *totals, const struct account_total *account)
{
    totals->connections.accepted += account->connections.accepted;
    totals->connections.closed += account->connections.closed;
    totals->connections.client_gone += account->connections.client_gone;
    totals->connections.lost += account->connections.lost;
    totals->requests.begun += account->requests.begun;
    totals->requests.answered += account->requests.answered;
    totals->requests.refused += account->requests.refused;
    totals->quarantine.refused += account->requests.quarantined;
    totals->requests.client_gone += account->requests.client_gone;
    totals->requests.lost += account->requests.lost;
}

static bool has_request(const struct record *record)
{
    enum record_state state = record_load(record).state;

    return state == RECORD_HANDLING || state == RECORD_COMMITTED;
}

/* Finds the request that the worker was working on; if there is none, another
 * request that it had, for the journal only. */
static void find_suspect(struct child *child, struct obituary *obituary,
                         struct record *suspect)
{
    const struct arena *arena = &child->arena;
    uint32_t used = atomic_load(&arena->head->account.used);
    uint32_t current = atomic_load(&arena->head->current);

    for (uint32_t i = 0; i < used; i++) {
        const struct record *record = &arena->records[i];

        if (!account_holds(&arena->head->account, arena->records, i))
            continue;
        if (has_request(record) && (!obituary->suspect || current == i + 1)) {
            memcpy((char *)suspect, (const char *)record, sizeof(*suspect));
            if (suspect->line_bytes > RECORD_LINE_BYTES)
                suspect->line_bytes = RECORD_LINE_BYTES;
            obituary->suspect = suspect;
            obituary->working = current == i + 1;
        }
    }
}

void self_accepted_settle(struct supervisor *supervisor, struct child *child,
                          struct obituary *obituary, struct record *suspect)
{
    const struct arena *arena = &child->arena;
    struct account_total account;
    const char *problem = account_read(&arena->head->account, arena->records,
                                       arena->capacity, &account);

    if (problem) {
        supervisor->totals.invalid++;
        event_invalid_account(supervisor, child, problem);
        return;
    }
    add(&supervisor->totals, &account);
    child->responses = account.requests.answered + account.requests.refused;
    obituary->unfinished = (uint32_t)account.requests.lost;
    obituary->lost = (uint32_t)account.connections.lost;
    find_suspect(child, obituary, suspect);
    if (obituary->working && exit_cause_blames_request(obituary->cause))
        poison_recorded(supervisor, suspect,
                        atomic_load(&arena->head->current) - 1);
}
