/*
 * test_pairs.c - the worker dies, and so does the one that takes up from it,
 * and the client does not notice; or is told so honestly where --max-kills
 * says that it is enough.
 */
#include "supervisor/policy/random.h"
#include "tests/crashpoints/seed.h"
#include "tests/crashpoints/tally.h"
#include "tests/system/suite.h"

/* Of each case: some hundreds in all. */
#define PAIRS 4

/* Stops that either may die at: the successor goes through more, since it
 * takes its seat first.  A point that is not reached costs nothing. */
#define STOPS_MOST 40

static void try_pairs(struct stage *stage, const char *name, int number)
{
    struct random random;
    struct tally tally = { 0 };

    random_seed(&random, seed_of_run() + (uint64_t)number);
    for (int i = 0; i < PAIRS; i++) {
        struct trial trial = { .victims = 2 };

        for (unsigned victim = 0; victim < trial.victims; victim++)
            trial.points[victim].stop =
                (unsigned)random_below(&random, STOPS_MOST);
        trial_run(stage, &trial);
        tally_add(&tally, &trial);
    }
    stage_close(stage);
    tally_write(&tally, name, stage);
}

START_TEST(no_two_kills_are_noticed)
{
    struct stage stage;

    stage_open(&stage, case_script(_i), case_setting(_i), 2, "");
    try_pairs(&stage, "pairs", _i);
}
END_TEST

/* What has cost as many workers as it may gets 500; a request that may not be
 * repeated has had its 502 before that. */
START_TEST(what_was_killed_too_often_is_refused)
{
    struct script script = *case_script(_i);
    struct stage stage;

    script.poison = 500;
    stage_open(&stage, &script, case_setting(_i), 2, "--max-kills 2");
    try_pairs(&stage, "pairs, two kills at most", _i);
}
END_TEST

/* Where samples found something once: there every pair is tried. */
static const struct {
    const char *found;
    int script, setting;
} whole[] = {
    { "kills before a request came were counted against it", 0, 7 },
    { "a HEAD refused before it was parsed had a body", 1, 6 },
};

START_TEST(no_pair_at_all_is_noticed)
{
    struct script script = case_scripts[whole[_i].script];
    struct tally tally = { 0 };
    struct stage stage;
    struct trial trial = { .victims = 0 };

    script.poison = 500;
    stage_open(&stage, &script, &case_settings[whole[_i].setting], 2,
               "--max-kills 2");
    trial_run(&stage, &trial);
    for (unsigned first = 0; first < trial.stops[0]; first++) {
        for (unsigned second = 0; second < STOPS_MOST / 2; second++) {
            struct trial pair = { .points = { { .stop = first },
                                              { .stop = second } },
                                  .victims = 2 };

            trial_run(&stage, &pair);
            tally_add(&tally, &pair);
        }
    }
    stage_close(&stage);
    tally_write(&tally, "pairs, all of them", &stage);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("pairs");

    seed_choose();
    tcase_add_loop_test(cases, no_two_kills_are_noticed, 0,
                        case_script_count * case_setting_count);
    tcase_add_loop_test(cases, what_was_killed_too_often_is_refused, 0,
                        case_script_count * case_setting_count);
    tcase_add_loop_test(cases, no_pair_at_all_is_noticed, 0,
                        (int)(sizeof(whole) / sizeof(*whole)));
    return suite_run(cases, "pairs");
}
