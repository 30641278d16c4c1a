/* SPDX-License-Identifier: MIT */
/* account.c - two sums, and one word that selects the current one. */
#include "worker/protocol/account.h"
#include <string.h>

/* Bits of `settled`: the current sum; whether the connection of the named
 * record has ended; 1 + the index of that record. */
#define WHICH       1U
#define ENDED       2U
#define INDEX_SHIFT 2

static uint64_t word_of(const struct account *account)
{
    return atomic_load_explicit(&account->settled, memory_order_acquire);
}

static void store_word(struct account *account, uint64_t word)
{
    atomic_store_explicit(&account->settled, word, memory_order_release);
}

static bool names(uint64_t word, uint32_t index)
{
    return word >> INDEX_SHIFT == (uint64_t)index + 1;
}

/* ---- In the worker ---- */

void account_accept(struct account *account, struct record *record,
                    uint8_t flags)
{
    struct record_progress fresh = { .state = RECORD_EMPTY };
    uint64_t serial =
        atomic_load_explicit(&account->accepted, memory_order_relaxed) + 1;

    memset((char *)record, 0, sizeof(*record));
    record->flags = flags;
    record_store(record, fresh);
    atomic_store_explicit(&record->accepted, (uint32_t)serial | 1U << 31,
                          memory_order_release);
    atomic_store_explicit(&account->accepted, serial, memory_order_release);
}

static struct account_sum sum_with(struct account_sum sum,
                                   struct record_progress progress)
{
    sum.begun += progress.begun;
    sum.answered += progress.answered;
    sum.refused += progress.refused;
    sum.quarantined += progress.quarantined;
    return sum;
}

/* Makes `sum` current, with a store that also names records[index]. */
static void store_sum(struct account *account, uint32_t index,
                      const struct account_sum *sum, uint64_t ended)
{
    uint64_t next = (word_of(account) & WHICH) ^ WHICH;

    account->sums[next] = *sum;
    store_word(account, ((uint64_t)index + 1) << INDEX_SHIFT | ended | next);
}

static void forget_named(struct account *account)
{
    store_word(account, word_of(account) & WHICH);
}

void account_end(struct account *account, struct record *records,
                 uint32_t index)
{
    struct record_progress progress = record_load(&records[index]);
    struct account_sum sum =
        sum_with(account->sums[word_of(account) & WHICH], progress);

    if (progress.begun > progress.answered + progress.refused)
        sum.client_gone++;
    else
        sum.closed++;
    store_sum(account, index, &sum, ENDED);
    atomic_store_explicit(&records[index].accepted, 0, memory_order_release);
    forget_named(account);
}

void account_carry(struct account *account, struct record *records,
                   uint32_t index)
{
    struct record_progress fresh = { .state = RECORD_EMPTY };
    struct account_sum sum = sum_with(account->sums[word_of(account) & WHICH],
                                      record_load(&records[index]));

    store_sum(account, index, &sum, 0);
    record_store(&records[index], fresh);
    forget_named(account);
}

/* ---- In the supervisor ---- */

void account_clear(struct account *account)
{
    memset((char *)account, 0, sizeof(*account));
}

bool account_holds(const struct account *account, const struct record *records,
                   uint32_t index)
{
    uint64_t word = word_of(account);

    if (index >= atomic_load(&account->used) ||
        atomic_load(&records[index].accepted) == 0)
        return false;
    return !(names(word, index) && word & ENDED);
}

/* Adds a connection that the worker had when it died.  Returns false if its
 * counts cannot be true. */
static bool add_held(struct account_total *total,
                     struct record_progress progress)
{
    uint32_t ended = progress.answered + progress.refused;
    bool closing = progress.state == RECORD_CLOSING;
    uint32_t open = progress.begun - ended;

    if (progress.state >= RECORD_STATES || progress.begun < ended || open > 1 ||
        progress.quarantined > progress.refused)
        return false;
    total->requests.begun += progress.begun;
    total->requests.answered += progress.answered;
    total->requests.refused += progress.refused;
    total->requests.quarantined += progress.quarantined;
    if (!closing) {
        total->connections.lost++;
        total->requests.lost += open;
    } else if (open) {
        total->connections.client_gone++;
        total->requests.client_gone++;
    } else {
        total->connections.closed++;
    }
    return true;
}

/* The worker died between the two last stores of account_accept(). */
static bool was_not_counted(const struct record *record, uint64_t accepted)
{
    return atomic_load(&record->accepted) ==
           ((uint32_t)(accepted + 1) | 1U << 31);
}

/* Returns whether the counts are so small that adding them cannot wrap. */
static bool can_be_added(uint64_t accepted, const struct account_sum *sum)
{
    return accepted <= ACCOUNT_COUNT_MAX && sum->closed <= ACCOUNT_COUNT_MAX &&
           sum->client_gone <= ACCOUNT_COUNT_MAX &&
           sum->begun <= ACCOUNT_COUNT_MAX &&
           sum->answered <= ACCOUNT_COUNT_MAX &&
           sum->refused <= ACCOUNT_COUNT_MAX;
}

static bool adds_up(const struct account_total *total)
{
    return total->connections.accepted == total->connections.closed +
                                              total->connections.client_gone +
                                              total->connections.lost &&
           total->requests.quarantined <= total->requests.refused &&
           total->requests.begun ==
               total->requests.answered + total->requests.refused +
                   total->requests.client_gone + total->requests.lost;
}

const char *account_read(const struct account *account,
                         const struct record *records, uint32_t capacity,
                         struct account_total *total)
{
    uint64_t word = word_of(account);
    uint64_t accepted = atomic_load(&account->accepted);
    uint32_t used = atomic_load(&account->used);
    const struct account_sum *sum = &account->sums[word & WHICH];
    static const struct record_progress fresh = { .state = RECORD_EMPTY };

    *total = (struct account_total){
        .connections = { accepted, sum->closed, sum->client_gone, 0 },
        .requests = { sum->begun, sum->answered, sum->refused, sum->client_gone,
                      0, sum->quarantined },
    };
    if (!can_be_added(accepted, sum))
        return "the account has an impossibly large count";
    if (used > capacity)
        return "the account uses more records than the arena has";
    for (uint32_t i = 0; i < used; i++) {
        if (!account_holds(account, records, i))
            continue;
        total->connections.accepted += was_not_counted(&records[i], accepted);
        if (!add_held(total, names(word, i) ? fresh : record_load(&records[i])))
            return "a record has impossible counts";
    }
    return adds_up(total) ? NULL : "the totals of the account do not add up";
}
