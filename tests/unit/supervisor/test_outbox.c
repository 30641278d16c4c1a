/* test_outbox.c - what a worker could not be told is told once it can be. */
#include "supervisor/pool/outbox.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include <sys/socket.h>
#include <unistd.h>

#define REQUESTS 2
#define ONE      "--workers 1 --spares 0 --max-connections 4 "

static const struct {
    const char *options;
    bool handed; /* else the worker accepts its connections itself */
} kinds[] = {
    { ONE "--handoff connection", true },
    { ONE "--schedule shared", false },
    { ONE "--schedule reuseport", false },
};

static void turn(struct no_workers *no_workers)
{
    ev_run(no_workers->supervisor.loop, EVRUN_NOWAIT);
}

static void fill_channel(struct child *child)
{
    while (outbox_send(child, CHANNEL_PING) == 0)
        continue;
}

/* Adds 1 to the counter, for a request in that record. */
static void count(struct no_workers *no_workers, uint32_t record)
{
    struct channel_message message = { .kind = CHANNEL_COUNT,
                                       .record = record,
                                       .number = 1 };

    ck_assert_int_eq(channel_send(no_workers->channels[0], &message, -1), 0);
    turn(no_workers);
}

/* Reads all that it was told; returns how many totals were among it. */
static int hear_totals(struct no_workers *no_workers, uint64_t totals[REQUESTS])
{
    struct channel_message message;
    int heard = 0, fd;

    while (channel_receive(no_workers->channels[0], &message, &fd) == 1) {
        if (message.kind != CHANNEL_TOTAL)
            continue;
        ck_assert_uint_lt(message.record, REQUESTS);
        totals[message.record] = message.number;
        heard++;
    }
    return heard;
}

START_TEST(a_total_that_found_no_room_is_told_later)
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
    ck_assert_int_eq(hear_totals(&no_workers, totals), 0);
    turn(&no_workers);
    ck_assert_int_eq(hear_totals(&no_workers, totals), REQUESTS);
    ck_assert_uint_eq(totals[0], 1);
    ck_assert_uint_eq(totals[1], 2);
    ck_assert_uint_eq(child->totals_pending, 0);
    turn(&no_workers);
    ck_assert_int_eq(hear_totals(&no_workers, totals), 0);
    for (uint32_t i = 0; kinds[_i].handed && i < REQUESTS; i++)
        close(peers[i]);
    no_workers_close(&no_workers);
}
END_TEST

/* The next request in the same record asks for itself. */
START_TEST(a_later_total_stands_for_an_earlier_one)
{
    struct no_workers no_workers;
    uint64_t totals[REQUESTS] = { 0, 0 };

    no_workers_open(&no_workers, kinds[1].options);
    fill_channel(&no_workers.supervisor.children[0]);
    count(&no_workers, 0);
    count(&no_workers, 0);
    ck_assert_int_eq(hear_totals(&no_workers, totals), 0);
    turn(&no_workers);
    ck_assert_int_eq(hear_totals(&no_workers, totals), 1);
    ck_assert_uint_eq(totals[0], 2);
    no_workers_close(&no_workers);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("tell");

    tcase_add_loop_test(cases, a_total_that_found_no_room_is_told_later, 0,
                        ROWS(kinds));
    tcase_add_test(cases, a_later_total_stands_for_an_earlier_one);
    return run_suite("tell", cases);
}
