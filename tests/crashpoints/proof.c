/* SPDX-License-Identifier: MIT */
/* proof.c - one file for each case, below build/proof. */
#include "tests/crashpoints/proof.h"
#include <check.h>
#include <inttypes.h>
#include <sys/stat.h>

#define FOLDER BUILD_DIRECTORY "/proof"

/* Points between two lines of progress. */
#define STRIDE 500

/* Returns whether the file is older than the supervisor. */
static bool is_stale(const char *path)
{
    struct stat noted, program;

    return stat(path, &noted) < 0 ||
           stat(BUILD_DIRECTORY "/supervisor", &program) < 0 ||
           noted.st_mtime < program.st_mtime;
}

uint64_t proof_open(struct proof *proof, int number,
                    const struct trial_stage *stage, uint64_t points)
{
    char path[128];
    uint64_t k = 0;

    *proof = (struct proof){ .stage = stage, .points = points };
    mkdir(FOLDER, 0777);
    snprintf(path, sizeof(path), FOLDER "/%03d", number);
    proof->file = fopen(path, is_stale(path) ? "w+e" : "r+e");
    ck_assert(proof->file != NULL);
    if (fscanf(proof->file, "%" SCNu64, &k) != 1)
        k = 0;
    printf("%s; %s: %" PRIu64 " instructions, starting at %" PRIu64 "\n",
           stage->script->name, stage->setting->name, points, k);
    fflush(stdout);
    return k;
}

void proof_save(struct proof *proof, uint64_t k)
{
    rewind(proof->file);
    fprintf(proof->file, "%-20" PRIu64 "\n", k);
    fflush(proof->file);
    if (k % STRIDE != 0 && k != proof->points)
        return;
    printf("  %" PRIu64 " of %" PRIu64 "\n", k, proof->points);
    fflush(stdout);
}

void proof_close(struct proof *proof)
{
    fclose(proof->file);
}
