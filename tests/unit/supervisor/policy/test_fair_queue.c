/* SPDX-License-Identifier: MIT */
/* test_fair_queue.c - clients with different addresses are served in turn. */
#include "supervisor/policy/fair_queue.h"
#include "tests/harness/run_suite.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS_MAX 32

struct queue_bench {
    struct fair_flow flows[FAIR_FLOWS + 1];
    struct fair_item items[ITEMS_MAX + 1];
    struct fair_queue queue;
    uint32_t count;
};

static struct queue_bench *new_bench(void)
{
    struct queue_bench *bench = calloc(1, sizeof(*bench));

    ck_assert_ptr_nonnull(bench);
    bench->queue.flows = bench->flows;
    bench->queue.items = bench->items;
    return bench;
}

static void serve(struct queue_bench *bench, uint32_t item)
{
    fair_queue_remove(&bench->queue, item);
    fair_queue_pass(&bench->queue, bench->items[item].flow);
}

/* Carries out `script`: a letter adds an item to the flow of that letter, '.'
 * serves the next item, '-' removes the last item of the queue that was added,
 * '!' removes the next item without a turn.  Writes the letters of the items
 * that were served, in order. */
static void run(struct queue_bench *bench, const char *script, char *served)
{
    for (; *script; script++) {
        uint32_t next = fair_queue_next(&bench->queue);

        if (*script == '.') {
            *served++ = next ? (char)bench->items[next].flow : '0';
            if (next)
                serve(bench, next);
        } else if (*script == '!') {
            fair_queue_remove(&bench->queue, next);
        } else if (*script == '-') {
            fair_queue_remove(&bench->queue, bench->count);
        } else {
            bench->items[++bench->count].flow = (uint32_t)*script;
            fair_queue_add(&bench->queue, bench->count);
        }
    }
    *served = '\0';
}

static const struct {
    const char *because, *script, *served;
} orders[] = {
    { "an empty queue has no next item", "..", "00" },
    { "a single address has every turn", "AAAA.....", "AAAA0" },
    { "many items delay another address by one turn", "AAAAAB...", "ABA" },
    { "two addresses alternate", "AAABBB......", "ABABAB" },
    { "three addresses take turns", "AAAABBC.......", "ABCABAA" },
    { "a late address waits for one round", "AABB.C....", "ABACB" },
    { "an address that returns is served last", "AB.A..", "ABA" },
    { "an address that returns immediately is not served first", "AAAB..B..B..",
      "ABABAB" },
    { "a removed item uses no turn", "AAB!..", "AB" },
    { "the only item of an address is removed", "AAB-..", "AA" },
    { "the last item is removed", "A-.", "0" },
    { "an item between two others is removed", "AABA-..", "AB" },
    { "items are added after the queue was empty", "A..B..", "A0B0" },
};

START_TEST(items_are_served_in_turn_of_their_addresses)
{
    struct queue_bench *bench = new_bench();
    char served[ITEMS_MAX + 1];

    run(bench, orders[_i].script, served);
    ck_assert_msg(!strcmp(served, orders[_i].served), "%s: want %s, got %s",
                  orders[_i].because, orders[_i].served, served);
    free(bench);
}
END_TEST

START_TEST(items_of_one_address_keep_their_order)
{
    struct queue_bench *bench = new_bench();
    char served[ITEMS_MAX + 1];

    run(bench, "ABABAB", served);
    for (uint32_t item = 1; item <= 6; item++) {
        ck_assert_uint_eq(fair_queue_next(&bench->queue), item);
        serve(bench, item);
    }
    free(bench);
}
END_TEST

START_TEST(item_after_next_belongs_to_the_following_address)
{
    struct queue_bench *bench = new_bench();
    char served[ITEMS_MAX + 1];

    ck_assert_uint_eq(fair_queue_after_next(&bench->queue), 0);
    run(bench, "AA", served);
    ck_assert_uint_eq(fair_queue_after_next(&bench->queue), 0);
    run(bench, "B", served);
    ck_assert_uint_eq(fair_queue_after_next(&bench->queue), 3);
    free(bench);
}
END_TEST

/* ---- Parties ---- */

static uint64_t party_of(const char *host)
{
    struct sockaddr_storage storage = { .ss_family = AF_INET };
    struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = 1 };
    struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = 2 };

    if (inet_pton(AF_INET, host, &four.sin_addr) == 1) {
        memcpy(&storage, &four, sizeof(four));
    } else {
        ck_assert_int_eq(inet_pton(AF_INET6, host, &six.sin6_addr), 1);
        memcpy(&storage, &six, sizeof(six));
    }
    return fair_party(&storage, 0);
}

static const struct {
    const char *one, *other;
    int same;
} parties[] = {
    { "127.0.0.1", "127.0.0.1", 1 },
    { "127.0.0.1", "127.0.0.2", 0 },
    { "10.0.0.1", "11.0.0.1", 0 },
    { "2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", 1 },
    { "2001:db8:0:1::1", "2001:db8:0:2::1", 0 },
    { "2001:db8::", "32.1.13.184", 0 },
    { "::1", "0.0.0.0", 0 },
};

START_TEST(party_is_an_ipv4_address_or_an_ipv6_prefix)
{
    ck_assert_msg((party_of(parties[_i].one) == party_of(parties[_i].other)) ==
                      parties[_i].same,
                  "%s and %s", parties[_i].one, parties[_i].other);
}
END_TEST

START_TEST(party_on_a_unix_socket_is_a_user)
{
    const struct sockaddr_storage local = { .ss_family = AF_UNIX };

    ck_assert(fair_party(&local, 0) != fair_party(&local, 1000));
    ck_assert(fair_party(&local, 1000) == fair_party(&local, 1000));
}
END_TEST

START_TEST(flows_are_evenly_used_and_depend_on_the_secret)
{
    const struct fair_secret secrets[] = {
        { UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0x1234567890abcdef) },
        { UINT64_C(0xd1342543de82ef95), UINT64_C(0xfedcba0987654321) },
    };
    static unsigned hits[FAIR_FLOWS + 1];
    unsigned max = 0, same = 0;

    for (uint32_t i = 0; i < FAIR_FLOWS; i++) {
        uint64_t party = (uint64_t)i << 32 | 0x04ff;
        uint32_t flow = fair_flow_of(&secrets[0], party);

        ck_assert(flow >= 1 && flow <= FAIR_FLOWS);
        max = ++hits[flow] > max ? hits[flow] : max;
        same += flow == fair_flow_of(&secrets[1], party);
    }
    ck_assert_uint_le(max, 16);
    ck_assert_uint_le(same, FAIR_FLOWS / 1000);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("fair queue");

    tcase_add_loop_test(cases, items_are_served_in_turn_of_their_addresses, 0,
                        ROWS(orders));
    tcase_add_test(cases, items_of_one_address_keep_their_order);
    tcase_add_test(cases, item_after_next_belongs_to_the_following_address);
    tcase_add_loop_test(cases, party_is_an_ipv4_address_or_an_ipv6_prefix, 0,
                        ROWS(parties));
    tcase_add_test(cases, party_on_a_unix_socket_is_a_user);
    tcase_add_test(cases, flows_are_evenly_used_and_depend_on_the_secret);
    return run_suite("fair queue", cases);
}
