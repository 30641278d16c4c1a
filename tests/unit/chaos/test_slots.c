/* SPDX-License-Identifier: MIT */
/* test_slots.c - which process has which slot, and which victim a replayed
 * injection selects. */
#include "chaos/faults/selection.h"
#include "chaos/target/slots.h"
#include "tests/harness/run_suite.h"

static struct slots slots;

static void log_line(const char *line)
{
    struct log_event log_event;

    log_event_read(&log_event, line);
    slots_log_event(&slots, &log_event);
}

START_TEST(slots_follow_the_log)
{
    ck_assert(!slots_known(&slots, 2));
    log_line("{\"event\":\"fork\",\"slot\":2,\"pid\":11}");
    log_line("{\"event\":\"fork\",\"slot\":null,\"pid\":12}");
    ck_assert(slots_known(&slots, 2));
    ck_assert_int_eq(slots_pid(&slots, 2), 11);
    log_line("{\"event\":\"exit\",\"slot\":2,\"pid\":11}");
    ck_assert_int_eq(slots_pid(&slots, 2), 0);
    ck_assert(slots_known(&slots, 2));
    log_line("{\"event\":\"promote\",\"slot\":2,\"pid\":12}");
    ck_assert_int_eq(slots_pid(&slots, 2), 12);
}
END_TEST

START_TEST(late_exit_event_does_not_empty_a_slot)
{
    log_line("{\"event\":\"fork\",\"slot\":1,\"pid\":11}");
    log_line("{\"event\":\"promote\",\"slot\":1,\"pid\":12}");
    log_line("{\"event\":\"exit\",\"slot\":1,\"pid\":11}");
    ck_assert_int_eq(slots_pid(&slots, 1), 12);
}
END_TEST

START_TEST(slot_out_of_range_is_unknown)
{
    log_line("{\"event\":\"fork\",\"slot\":1000000,\"pid\":11}");
    log_line("{\"event\":\"fork\",\"slot\":0,\"pid\":11}");
    ck_assert(!slots_known(&slots, 1000000) && !slots_known(&slots, 0));
    ck_assert(!slots_known(&slots, -1) && slots_pid(&slots, -1) == 0);
}
END_TEST

static struct victim alive[] = { { .pid = 21 }, { .pid = 22 }, { .pid = 23 } };

static const struct {
    const char *because;
    int64_t slot;
    uint32_t ordinal;
    uint64_t draw;
    bool met;
    int chosen;
} injections[] = {
    { "the process in the slot", 1, 0, 0, true, 2 },
    { "slot empty: the same ordinal", 2, 1, 0, true, 1 },
    { "a spare: the same ordinal", -1, 1, 0, true, 1 },
    { "ordinal out of range: by the draw", -1, 7, 5, true, 2 },
    { "there was no victim", 1, 0, 0, false, -1 },
};

START_TEST(replayed_injection_selects_the_same_victim)
{
    const struct victims victims = { .list = alive, .count = ROWS(alive) };
    const struct past_injection past = { .plan = { .draw =
                                                       injections[_i].draw },
                                         .slot = injections[_i].slot,
                                         .ordinal = injections[_i].ordinal,
                                         .met = injections[_i].met };
    const struct victims no_victims = { 0 };

    log_line("{\"event\":\"fork\",\"slot\":1,\"pid\":23}");
    ck_assert_msg(selection_again(&past, &victims, &slots) ==
                      injections[_i].chosen,
                  "%s", injections[_i].because);
    ck_assert_int_eq(selection_again(&past, &no_victims, &slots), -1);
}
END_TEST

START_TEST(fault_selects_the_process_in_its_slot)
{
    struct victims victims = { .list = alive, .count = ROWS(alive) };
    const struct planned_injection plan = { .draw = 1 };
    struct fault fault = { .victim = CHOOSE_SLOT, .slot = 4 };

    log_line("{\"event\":\"fork\",\"slot\":4,\"pid\":22}");
    ck_assert_int_eq(selection_make(&fault, &plan, &victims, &slots, NULL), 1);
    fault.timing = TIMING_ROLLING;
    ck_assert(!selection_takes_turns(&fault));
    ck_assert_int_eq(selection_make(&fault, &plan, &victims, &slots, NULL), 1);
    fault.slot = 5;
    ck_assert_int_eq(selection_make(&fault, &plan, &victims, &slots, NULL), -1);
    ck_assert_int_eq(selection_make(&fault, &plan, &victims, NULL, NULL), -1);
}
END_TEST

START_TEST(rolling_fault_follows_known_slots)
{
    struct victims victims = { .list = alive, .count = ROWS(alive) };
    const struct planned_injection plan = { .draw = 1 };
    const struct fault fault = { .timing = TIMING_ROLLING };
    static struct rolling known, unknown;

    ck_assert(selection_takes_turns(&fault));
    log_line("{\"event\":\"fork\",\"slot\":1,\"pid\":23}");
    log_line("{\"event\":\"fork\",\"slot\":2,\"pid\":21}");
    ck_assert_int_eq(selection_make(&fault, &plan, &victims, &slots, &known),
                     2);
    ck_assert_int_eq(selection_make(&fault, &plan, &victims, &slots, &known),
                     0);
    ck_assert_int_eq(selection_make(&fault, &plan, &victims, NULL, &unknown),
                     0);
    ck_assert_int_eq(selection_make(&fault, &plan, &victims, NULL, &unknown),
                     1);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("slots");

    tcase_add_test(cases, slots_follow_the_log);
    tcase_add_test(cases, late_exit_event_does_not_empty_a_slot);
    tcase_add_test(cases, slot_out_of_range_is_unknown);
    tcase_add_loop_test(cases, replayed_injection_selects_the_same_victim, 0,
                        ROWS(injections));
    tcase_add_test(cases, fault_selects_the_process_in_its_slot);
    tcase_add_test(cases, rolling_fault_follows_known_slots);
    return run_suite("slots", cases);
}
