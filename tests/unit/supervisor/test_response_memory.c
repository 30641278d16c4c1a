/* SPDX-License-Identifier: MIT */
/* test_response_memory.c - how the budget for unread responses is divided. */
#include "supervisor/connections/connections.h"
#include "supervisor/handoff/reclaim.h"
#include "supervisor/handoff/recovery.h"
#include "supervisor/handoff/response_memory.h"
#include "supervisor/policy/response_memory.h"
#include "supervisor/system/memory_limit.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include <string.h>
#include <unistd.h>

#define KB   UINT64_C(1024)
#define MB   (1024 * KB)
#define GB   (1024 * MB)
#define NONE UINT64_MAX

/* ---- Pure decisions ---- */

static const struct {
    const char *because;
    uint64_t cgroup, machine, budget;
} defaults[] = {
    { "a third of the cgroup's limit", 60 * MB, 24 * GB, 20 * MB },
    { "a quarter of the machine without a limit", NONE, 24 * GB, 6 * GB },
    { "a quarter of the machine if that is less", 24 * GB, 24 * GB, 6 * GB },
    { "one largest response in a tiny cgroup", MB, 24 * GB, 4 * MB },
    { "one largest response on a tiny machine", NONE, MB, 4 * MB },
    { "the maximum of the option if nothing is known", NONE, NONE,
      RESPONSE_MEMORY_MAX_BYTES },
};

START_TEST(default_is_a_share_of_cgroup_or_machine)
{
    ck_assert_msg(
        response_memory_default(defaults[_i].cgroup, defaults[_i].machine) ==
            defaults[_i].budget,
        "%s", defaults[_i].because);
}
END_TEST

static const struct {
    const char *because;
    uint64_t budget;
    uint32_t arenas;
    bool one_request;
    uint32_t areas;
} areas[] = {
    { "one area for one request at a time", 6 * GB, 3, true, 1 },
    { "at least two otherwise", 4 * MB, 64, false, 2 },
    { "half of the budget divided by the arenas", 96 * MB, 3, false, 4 },
    { "at most the areas of an arena", 6 * GB, 3, false, 64 },
};

START_TEST(number_of_areas_follows_the_budget)
{
    ck_assert_msg(response_memory_areas(areas[_i].budget, areas[_i].arenas, 64,
                                        areas[_i].one_request) ==
                      areas[_i].areas,
                  "%s", areas[_i].because);
}
END_TEST

static const struct {
    const char *because;
    uint64_t budget, saved, all_claimed;
    uint32_t workers;
    uint64_t claimed;
    uint32_t areas;
    uint64_t share;
} shares[] = {
    { "all is free: equal shares", 8 * MB, 0, 0, 2, 0, 2, 4 * MB },
    { "saved responses reduce the shares", 8 * MB, 4 * MB, 0, 2, 0, 2, 2 * MB },
    { "a worker keeps what it has claimed", 8 * MB, 0, 4 * MB, 2, 4 * MB, 2,
      6 * MB },
    { "another worker gets its share of the rest", 8 * MB, 0, 4 * MB, 2, 0, 2,
      2 * MB },
    { "at most what the arena holds", 8 * GB, 0, 0, 2, 0, 2, 8 * MB },
    { "nothing is free", 8 * MB, 8 * MB, 0, 2, 0, 2, 0 },
    { "the budget is exceeded", 8 * MB, 9 * MB, 9 * MB, 2, MB, 2, MB },
    { "sums do not wrap", 8 * MB, NONE, NONE, 2, 0, 2, 0 },
};

START_TEST(share_follows_budget_and_claims)
{
    ck_assert_msg(response_memory_share(shares[_i].budget, shares[_i].saved,
                                        shares[_i].all_claimed,
                                        shares[_i].workers, shares[_i].claimed,
                                        shares[_i].areas) == shares[_i].share,
                  "%s", shares[_i].because);
}
END_TEST

static const struct {
    const char *because;
    uint64_t free_bytes, one;
} ones[] = {
    { "at most one largest response", GB, 4 * MB },
    { "the free memory if that is less", MB, MB },
    { "nothing is free", 0, 0 },
};

START_TEST(one_request_gets_at_most_the_largest_response)
{
    ck_assert_msg(response_memory_for_one(ones[_i].free_bytes) == ones[_i].one,
                  "%s", ones[_i].because);
}
END_TEST

static const struct {
    const char *because;
    uint64_t budget;
    bool queues_count;
    uint32_t bytes;
} queues[] = {
    { "the kernel's own limit where queues do not count", 8 * MB, false, 0 },
    { "the budget divided by 256 doubled queues", 64 * MB, true, 128 * KB },
    { "the minimum", 4 * MB, true, 16 * KB },
    { "the kernel's own limit if the budget suffices", 6 * GB, true, 0 },
};

START_TEST(send_queue_follows_the_budget)
{
    ck_assert_msg(response_memory_send_queue(queues[_i].budget,
                                             queues[_i].queues_count) ==
                      queues[_i].bytes,
                  "%s", queues[_i].because);
}
END_TEST

static const struct {
    const char *text, *path;
    bool version_2;
} paths[] = {
    { "0::/a/b\n", "/a/b", true },
    { "4:memory:/v1\n0::/v2\n", "/v2", true },
    { "4:memory:/v1\n0::/v2\n", "/v1", false },
    { "3:cpu,memory:/both", "/both", false },
    { "3:cpu,memoryx:/other\n1:name=memory:/named\n", NULL, false },
    { "0::/a:b\n", "/a:b", true },
    { "0::/too/long/a/path/for/the/room/that/there/is\n", NULL, true },
    { "", NULL, true },
    { "nonsense\n:\n::\n", "", true },
};

