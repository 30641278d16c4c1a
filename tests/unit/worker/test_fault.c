/* SPDX-License-Identifier: MIT */
/* test_fault.c - parsing of a requested fault, and its injection once and at
 * the requested step only. */
#include "tests/harness/run_suite.h"
#include "worker/faults/fault.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

static bool read_query(const char *query, struct requested_fault *fault)
{
    struct request request = { .query = { query, strlen(query) } };

    /* fault_read() must overwrite every field. */
    *fault = (struct requested_fault){ FAULT_CORRUPT_ALL, STEP_SENT, 4711 };
    return fault_read(&request, fault);
}

static const struct {
    const char *query;
    struct requested_fault fault;
} faults[] = {
    { "", { .kind = FAULT_NONE } },
    { "t=token&at=sent", { .kind = FAULT_NONE } },
    { "fault=exit:0", { FAULT_EXIT, STEP_HANDLING, 0 } },
    { "fault=exit:3", { FAULT_EXIT, STEP_HANDLING, 3 } },
    { "fault=exit:255", { FAULT_EXIT, STEP_HANDLING, 255 } },
    { "fault=segv", { FAULT_SEGV, STEP_HANDLING, 0 } },
    { "fault=abort", { FAULT_ABORT, STEP_HANDLING, 0 } },
    { "fault=kill", { FAULT_KILL, STEP_HANDLING, 0 } },
    { "fault=hang", { FAULT_HANG, STEP_HANDLING, 0 } },
    { "fault=stop", { FAULT_STOP, STEP_HANDLING, 0 } },
    { "fault=corrupt", { FAULT_CORRUPT_ALL, STEP_HANDLING, 0 } },
    { "fault=corrupt:42", { FAULT_CORRUPT, STEP_HANDLING, 42 } },
    { "fault=flood", { FAULT_FLOOD, STEP_HANDLING, 0 } },
    { "fault=leak:5", { FAULT_LEAK, STEP_HANDLING, 5 } },
    { "fault=forge-place:11", { FAULT_FORGE_PLACE, STEP_HANDLING, 11 } },
    { "fault=forge-count:7", { FAULT_FORGE_COUNT, STEP_HANDLING, 7 } },
    { "fault=leak:64m", { FAULT_LEAK, STEP_HANDLING, 64 << 20 } },
    { "fault=segv&at=parsing", { FAULT_SEGV, STEP_PARSING, 0 } },
    { "fault=segv&at=handling", { FAULT_SEGV, STEP_HANDLING, 0 } },
    { "fault=segv&at=committed", { FAULT_SEGV, STEP_COMMITTED, 0 } },
    { "fault=segv&at=half-sent", { FAULT_SEGV, STEP_HALF_SENT, 0 } },
    { "fault=segv&at=sent", { FAULT_SEGV, STEP_SENT, 0 } },
    { "at=consumed&t=x&fault=segv", { FAULT_SEGV, STEP_CONSUMED, 0 } },
};

START_TEST(fault_is_read_from_the_query)
{
    struct requested_fault fault;

    ck_assert(read_query(faults[_i].query, &fault));
    ck_assert_int_eq(fault.kind, faults[_i].fault.kind);
    ck_assert_int_eq(fault.step, faults[_i].fault.step);
    ck_assert_uint_eq(fault.number, faults[_i].fault.number);
}
END_TEST

static const char *const no_faults[] = {
    "fault=",
    "fault",
    "fault=segvx",
    "fault=seg",
    "fault=SEGV",
    "fault=exit",
    "fault=exit:",
    "fault=exit:256",
    "fault=exit:-1",
    "fault=exit:x",
    "fault=leak",
    "fault=leak:",
    "fault=leak:1g",
    "fault=segv:1",
    "fault=forge-place",
    "fault=forge-count:",
    "fault=segv&at=",
    "fault=segv&at",
    "fault=segv&at=x",
    "fault=segv&at=PARSING",
    "fault=kill&at=sentx",
};

START_TEST(invalid_fault_is_refused)
{
    struct requested_fault fault;

    ck_assert_msg(!read_query(no_faults[_i], &fault), "%s", no_faults[_i]);
    ck_assert_int_eq(fault.kind, FAULT_NONE);
}
END_TEST

/* ---- Injection ---- */

static void inject(const char *query)
{
    static const struct arena nothing;
    struct requested_fault fault;

    ck_assert(read_query(query, &fault));
    fault_reach(&fault, fault.step, &nothing);
}

START_TEST(fault_is_injected_only_at_its_step)
{
    static const struct arena nothing;
    struct requested_fault fault;

    ck_assert(read_query("fault=abort&at=half-sent", &fault));
    for (enum fault_step step = STEP_PARSING; step <= STEP_CONSUMED; step++)
        if (step != STEP_HALF_SENT)
            fault_reach(&fault, step, &nothing);
    ck_assert_int_eq(fault.kind, FAULT_ABORT);
}
END_TEST

