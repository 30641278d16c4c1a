/* SPDX-License-Identifier: MIT */
/* trial_counts.c - see trial_counts.h. */
#include "tests/crashpoints/trial_counts.h"
#include <check.h>
#include <stdio.h>
#include <sys/stat.h>

#define FOLDER BUILD_DIRECTORY "/crashpoints"

void trial_counts_add(struct trial_counts *trial_counts,
                      const struct crash_trial *trial)
{
    const struct visit *visit = &trial->visit;

    trial_counts->trials++;
    trial_counts->killed_before_end += trial->killed_before_end;
    for (unsigned i = 0; i < trial->victims; i++) {
        const struct death *death = &trial->deaths[i];
        enum record_state state = observer_state(&death->observer);

        if (!death->reached)
            continue;
        trial_counts->deaths++;
        if (state < RECORD_STATES)
            trial_counts->by_state[state]++;
    }
    if (visit->statuses[0] == visit->script->refused ||
        visit->statuses[0] == visit->script->poison)
        trial_counts->refused++;
    else
        trial_counts->answered++;
}

void trial_counts_write(const struct trial_counts *trial_counts,
                        const char *name, const struct trial_stage *stage)
{
    char path[128];
    FILE *file;

    mkdir(FOLDER, 0777);
    snprintf(path, sizeof(path), FOLDER "/%s", name);
    file = fopen(path, "ae");
    ck_assert(file != NULL);
    fprintf(file,
            "%s; %s: %zu trials, %zu answered, %zu refused, 0 lost; %zu "
            "deaths, %zu trials with one before the answer; died",
            stage->script->name, stage->setting->name, trial_counts->trials,
            trial_counts->answered, trial_counts->refused, trial_counts->deaths,
            trial_counts->killed_before_end);
    for (enum record_state state = 0; state < RECORD_STATES; state++)
        fprintf(file, " %s %zu", record_state_name(state),
                trial_counts->by_state[state]);
    fputc('\n', file);
    fclose(file);
}
