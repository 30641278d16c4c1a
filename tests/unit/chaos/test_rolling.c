/* test_rolling.c - each once before any twice, whoever dies meanwhile. */
#include "chaos/faults/rolling.h"
#include "tests/harness/run_suite.h"

static struct rolling rolling;

/* Some living, oldest first; each word is PID or PID@SLOT, and a pid tells its
 * age. */
static int give(const char *living)
{
    struct rolling_candidate takers[16];
    uint32_t count = 0;
    int chosen;

    while (*living) {
        struct rolling_candidate *taker = &takers[count++];

        *taker = (struct rolling_candidate){ 0 };
        for (; *living >= '0' && *living <= '9'; living++)
            taker->pid = taker->pid * 10 + (*living - '0');
        taker->started = (uint64_t)taker->pid;
        if (*living == '@')
            for (living++; *living >= '0' && *living <= '9'; living++)
                taker->slot = taker->slot * 10 + (*living - '0');
        living += *living == ' ';
    }
    chosen = rolling_give(&rolling, takers, count);
    return chosen < 0 ? -1 : (int)takers[chosen].pid;
}

struct step {
    const char *living;
    int chosen;
};

static const struct {
    const char *because;
    struct step steps[10];
} stories[] = {
    { "whoever lives on is hit round after round",
      { { "1 2 3", 1 }, { "1 2 3", 2 }, { "1 2 3", 3 }, { "1 2 3", 1 } } },
    { "the successors of the killed come last",
      { { "1 2 3", 1 },
        { "2 3 4", 2 },
        { "3 4 5", 3 },
        { "4 5 6", 4 },
        { "5 6 7", 5 } } },
    { "also where it is late",
      { { "1 2 3", 1 },
        { "2 3", 2 },
        { "3 4", 3 },
        { "4 5 6", 4 },
        { "5 6 7", 5 } } },
    { "a death of one's own leaves a place as well",
      { { "1 2 3", 1 }, { "2 4 5", 2 }, { "4 5 6", 5 }, { "4 6 7", 4 } } },
    { "one more has not had its turn yet",
      { { "1 2", 1 }, { "1 2 3", 2 }, { "1 2 3", 3 }, { "1 2 3", 1 } } },
    { "where slots are known it goes by slot",
      { { "1@2 2@1 3@3", 2 },
        { "1@2 3@3 4@1", 1 },
        { "3@3 4@1 5@2", 3 },
        { "4@1 5@2 6@3", 4 },
        { "4@1 5@2 6@3", 5 } } },
    { "a slot that was empty has its turn when it is filled",
      { { "1@1 3@3", 1 },
        { "2@2 3@3 4@1", 2 },
        { "3@3 4@1 5@2", 3 },
        { "4@1 5@2", 4 } } },
    { "a spare waits until it sits in a slot",
      { { "1@1 2@2 3", 1 }, { "2@2 3@1 4", 2 }, { "3@1 4@2 5", 3 } } },
    { "slots that are told of late begin a round",
      { { "1 2", 1 }, { "1@1 2@2", 1 }, { "1@1 2@2", 2 }, { "1@1 2@2", 1 } } },
    { "nobody is there", { { "", -1 }, { "1", 1 } } },
};

START_TEST(injections_whom_the_story_says)
{
    for (int i = 0; stories[_i].steps[i].living; i++) {
        const struct step *step = &stories[_i].steps[i];
        int chosen = give(step->living);

        ck_assert_msg(chosen == step->chosen, "%s: of %s: %d, want %d",
                      stories[_i].because, step->living, chosen, step->chosen);
    }
}
END_TEST

/* Whoever is hit dies, and another appears in the end of the list. */
START_TEST(a_thousand_turns_go_round)
{
    struct rolling_candidate takers[7];
    int places[7], seen[7] = { 0 };

    for (int i = 0; i < 7; i++) {
        takers[i] = (struct rolling_candidate){ .pid = i + 1 };
        places[i] = i;
    }
    for (int turn = 0; turn < 1000; turn++) {
        int chosen = rolling_give(&rolling, takers, 7), place;

        ck_assert_int_ge(chosen, 0);
        place = places[chosen];
        ck_assert_int_eq(seen[place]++, turn / 7);
        for (int i = chosen; i < 6; i++) {
            takers[i] = takers[i + 1];
            places[i] = places[i + 1];
        }
        takers[6] = (struct rolling_candidate){ .pid = turn + 8 };
        places[6] = place;
    }
}
END_TEST

START_TEST(more_than_there_are_places_for_are_left_in_peace)
{
    static struct rolling_candidate takers[ROLLING_MAX + 1];

    for (int i = 0; i <= ROLLING_MAX; i++)
        takers[i].pid = i + 1;
    for (int i = 0; i < ROLLING_MAX; i++)
        ck_assert_int_eq(rolling_give(&rolling, takers, ROLLING_MAX + 1), i);
    ck_assert_int_eq(rolling_give(&rolling, takers, ROLLING_MAX + 1), 0);
    ck_assert_int_eq(rolling_give(&rolling, &takers[ROLLING_MAX], 1), 0);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("turns");

    tcase_add_loop_test(cases, injections_whom_the_story_says, 0,
                        ROWS(stories));
    tcase_add_test(cases, a_thousand_turns_go_round);
    tcase_add_test(cases, more_than_there_are_places_for_are_left_in_peace);
    return run_suite("turns", cases);
}