START_TEST(path_of_the_cgroup_is_found)
{
    char path[32] = "unchanged";
    bool found = memory_limit_find_path(paths[_i].text, paths[_i].version_2,
                                        path, sizeof(path));

    ck_assert_int_eq(found, paths[_i].path != NULL);
    if (found)
        ck_assert_str_eq(path, paths[_i].path);
}
END_TEST

/* ---- Claims of a worker ---- */

static void commit(const struct child *child,
                   const struct held_connection *held, uint32_t area,
                   uint32_t bytes)
{
    struct record *record = &child->arena.records[held->assignment.record];

    *record = (struct record){
        .request_bytes = 1, .response_bytes = bytes, .status = 200, .area = area
    };
    record_store(record,
                 (struct record_progress){ RECORD_COMMITTED, 1, 0, 0, 0 });
}

START_TEST(response_outside_any_area_loses_only_its_connection)
{
    static const uint32_t wrong[] = { 2, 64, ARENA_NO_AREA };
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    enum record_state state;
    struct held_connection *held;
    int peer;

    no_workers_open(&no_workers, "--workers 1 --spares 0 --handoff connection "
                                 "--max-response-memory 4m");
    held = no_workers_hand(&no_workers, 0, &peer);
    ck_assert_int_eq(send(peer, "r", 1, 0), 1);
    commit(&supervisor->children[0], held, wrong[_i], 1000);
    ck_assert_ptr_null(reclaim_take(supervisor, &supervisor->children[0],
                                    held->assignment.record, false, &state));
    ck_assert_uint_eq(supervisor->totals.connections.lost, 1);
    ck_assert_uint_eq(supervisor->totals.invalid, 1);
    close(peer);
    no_workers_close(&no_workers);
}
END_TEST

/* ---- Grants ---- */

/* The memory of a response counts for the worker, then as saved, then for the
 * next worker. */
START_TEST(grants_and_saved_responses_stay_within_the_budget)
{
    enum { BYTES = 3 * 1024 * 1024 };
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    struct child *child;
    enum record_state state;
    struct held_connection *held;
    uint32_t area;
    int peer;

    no_workers_open(&no_workers, "--workers 2 --spares 0 --handoff connection "
                                 "--max-response-memory 8m");
    memory_share_out(supervisor);
    child = &supervisor->children[0];
    ck_assert_uint_eq(child->granted_bytes, 4 * MB);
    held = no_workers_hand(&no_workers, 0, &peer);
    ck_assert_int_eq(send(peer, "r", 1, 0), 1);
    area = arena_take(&child->arena);
    arena_claim(&child->arena, area, BYTES);
    commit(child, held, area, BYTES);
    held =
        reclaim_take(supervisor, child, held->assignment.record, false, &state);
    ck_assert_ptr_nonnull(held);
    ck_assert_uint_eq(supervisor->connections->saved_bytes, BYTES);
    ck_assert_uint_eq(supervisor->response_memory->granted_bytes,
                      8 * MB - BYTES);
    ck_assert_uint_eq(arena_claimed(&child->arena), 0);
    recovery_returned(supervisor, held, state);
    memory_share_out(supervisor);
    ck_assert_uint_le(supervisor->response_memory->granted_bytes,
                      8 * MB - BYTES);
    ck_assert_uint_eq(child->granted_bytes, (8 * MB - BYTES) / 2);
    close(peer);
    no_workers_close(&no_workers);
}
END_TEST

/* A worker may claim memory while the supervisor lowers its grant. */
START_TEST(claimed_memory_stays_counted)
{
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    struct child *child;

    no_workers_open(&no_workers, "--workers 2 --spares 0 --handoff connection "
                                 "--max-response-memory 8m");
    memory_share_out(supervisor);
    child = &supervisor->children[1];
    arena_claim(&child->arena, arena_take(&child->arena), 3 << 20);
    supervisor->connections->saved_bytes = 6 << 20;
    memory_share_out(supervisor);
    ck_assert_uint_eq(child->granted_bytes, 3 * MB);
    ck_assert_uint_eq(supervisor->children[0].granted_bytes, 0);
    /* Claims of a corrupt worker are limited to its arena. */
    for (uint32_t i = 0; i < ARENA_AREAS_MAX; i++)
        atomic_store(&child->arena.head->area_bytes[i], UINT32_MAX);
    ck_assert_uint_eq(arena_claimed(&child->arena), 8 * MB);
    memory_reclaim(supervisor, child);
    ck_assert_uint_eq(child->granted_bytes, 0);
    supervisor->connections->saved_bytes = 0;
    no_workers_close(&no_workers);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("response memory");

    tcase_add_loop_test(cases, default_is_a_share_of_cgroup_or_machine, 0,
                        ROWS(defaults));
    tcase_add_loop_test(cases, number_of_areas_follows_the_budget, 0,
                        ROWS(areas));
    tcase_add_loop_test(cases, share_follows_budget_and_claims, 0,
                        ROWS(shares));
    tcase_add_loop_test(cases, one_request_gets_at_most_the_largest_response, 0,
                        ROWS(ones));
    tcase_add_loop_test(cases, send_queue_follows_the_budget, 0, ROWS(queues));
    tcase_add_loop_test(cases, path_of_the_cgroup_is_found, 0, ROWS(paths));
    tcase_add_loop_test(
        cases, response_outside_any_area_loses_only_its_connection, 0, 3);
    tcase_add_test(cases, grants_and_saved_responses_stay_within_the_budget);
    tcase_add_test(cases, claimed_memory_stays_counted);
    return run_suite("response memory", cases);
}