START_TEST(survivable_fault_is_injected_once)
{
    static const struct arena nothing;
    struct requested_fault fault;

    ck_assert(read_query("fault=leak:1m&at=sent", &fault));
    fault_reach(&fault, STEP_SENT, &nothing);
    ck_assert_int_eq(fault.kind, FAULT_NONE);
    fault_reach(&fault, STEP_SENT, &nothing);
}
END_TEST

/* Resident anonymous memory of this process, in bytes. */
static unsigned long long anonymous_bytes(void)
{
    FILE *file = fopen("/proc/self/smaps_rollup", "re");
    unsigned long long kib = 0;
    char line[128];

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof(line), file) &&
           sscanf(line, "Anonymous: %llu kB", &kib) != 1)
        ;
    fclose(file);
    return kib * 1024;
}

START_TEST(leak_allocates_memory_and_keeps_it)
{
    unsigned long long before = anonymous_bytes();

    inject("fault=leak:8m");
    ck_assert_uint_ge(anonymous_bytes(), before + (8 << 20));
    inject("fault=leak:8m");
    ck_assert_uint_ge(anonymous_bytes(), before + 2 * (8 << 20));
    inject("fault=leak:1");
    inject("fault=leak:0");
}
END_TEST

START_TEST(leak_without_memory_aborts)
{
    inject("fault=leak:17592186044415m");
}
END_TEST

START_TEST(fault_exit_exits_with_its_code)
{
    inject("fault=exit:3");
}
END_TEST

START_TEST(fault_segv_crashes)
{
    inject("fault=segv");
}
END_TEST

START_TEST(fault_abort_aborts)
{
    inject("fault=abort");
}
END_TEST

START_TEST(fault_kill_kills)
{
    inject("fault=kill");
}
END_TEST

START_TEST(fault_segv_crashes_although_the_signal_is_ignored)
{
    signal(SIGSEGV, SIG_IGN);
    inject("fault=segv");
}
END_TEST

START_TEST(fault_corrupt_writes_to_all_records_and_crashes)
{
    static struct record records[4];
    const struct arena arena = { .records = records, .capacity = 4 };
    struct requested_fault fault = { .kind = FAULT_CORRUPT_ALL,
                                     .step = STEP_SENT };

    fault_reach(&fault, STEP_SENT, &arena);
}
END_TEST

START_TEST(forged_place_is_near_the_end_of_the_range)
{
    struct requested_fault fault;
    struct record record = { .request_start = 100, .response_start = 200 };

    ck_assert(read_query("fault=forge-place:11", &fault));
    for (enum fault_step step = STEP_PARSING; step <= STEP_CONSUMED; step++)
        fault_reach(&fault, step, NULL);
    fault_forge(&fault, &record);
    ck_assert_uint_eq(record.request_start, UINT64_MAX - 10);
    ck_assert_uint_eq(record.response_start, UINT64_MAX - 10);
}
END_TEST

START_TEST(forged_count_claims_more_responses)
{
    struct requested_fault fault;
    struct record record;

    record_store(&record, (struct record_progress){ RECORD_EMPTY, 2, 1, 1, 0 });
    ck_assert(read_query("fault=forge-count:7", &fault));
    fault_forge(&fault, &record);
    ck_assert_uint_eq(record_load(&record).begun, 9);
    ck_assert_uint_eq(record_load(&record).answered, 8);
    ck_assert_uint_eq(record_load(&record).refused, 1);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("fault");

    tcase_add_loop_test(cases, fault_is_read_from_the_query, 0, ROWS(faults));
    tcase_add_loop_test(cases, invalid_fault_is_refused, 0, ROWS(no_faults));
    tcase_add_test(cases, fault_is_injected_only_at_its_step);
    tcase_add_test(cases, survivable_fault_is_injected_once);
    tcase_add_test(cases, leak_allocates_memory_and_keeps_it);
    tcase_add_test_raise_signal(cases, leak_without_memory_aborts, SIGABRT);
    tcase_add_test(cases, forged_place_is_near_the_end_of_the_range);
    tcase_add_test(cases, forged_count_claims_more_responses);
    tcase_add_exit_test(cases, fault_exit_exits_with_its_code, 3);
    tcase_add_test_raise_signal(cases, fault_segv_crashes, SIGSEGV);
    tcase_add_test_raise_signal(cases, fault_abort_aborts, SIGABRT);
    tcase_add_test_raise_signal(cases, fault_kill_kills, SIGKILL);
    tcase_add_test_raise_signal(
        cases, fault_segv_crashes_although_the_signal_is_ignored, SIGSEGV);
    tcase_add_test_raise_signal(
        cases, fault_corrupt_writes_to_all_records_and_crashes, SIGSEGV);
    return run_suite("fault", cases);
}
