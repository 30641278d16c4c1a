/* SPDX-License-Identifier: MIT */
/*
 * test_instructions.c - a worker is killed before any instruction that it
 * executes for a request, and the client does not notice.
 *
 *   test_instructions              a sample of each case: evenly spread points
 *                                  from a start that SEED determines
 *   test_instructions --all [CASE] every instruction; continues where it
 *                                  stopped
 */
#include "supervisor/policy/random.h"
#include "tests/crashpoints/proof.h"
#include "tests/crashpoints/seed.h"
#include "tests/crashpoints/trial_counts.h"
#include "tests/harness/suite.h"
#include <stdlib.h>
#include <string.h>

/* A sample uses one setting for each script, chosen by the seed, because
 * counting the instructions of a case takes as long as a hundred trials. */
#define SAMPLED_POINTS 24

#define PROOF_LIMIT_S (7 * 24 * 3600)

/* Counts the instructions between system calls in an undisturbed run. */
static uint64_t count_points(struct trial_stage *stage,
                             struct crash_trial *undisturbed)
{
    uint64_t points = 0;

    *undisturbed = (struct crash_trial){ .counts_instructions = true };
    trial_run(stage, undisturbed);
    for (unsigned stop = 0; stop < undisturbed->stops[0]; stop++)
        points += undisturbed->steps[stop];
    ck_assert_uint_gt(points, 0);
    return points;
}

/* Returns the point of the k-th instruction. */
static struct point point_of(const struct crash_trial *undisturbed, uint64_t k)
{
    struct point point = { .instructions = k };

    while (point.instructions >= undisturbed->steps[point.stop])
        point.instructions -= undisturbed->steps[point.stop++];
    return point;
}

static void try_one(struct trial_stage *stage,
                    const struct crash_trial *undisturbed, uint64_t k,
                    struct trial_counts *trial_counts)
{
    struct crash_trial trial = { .points = { point_of(undisturbed, k) },
                                 .victims = 1 };

    trial_run(stage, &trial);
    trial_counts_add(trial_counts, &trial);
}

START_TEST(worker_killed_at_sampled_instructions_is_not_noticed)
{
    static struct crash_trial undisturbed;
    struct random random;
    struct trial_counts trial_counts = { 0 };
    struct trial_stage stage;
    uint64_t points, start;

    random_seed(&random, seed_of_run() + (uint64_t)_i);
    stage_open(
        &stage, &case_scripts[_i],
        &case_settings[random_below(&random, (uint64_t)case_setting_count)], 1,
        "");
    points = count_points(&stage, &undisturbed);
    start = random_below(&random, points);
    for (uint64_t i = 0; i < SAMPLED_POINTS; i++)
        try_one(&stage, &undisturbed,
                (start + i * points / SAMPLED_POINTS) % points, &trial_counts);
    ck_assert_uint_gt(trial_counts.deaths, 0);
    stage_close(&stage);
    trial_counts_write(&trial_counts, "instructions", &stage);
}
END_TEST

START_TEST(worker_killed_at_any_instruction_is_not_noticed)
{
    static struct crash_trial undisturbed;
    struct trial_counts trial_counts = { 0 };
    struct trial_stage stage;
    struct proof proof;
    uint64_t points;

    stage_open(&stage, case_script(_i), case_setting(_i), 1, "");
    points = count_points(&stage, &undisturbed);
    for (uint64_t k = proof_open(&proof, _i, &stage, points); k < points; k++) {
        proof_save(&proof, k);
        try_one(&stage, &undisturbed, k, &trial_counts);
    }
    proof_save(&proof, points);
    stage_close(&stage);
    proof_close(&proof);
    trial_counts_write(&trial_counts, "proof", &stage);
}
END_TEST

int main(int argc, char **argv)
{
    TCase *cases = suite_case("instructions");

    if (argc > 1 && !strcmp(argv[1], "--all")) {
        int first = argc > 2 ? atoi(argv[2]) : 0;
        int end =
            argc > 2 ? first + 1 : case_small_script_count * case_setting_count;

        tcase_set_timeout(cases, PROOF_LIMIT_S);
        tcase_add_loop_test(
            cases, worker_killed_at_any_instruction_is_not_noticed, first, end);
        return suite_run(cases, "proof");
    }
    seed_choose();
    tcase_add_loop_test(cases,
                        worker_killed_at_sampled_instructions_is_not_noticed, 0,
                        case_small_script_count);
    return suite_run(cases, "instructions");
}
