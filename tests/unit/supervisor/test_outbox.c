/* SPDX-License-Identifier: MIT */
/* test_outbox.c - totals that a full channel rejects are sent later. */
#include "supervisor/pool/outbox.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include <sys/socket.h>
#include <unistd.h>

#define REQUESTS 2
#define ONE      "--workers 1 --spares 0 --max-connections 4 "

static const struct {
    const char *options;
    bool handed; /* false: the worker accepts connections itself */
} kinds[] = {
    { ONE "--handoff connection", true },
    { ONE "--schedule shared", false },
    { ONE "--schedule reuseport", false },
};

static void run_loop(struct no_workers *no_workers)
{
    ev_run(no_workers->supervisor.loop, EVRUN_NOWAIT);
}

static void fill_channel(struct child *child)
{
    while (outbox_send(child, CHANNEL_PING) == 0)
        continue;
}

/* Makes the worker add 1 to the counter for the request in `record`. */
static void count(struct no_workers *no_workers, uint32_t record)
{
    struct channel_message message = { .kind = CHANNEL_COUNT,
                                       .record = record,
                                       .count = { .number = 1 } };

    ck_assert_int_eq(channel_send(no_workers->channels[0], &message, -1), 0);
    run_loop(no_workers);
}

/* Reads all messages to the worker; returns the number of totals. */
static int read_totals(struct no_workers *no_workers, uint64_t totals[REQUESTS])
{
    struct channel_message message;
    int count_read = 0, fd;

    while (channel_receive(no_workers->channels[0], &message, &fd) == 1) {
        if (message.kind != CHANNEL_TOTAL)
            continue;
        ck_assert_uint_lt(message.record, REQUESTS);
        totals[message.record] = message.total;
        count_read++;
    }
    return count_read;
}

START_TEST(total_is_sent_when_the_channel_has_space)
{
    struct no_workers no_workers;
    struct child *child;
    int peers[REQUESTS] = { -1, -1 };
    uint64_t totals[REQUESTS] = { 0, 0 };

    no_workers_open(&no_workers, kinds[_i].options);
    child = &no_workers.supervisor.children[0];
    for (uint32_t i = 0; kinds[_i].handed && i < REQUESTS; i++)
        no_workers_hand(&no_workers, 0, &peers[i]);
    fill_channel(child);
    for (uint32_t i = 0; i < REQUESTS; i++)
        count(&no_workers, i);
    ck_assert_uint_eq(child->totals_pending, REQUESTS);
    ck_assert_int_eq(read_totals(&no_workers, totals), 0);
    run_loop(&no_workers);
    ck_assert_int_eq(read_totals(&no_workers, totals), REQUESTS);
    ck_assert_uint_eq(totals[0], 1);
    ck_assert_uint_eq(totals[1], 2);
    ck_assert_uint_eq(child->totals_pending, 0);
    run_loop(&no_workers);
    ck_assert_int_eq(read_totals(&no_workers, totals), 0);
    for (uint32_t i = 0; kinds[_i].handed && i < REQUESTS; i++)
        close(peers[i]);
    no_workers_close(&no_workers);
}
END_TEST

/* The next request in the same record makes its own COUNT. */
START_TEST(later_total_replaces_an_earlier_one)
{
    struct no_workers no_workers;
    uint64_t totals[REQUESTS] = { 0, 0 };

    no_workers_open(&no_workers, kinds[1].options);
    fill_channel(&no_workers.supervisor.children[0]);
    count(&no_workers, 0);
    count(&no_workers, 0);
    ck_assert_int_eq(read_totals(&no_workers, totals), 0);
    run_loop(&no_workers);
    ck_assert_int_eq(read_totals(&no_workers, totals), 1);
    ck_assert_uint_eq(totals[0], 2);
    no_workers_close(&no_workers);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("outbox");

    tcase_add_loop_test(cases, total_is_sent_when_the_channel_has_space, 0,
                        ROWS(kinds));
    tcase_add_test(cases, later_total_replaces_an_earlier_one);
    return run_suite("outbox", cases);
}
