/* SPDX-License-Identifier: MIT */
/* reclaim.c - see reclaim.h. */
#include "supervisor/handoff/reclaim.h"
#include "supervisor/connections/connections.h"
#include "supervisor/connections/fairness.h"
#include "supervisor/connections/fallback.h"
#include "supervisor/handoff/response_memory.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/outbox.h"
#include "worker/clock.h"
#include "worker/protocol/kernel_queue.h"
#include "worker/serve/connection.h"
#include <stdlib.h>
#include <string.h>

/* Attempts to read the kernel's counts of one connection. */
#define ASK_MAX 3

/* Attempts to read a committed response from the arena. */
#define READS_MAX 3

/* ---- The record ---- */

/* A living worker may still write to *from: check the copy, not *from. */
static void copy_record(struct record *to, const struct record *from)
{
    memcpy((char *)to, (const char *)from, sizeof(*to));
}

/* Checks only the counts of requests, for a connection that is dead or of which
 * the supervisor has no duplicate. */
static const char *examine_counts(const struct record *record)
{
    static const struct record_facts none;
    struct record_progress progress = record_load(record);
    struct record closing = { .flags = 0 };

    if (progress.state < RECORD_STATES)
        progress.state = RECORD_CLOSING;
    record_store(&closing, progress);
    return record_check(&closing, &none);
}

/* Tries more than once: without facts the connection is lost.  On TCP the
 * counts of the record never replace the kernel's. */
static int ask_system(const struct held_connection *held,
                      const struct record *record, struct record_facts *facts,
                      bool *dead)
{
    bool counted;

    for (int i = 0; i < ASK_MAX; i++)
        if (connection_facts(held->fd, record, facts, &counted, dead) == 0 &&
            counted == held->is_tcp)
            return 0;
    return -1;
}

/* Are there facts to compare the record with? */
static bool is_counted(const struct held_connection *held,
                       enum record_state state)
{
    return held->fd >= 0 && (held->is_tcp || state == RECORD_HANDLING ||
                             state == RECORD_COMMITTED);
}

/* Returns NULL, or a static text that says why the record is invalid.  Sets
 * *state, and *facts if the kernel has counts. */
static const char *examine(const struct held_connection *held,
                           const struct record *record,
                           struct record_facts *facts, enum record_state *state)
{
    bool dead;

    *facts = (struct record_facts){ .response_capacity = ARENA_RESPONSE_BYTES };
    *state = record_load(record).state;
    if (!is_counted(held, *state))
        return held->fd < 0 ? examine_counts(record)
                            : record_check(record, facts);
    if (ask_system(held, record, facts, &dead) < 0)
        return "the state of the connection cannot be read";
    if (!dead)
        return record_check(record, facts);
    *state = RECORD_CLOSING;
    return examine_counts(record);
}

/* Compares the work that a valid record claims with what the kernel has counted
 * since the handoff, and updates held->reached.  Returns NULL, or a static text
 * that says why the record is invalid. */
static const char *examine_progress(struct held_connection *held,
                                    const struct record *record,
                                    const struct record_facts *facts,
                                    enum record_state state)
{
    struct record_progress progress = record_load(record);
    uint32_t requests_max = held->single_request ? 1 : RECORD_COUNT_LIMIT;
    struct progress_place reached = { facts->consumed_bytes,
                                      facts->written_bytes };
    const char *problem;

    if (progress.begun < held->in_progress)
        return "the request that had begun is missing";
    if (!held->is_tcp || held->fd < 0)
        return progress_check(progress, requests_max, NULL, NULL);
    /* The kernel's counts may be inside the request and the response: use where
     * these begin. */
    if (state == RECORD_COMMITTED)
        reached = (struct progress_place){ record->request_start,
                                           record->response_start };
    progress.state = state;
    problem = progress_check(progress, requests_max, &held->reached, &reached);
    held->reached = reached;
    return problem;
}

/* Adds to the totals what happened on the connection since its handoff. */
static void count(struct supervisor *supervisor, struct child *child,
                  struct held_connection *held, struct record_progress progress)
{
    struct totals *totals = &supervisor->totals;
    uint32_t ended = progress.answered + progress.refused;

    totals->requests.begun += progress.begun - held->in_progress;
    totals->requests.answered += progress.answered;
    totals->requests.refused += progress.refused;
    totals->quarantine.refused += progress.quarantined;
    if (held->retried && progress.answered > 0) {
        totals->requests.answered--;
        totals->requests.answered_after_retry++;
    }
    held->in_progress = progress.begun > ended;
    held->refused = progress.refused > 0;
    child->responses += ended;
    if (ended > 0) {
        held->retried = held->needs_empty_worker = false;
        held->partial_reads = 0;
        held->queue_until_us = 0;
        held->history = (struct retry_history){ 0, 0 };
        /* On TCP is_stuck() notices progress by the kernel's counts. */
        if (!held->is_tcp)
            held->standstill.deaths = 0;
    }
}

