/* SPDX-License-Identifier: MIT */
/*
 * test_pairs.c - a worker dies, and so do one or two workers that resume from
 * it, by kills or by crashes; the client does not notice, or is refused where
 * --max-kills or --max-attempts is reached.
 */
#include "supervisor/policy/random.h"
#include "tests/crashpoints/seed.h"
#include "tests/crashpoints/trial_counts.h"
#include "tests/harness/suite.h"
#include <signal.h>

/* Trials of each case and kind. */
#define SAMPLES 3

/* Stops to die at: a successor has more stops, because a spare takes its slot
 * first.  A point that is not reached costs nothing. */
#define STOPS_MAX 40

/* How the workers die; signal -1: SIGKILL or SIGSEGV at random. */
static const struct {
    const char *name;
    unsigned victims;
    int signal;
    unsigned deaths_allowed;
    const char *options;
} kinds[] = {
    { "two kills", 2, SIGKILL, 0, "" },
    { "two kills, the maximum", 2, SIGKILL, 2, "--max-kills 2" },
    { "two crashes, the maximum", 2, SIGSEGV, 2, "--max-attempts 2" },
    { "three kills", 3, SIGKILL, 0, "" },
    { "three crashes, the maximum", 3, SIGABRT, 3, "--max-attempts 3" },
    { "three kills and crashes", 3, -1, 3, "--max-attempts 3 --max-kills 3" },
};
#define KINDS (int)(sizeof(kinds) / sizeof(*kinds))

/* A case is tried with every other kind; its number and the seed determine
 * which. */
#define KINDS_A_CASE (KINDS / 2)

/* A request that reaches the maximum gets 500; a request that must not be
 * repeated gets 502 before that. */
static void open_stage(struct trial_stage *stage, struct script *script,
                       const struct trial_setting *setting, int kind)
{
    script->poison = kinds[kind].deaths_allowed ? 500 : 0;
    stage_open(stage, script, setting, kinds[kind].victims,
               kinds[kind].options);
    stage->deaths_allowed = kinds[kind].deaths_allowed;
}

static int draw_signal(struct random *random, int kind)
{
    if (kinds[kind].signal != -1)
        return kinds[kind].signal;
    return random_below(random, 2) ? SIGKILL : SIGSEGV;
}

START_TEST(successive_deaths_are_not_noticed)
{
    int number = _i / KINDS_A_CASE;
    int odd = (int)((seed_of_run() + (uint64_t)number) % 2);
    int kind = _i % KINDS_A_CASE * 2 + odd;
    struct script script = *case_script(number);
    struct random random;
    struct trial_counts trial_counts = { 0 };
    struct trial_stage stage;

    random_seed(&random, seed_of_run() + (uint64_t)_i);
    open_stage(&stage, &script, case_setting(number), kind);
    for (int i = 0; i < SAMPLES; i++) {
        struct crash_trial trial = { .victims = kinds[kind].victims };

        for (unsigned victim = 0; victim < trial.victims; victim++) {
            trial.points[victim].stop =
                (unsigned)random_below(&random, STOPS_MAX);
            trial.points[victim].signal = draw_signal(&random, kind);
        }
        trial_run(&stage, &trial);
        trial_counts_add(&trial_counts, &trial);
    }
    stage_close(&stage);
    trial_counts_write(&trial_counts, kinds[kind].name, &stage);
}
END_TEST

/* Every pair is tried where samples once found a defect, and where crashes must
 * be refused. */
static const struct {
    const char *why;
    int script, setting, kind;
} exhaustive[] = {
    { "kills before a request arrived were counted against it", 0, 7, 1 },
    { "a refusal of HEAD before parsing had a body", 1, 6, 1 },
    { "a request that crashes its workers gets 500", 0, 1, 2 },
    { "an unrepeatable request gets 502 or 500", 2, 6, 2 },
};

START_TEST(all_pairs_of_deaths_are_not_noticed)
{
    struct script script = case_scripts[exhaustive[_i].script];
    int signal = kinds[exhaustive[_i].kind].signal;
    struct trial_counts trial_counts = { 0 };
    struct trial_stage stage;
    struct crash_trial trial = { .victims = 0 };

    open_stage(&stage, &script, &case_settings[exhaustive[_i].setting],
               exhaustive[_i].kind);
    trial_run(&stage, &trial);
    for (unsigned first = 0; first < trial.stops[0]; first++) {
        for (unsigned second = 0; second < STOPS_MAX / 2; second++) {
            struct crash_trial pair = { .points = { { first, 0, signal },
                                                    { second, 0, signal } },
                                        .victims = 2 };

            trial_run(&stage, &pair);
            trial_counts_add(&trial_counts, &pair);
        }
    }
    ck_assert_uint_gt(trial_counts.answered, 0);
    ck_assert_uint_gt(trial_counts.refused, 0);
    stage_close(&stage);
    trial_counts_write(&trial_counts, "all pairs", &stage);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("pairs");

    seed_choose();
    tcase_add_loop_test(cases, successive_deaths_are_not_noticed, 0,
                        case_script_count * case_setting_count * KINDS_A_CASE);
    tcase_add_loop_test(cases, all_pairs_of_deaths_are_not_noticed, 0,
                        (int)(sizeof(exhaustive) / sizeof(*exhaustive)));
    return suite_run(cases, "pairs");
}
