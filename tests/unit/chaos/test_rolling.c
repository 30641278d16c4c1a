/* SPDX-License-Identifier: MIT */
/* test_rolling.c - no process is hit twice before every other is hit once. */
#include "chaos/faults/rolling.h"
#include "tests/harness/run_suite.h"

static struct rolling rolling;

/* `living` lists processes, oldest first, as PID or PID@SLOT; a lower pid is
 * older.  Returns the pid chosen, or -1. */
static int choose(const char *living)
{
    struct victim candidates[16];
    uint32_t count = 0;
    int chosen;

    while (*living) {
        struct victim *candidate = &candidates[count++];

        *candidate = (struct victim){ 0 };
        for (; *living >= '0' && *living <= '9'; living++)
            candidate->pid = candidate->pid * 10 + (*living - '0');
        candidate->started_ticks = (uint64_t)candidate->pid;
        if (*living == '@')
            for (living++; *living >= '0' && *living <= '9'; living++)
                candidate->slot = candidate->slot * 10 + (*living - '0');
        living += *living == ' ';
    }
    chosen = rolling_give(&rolling, candidates, count);
    return chosen < 0 ? -1 : (int)candidates[chosen].pid;
}

struct step {
    const char *living;
    int chosen;
};

static const struct {
    const char *because;
    struct step steps[10];
} sequences[] = {
    { "survivors are hit again in every round",
      { { "1 2 3", 1 }, { "1 2 3", 2 }, { "1 2 3", 3 }, { "1 2 3", 1 } } },
    { "replacements of killed processes come last",
      { { "1 2 3", 1 },
        { "2 3 4", 2 },
        { "3 4 5", 3 },
        { "4 5 6", 4 },
        { "5 6 7", 5 } } },
    { "also a replacement that starts late",
      { { "1 2 3", 1 },
        { "2 3", 2 },
        { "3 4", 3 },
        { "4 5 6", 4 },
        { "5 6 7", 5 } } },
    { "a process that exits by itself is replaced too",
      { { "1 2 3", 1 }, { "2 4 5", 2 }, { "4 5 6", 5 }, { "4 6 7", 4 } } },
    { "an additional process has not been hit yet",
      { { "1 2", 1 }, { "1 2 3", 2 }, { "1 2 3", 3 }, { "1 2 3", 1 } } },
    { "known slots are hit in order",
      { { "1@2 2@1 3@3", 2 },
        { "1@2 3@3 4@1", 1 },
        { "3@3 4@1 5@2", 3 },
        { "4@1 5@2 6@3", 4 },
        { "4@1 5@2 6@3", 5 } } },
    { "an empty slot is hit when it is filled",
      { { "1@1 3@3", 1 },
        { "2@2 3@3 4@1", 2 },
        { "3@3 4@1 5@2", 3 },
        { "4@1 5@2", 4 } } },
    { "a spare is not hit until it has a slot",
      { { "1@1 2@2 3", 1 }, { "2@2 3@1 4", 2 }, { "3@1 4@2 5", 3 } } },
    { "slots that become known late begin a round",
      { { "1 2", 1 }, { "1@1 2@2", 1 }, { "1@1 2@2", 2 }, { "1@1 2@2", 1 } } },
    { "there is no process", { { "", -1 }, { "1", 1 } } },
};

START_TEST(choices_follow_the_sequence)
{
    for (int i = 0; sequences[_i].steps[i].living; i++) {
        const struct step *step = &sequences[_i].steps[i];
        int chosen = choose(step->living);

        ck_assert_msg(chosen == step->chosen, "%s: of %s: %d, want %d",
                      sequences[_i].because, step->living, chosen,
                      step->chosen);
    }
}
END_TEST

/* The process that is hit dies, and a new one appears at the end. */
START_TEST(every_place_is_hit_equally_often)
{
    struct victim candidates[7];
    int places[7], seen[7] = { 0 };

    for (int i = 0; i < 7; i++) {
        candidates[i] = (struct victim){ .pid = i + 1 };
        places[i] = i;
    }
    for (int turn = 0; turn < 1000; turn++) {
        int chosen = rolling_give(&rolling, candidates, 7), place;

        ck_assert_int_ge(chosen, 0);
        place = places[chosen];
        ck_assert_int_eq(seen[place]++, turn / 7);
        for (int i = chosen; i < 6; i++) {
            candidates[i] = candidates[i + 1];
            places[i] = places[i + 1];
        }
        candidates[6] = (struct victim){ .pid = turn + 8 };
        places[6] = place;
    }
}
END_TEST

START_TEST(processes_beyond_the_capacity_are_not_hit)
{
    static struct victim candidates[ROLLING_MAX + 1];

    for (int i = 0; i <= ROLLING_MAX; i++)
        candidates[i].pid = i + 1;
    for (int i = 0; i < ROLLING_MAX; i++)
        ck_assert_int_eq(rolling_give(&rolling, candidates, ROLLING_MAX + 1),
                         i);
    ck_assert_int_eq(rolling_give(&rolling, candidates, ROLLING_MAX + 1), 0);
    ck_assert_int_eq(rolling_give(&rolling, &candidates[ROLLING_MAX], 1), 0);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("rolling");

    tcase_add_loop_test(cases, choices_follow_the_sequence, 0, ROWS(sequences));
    tcase_add_test(cases, every_place_is_hit_equally_often);
    tcase_add_test(cases, processes_beyond_the_capacity_are_not_hit);
    return run_suite("rolling", cases);
}
