/* SPDX-License-Identifier: MIT */
/* test_arena.c - response areas are taken and released, and a corrupt worker's
 * memory is bounded and returned. */
#include "supervisor/handoff/response_memory.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MB (UINT64_C(1) << 20)
#define GB (UINT64_C(1) << 30)

/* ---- The arena ---- */

static uint64_t occupied(const struct arena *arena)
{
    struct stat facts;

    ck_assert_int_eq(fstat(arena->fd, &facts), 0);
    return (uint64_t)facts.st_blocks * 512;
}

START_TEST(areas_are_taken_once_and_released)
{
    struct arena arena;

    ck_assert_int_eq(arena_create(&arena, 1, 3), 0);
    for (uint32_t i = 0; i < 3; i++) {
        ck_assert(arena_has_free(&arena));
        ck_assert_uint_eq(arena_take(&arena), i);
    }
    ck_assert(!arena_has_free(&arena));
    ck_assert_uint_eq(arena_take(&arena), ARENA_NO_AREA);
    arena_claim(&arena, 1, 1000);
    ck_assert_uint_eq(arena_claimed(&arena), 1000);
    arena_release_unknown(&arena, 1);
    ck_assert_uint_eq(arena_claimed(&arena), 0);
    ck_assert_uint_eq(arena_take(&arena), 1);
    arena_release_unknown(&arena, ARENA_NO_AREA);
    arena_release_unknown(&arena, 3);
    ck_assert(!arena_has_free(&arena));
    arena_destroy(&arena);
}
END_TEST

START_TEST(areas_out_of_range_are_neither_read_nor_written)
{
    static const struct {
        uint32_t area;
        size_t offset, bytes;
    } wrong[] = { { 1, 0, 1 },
                  { ARENA_NO_AREA, 0, 1 },
                  { 0, ARENA_RESPONSE_BYTES, 1 },
                  { 0, 1, ARENA_RESPONSE_BYTES },
                  { 0, SIZE_MAX, 2 } };
    static char bytes[4];
    struct arena arena;

    ck_assert_int_eq(arena_create(&arena, 1, 1), 0);
    for (size_t i = 0; i < ROWS(wrong); i++) {
        ck_assert_int_lt(arena_read(&arena, wrong[i].area, wrong[i].offset,
                                    bytes, wrong[i].bytes),
                         0);
        ck_assert_int_lt(arena_write(&arena, wrong[i].area, wrong[i].offset,
                                     bytes, wrong[i].bytes),
                         0);
    }
    arena_destroy(&arena);
}
END_TEST

/* ---- A corrupt worker ---- */

/* Writes to the whole mapping except the first page. */
static void fill_arena(const struct child *child)
{
    struct arena whole;
    struct stat facts;

    ck_assert_int_eq(arena_map_whole(&whole, dup(child->arena.fd),
                                     child->arena.capacity,
                                     child->arena.area_count),
                     0);
    ck_assert_int_eq(fstat(child->arena.fd, &facts), 0);
    memset((char *)whole.head + 4096, 0xa5, (size_t)facts.st_size - 4096);
    ck_assert_int_eq(munmap(whole.head, (size_t)facts.st_size), 0);
}

START_TEST(memory_of_a_corrupt_worker_is_bounded_and_returned)
{
    static const char *const options[] = {
        "--workers 2 --spares 1 --max-response-memory 64m --handoff request",
        "--workers 2 --spares 1 --max-response-memory 64m "
        "--handoff connection",
    };
    struct no_workers no_workers;
    struct child *child;

    no_workers_open(&no_workers, options[_i]);
    child = &no_workers.supervisor.children[0];
    fill_arena(child);
    ck_assert_uint_ge(occupied(&child->arena), ARENA_RESPONSE_BYTES);
    /* A third of half of the budget, and the records. */
    ck_assert_uint_le(occupied(&child->arena), 11 * MB);
    memory_reclaim(&no_workers.supervisor, child);
    ck_assert_uint_le(occupied(&child->arena), ARENA_IDLE_BYTES);
    no_workers_close(&no_workers);
}
END_TEST

START_TEST(size_of_an_arena_cannot_be_changed)
{
    struct arena arena;

    ck_assert_int_eq(arena_create(&arena, 1, 1), 0);
    ck_assert_int_lt(ftruncate(arena.fd, 0), 0);
    ck_assert_int_lt(ftruncate(arena.fd, (off_t)GB), 0);
    ck_assert_int_lt(fallocate(arena.fd, 0, (off_t)GB, 1), 0);
    arena_destroy(&arena);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("arena");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, areas_are_taken_once_and_released);
    tcase_add_test(cases, areas_out_of_range_are_neither_read_nor_written);
    tcase_add_loop_test(
        cases, memory_of_a_corrupt_worker_is_bounded_and_returned, 0, 2);
    tcase_add_test(cases, size_of_an_arena_cannot_be_changed);
    return run_suite("arena", cases);
}