static void free_record(struct child *child, uint32_t record)
{
    outbox_forget_total(child, record);
    child->connections[record] = NULL;
    child->free_records[child->free_count++] = record;
    child->connection_count--;
}

/* Tries more than once: without the response the connection is lost. */
static int read_unsent(const struct child *child, uint32_t index,
                       struct saved_request *saved)
{
    for (int i = 0; i < READS_MAX; i++)
        if (arena_read(&child->arena, index, saved->offset, saved->unsent,
                       saved->unsent_bytes) == 0)
            return 0;
    return -1;
}

/* Replaces the numbers of a valid record to which the next worker adds: on TCP
 * by the kernel's counts; on a Unix socket by numbers too small to overflow. */
static void replace_counts(struct record *record,
                           const struct record_facts *facts, bool is_tcp)
{
    record->taken_bytes = record->sent_bytes = 0;
    if (record_load(record).state == RECORD_COMMITTED) {
        record->taken_bytes =
            (uint32_t)(facts->consumed_bytes - record->request_start);
        record->sent_bytes =
            (uint32_t)(facts->written_bytes - record->response_start);
    }
    if (!is_tcp)
        record->request_start = record->response_start = 0;
}

/* Returns false if memory is short or the arena cannot be read. */
static bool keep_saved_request(struct supervisor *supervisor,
                               struct held_connection *held,
                               const struct child *child,
                               const struct record *record,
                               const struct record_facts *facts)
{
    bool committed = record_load(record).state == RECORD_COMMITTED;
    size_t unsent = committed ? record_unsent(record, facts) : 0;
    struct saved_request *saved = malloc(sizeof(*saved) + unsent);

    if (!saved)
        return false;
    copy_record(&saved->record, record);
    replace_counts(&saved->record, facts, held->is_tcp);
    saved->offset = committed ? record->response_bytes - unsent : 0;
    saved->unsent_bytes = unsent;
    if (read_unsent(child, record->area, saved) < 0) {
        free(saved);
        return false;
    }
    held->saved_request = saved;
    supervisor->saved_bytes += unsent;
    return true;
}

static void lose(struct supervisor *supervisor, struct held_connection *held,
                 const char *why)
{
    supervisor->totals.invalid++;
    event_invalid(supervisor, held, why);
    connections_drop(supervisor, held, END_LOST);
}

/* On a Unix socket corrects the counts of the record (worker/protocol/
 * transfer.h).  If the number of moved bytes is unknown, the response must not
 * be resumed: sets the state to CLOSING. */
static enum transfer_verdict settle_transfer(const struct held_connection *held,
                                             const struct child *child,
                                             uint32_t index,
                                             struct record *record)
{
    enum transfer_verdict verdict = TRANSFER_COUNTED;
    struct record_progress progress = record_load(record);

    if (!held->is_tcp)
        verdict = transfer_settle(&child->arena.head->transfer, index, record);
    if (verdict == TRANSFER_UNCLEAR) {
        progress.state = RECORD_CLOSING;
        record_store(record, progress);
    }
    return verdict;
}

struct held_connection *reclaim_take(struct supervisor *supervisor,
                                     struct child *child, uint32_t index,
                                     bool refused_by_worker,
                                     enum record_state *state)
{
    struct held_connection *held = child->connections[index];
    struct record_facts facts;
    struct record record;
    enum transfer_verdict verdict;
    const char *problem;

    fairness_returned(supervisor, held);
    copy_record(&record, &child->arena.records[index]);
    verdict = settle_transfer(held, child, index, &record);
    problem = examine(held, &record, &facts, state);
    if (!problem && verdict == TRANSFER_INVALID)
        problem = "the transfer in progress contradicts the counts";
    if (!problem)
        problem = examine_progress(held, &record, &facts, *state);
    if (!problem && refused_by_worker)
        problem = "the worker found the record invalid";
    if (!problem)
        count(supervisor, child, held, record_load(&record));
    if (!problem && held->fd >= 0 &&
        (*state == RECORD_PARSING || *state == RECORD_HANDLING ||
         *state == RECORD_COMMITTED) &&
        !keep_saved_request(supervisor, held, child, &record, &facts))
        problem = "the unfinished request cannot be saved";
    free_record(child, index);
    memory_take_back(
        supervisor, child,
        record_load(&record).state == RECORD_COMMITTED ? record.area
                                                       : ARENA_NO_AREA,
        held->saved_request ? held->saved_request->unsent_bytes : 0);
    if (problem) {
        lose(supervisor, held, problem);
        return NULL;
    }
    if (verdict == TRANSFER_UNCLEAR) {
        event_unclear(supervisor, held);
        connections_drop(supervisor, held, END_LOST);
        return NULL;
    }
    return held;
}
