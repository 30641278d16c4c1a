/* SPDX-License-Identifier: MIT */
/* test_quarantine.c - identities of requests, their seals, and the quarantine.
 */
#include "tests/harness/run_suite.h"
#include "worker/http/identity.h"
#include "worker/http/quarantine.h"
#include <string.h>

static const struct siphash_key key = { { 1, 2 } };

static struct identity identify(const char *text)
{
    return identity_of(&key, text, strlen(text));
}

/* ---- Identity ---- */

#define LINE  "GET /?a=b HTTP/1.1"
#define FIRST LINE "\r\nHost: t\r\n\r\n"

static const struct {
    const char *because, *text;
    bool same_request, same_line;
} others[] = {
    { "the same bytes", FIRST, true, true },
    { "leading empty lines do not count", "\r\n\n" FIRST, true, true },
    { "another header", LINE "\r\nHost: u\r\n\r\n", false, true },
    { "an additional header", LINE "\r\nHost: t\r\nX: y\r\n\r\n", false, true },
    { "a body", FIRST "x", false, true },
    { "another body", FIRST "y", false, true },
    { "other line ends", LINE "\nHost: t\r\n\r\n", false, true },
    { "another line", "GET /?a=c HTTP/1.1\r\nHost: t\r\n\r\n", false, false },
    { "a longer line", LINE "x\r\nHost: t\r\n\r\n", false, false },
};

START_TEST(request_is_identified_by_all_of_its_bytes)
{
    struct identity first = identify(FIRST);
    struct identity other = identify(others[_i].text);

    ck_assert_msg((first.request_hash == other.request_hash) ==
                      others[_i].same_request,
                  "%s", others[_i].because);
    ck_assert_msg((first.line_hash == other.line_hash) == others[_i].same_line,
                  "%s", others[_i].because);
    ck_assert_uint_ne(other.request_hash, other.line_hash);
}
END_TEST

START_TEST(different_key_gives_different_hashes)
{
    const struct siphash_key other = { { 1, 3 } };
    struct identity mine = identify(FIRST);
    struct identity theirs = identity_of(&other, FIRST, strlen(FIRST));

    ck_assert_uint_ne(mine.request_hash, theirs.request_hash);
    ck_assert_uint_ne(mine.line_hash, theirs.line_hash);
}
END_TEST

START_TEST(request_line_excludes_its_line_end)
{
    struct slice line = identity_line("\r\n" FIRST, 2 + strlen(FIRST));

    ck_assert(worker_slice_is(line, LINE));
    ck_assert_uint_eq(identity_line("\r\n\r\n", 4).bytes, 0);
    ck_assert(worker_slice_is(identity_line("GET /", 5), "GET /"));
}
END_TEST

/* ---- Seal ---- */

START_TEST(seal_is_valid_for_one_request_on_one_connection)
{
    struct record record = { .request_hash = 1,
                             .line_hash = 2,
                             .line = "GET /",
                             .line_bytes = 5,
                             .accepted = 7 };
    uint64_t seal = identity_seal(&key, &record, 3, 4);
    const struct siphash_key other = { { 1, 3 } };

    ck_assert_uint_eq(identity_seal(&key, &record, 3, 4), seal);
    ck_assert_uint_ne(identity_seal(&other, &record, 3, 4), seal);
    ck_assert_uint_ne(identity_seal(&key, &record, 2, 4), seal);
    ck_assert_uint_ne(identity_seal(&key, &record, 3, 5), seal);
    record.accepted = 8;
    ck_assert_uint_ne(identity_seal(&key, &record, 3, 4), seal);
    record.accepted = 7;
    record.request_hash = 5;
    ck_assert_uint_ne(identity_seal(&key, &record, 3, 4), seal);
    record.request_hash = 1;
    record.line_hash = 5;
    ck_assert_uint_ne(identity_seal(&key, &record, 3, 4), seal);
    record.line_hash = 2;
    record.line[4] = 'x';
    ck_assert_uint_ne(identity_seal(&key, &record, 3, 4), seal);
}
END_TEST

/* ---- Quarantine ---- */

START_TEST(quarantine_holds_a_request_or_its_line)
{
    struct quarantine quarantine = { 0 };
    struct identity identity = { 11, 1 };

    ck_assert(quarantine_is_empty(&quarantine, 10));
    ck_assert(!quarantine_holds(&quarantine, identity, 10));
    ck_assert(quarantine_add(&quarantine, 11, 100, 10));
    ck_assert(!quarantine_is_empty(&quarantine, 99));
    ck_assert(quarantine_holds(&quarantine, identity, 99));
    ck_assert(!quarantine_holds(&quarantine, (struct identity){ 12, 1 }, 99));
    ck_assert(quarantine_add(&quarantine, 1, 100, 10));
    ck_assert(quarantine_holds(&quarantine, (struct identity){ 12, 1 }, 99));
    ck_assert(!quarantine_holds(&quarantine, (struct identity){ 12, 2 }, 99));
    ck_assert(!quarantine_holds(&quarantine, identity, 100));
    ck_assert(quarantine_is_empty(&quarantine, 100));
}
END_TEST

START_TEST(adding_a_held_request_extends_its_time)
{
    struct quarantine quarantine = { 0 };

    ck_assert(quarantine_add(&quarantine, 11, 100, 10));
    ck_assert(!quarantine_add(&quarantine, 11, 150, 99));
    ck_assert(quarantine_holds(&quarantine, (struct identity){ 11, 1 }, 149));
    ck_assert(quarantine_add(&quarantine, 11, 250, 150));
}
END_TEST

START_TEST(request_that_expires_first_is_replaced)
{
    struct quarantine quarantine = { 0 };

    for (uint64_t i = 1; i <= QUARANTINE_CELLS + 1; i++)
        ck_assert(quarantine_add(&quarantine, i, 100 + i, 10));
    ck_assert(!quarantine_holds(&quarantine, (struct identity){ 1, 0 }, 50));
    ck_assert(quarantine_holds(&quarantine, (struct identity){ 2, 0 }, 50));
    ck_assert(quarantine_holds(
        &quarantine, (struct identity){ QUARANTINE_CELLS + 1, 0 }, 50));
}
END_TEST

START_TEST(every_quarantine_has_its_own_key)
{
    const struct quarantine *shown, *other_shown;
    struct quarantine *one = quarantine_create(&shown);
    struct quarantine *other = quarantine_create(&other_shown);

    ck_assert_ptr_nonnull(one);
    ck_assert_ptr_nonnull(other);
    ck_assert_uint_eq(shown->key.words[0], one->key.words[0]);
    ck_assert_uint_eq(shown->key.words[1], one->key.words[1]);
    ck_assert_int_ne(memcmp(&one->key, &other->key, sizeof(one->key)), 0);
    quarantine_destroy(one, shown);
    quarantine_destroy(other, other_shown);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("quarantine");

    tcase_add_loop_test(cases, request_is_identified_by_all_of_its_bytes, 0,
                        ROWS(others));
    tcase_add_test(cases, different_key_gives_different_hashes);
    tcase_add_test(cases, request_line_excludes_its_line_end);
    tcase_add_test(cases, seal_is_valid_for_one_request_on_one_connection);
    tcase_add_test(cases, quarantine_holds_a_request_or_its_line);
    tcase_add_test(cases, adding_a_held_request_extends_its_time);
    tcase_add_test(cases, request_that_expires_first_is_replaced);
    tcase_add_test(cases, every_quarantine_has_its_own_key);
    return run_suite("quarantine", cases);
}
