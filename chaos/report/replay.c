/* SPDX-License-Identifier: MIT */
/* replay.c - see replay.h. */
#include "chaos/report/replay.h"
#include "chaos/report/run_record.h"
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An injection that hit several processes is recorded once for each. */
static bool is_same_injection(const struct planned_injection *a,
                              const struct planned_injection *b)
{
    return a->fault == b->fault && a->number == b->number;
}

static struct past_injection read_injection(const cJSON *note, int fault)
{
    const cJSON *slot = run_get(note, "slot"),
                *ordinal = run_get(note, "ordinal");

    return (struct past_injection){
        .plan = { .at_us = run_count(note, "planned_us"),
                  .fault = (uint32_t)fault,
                  .number = run_count(note, "number"),
                  .draw = strtoull(run_text(note, "draw"), NULL, 10) },
        .slot = cJSON_IsNumber(slot) ? (int64_t)slot->valuedouble : -1,
        .ordinal = cJSON_IsNumber(ordinal) ? (uint32_t)ordinal->valuedouble
                                           : UINT32_MAX,
        .met = run_count(note, "pid") > 0,
    };
}

bool replay_read(struct replay *past, const cJSON *run,
                 const struct experiment *experiment, char *why, size_t size)
{
    const cJSON *notes = run_get(run, "injections"), *note;
    size_t capacity = (size_t)cJSON_GetArraySize(notes) + 1;

    *past = (struct replay){ .list = calloc(capacity,
                                            sizeof(struct past_injection)) };
    if (!past->list)
        err(1, "cannot allocate %zu injections", capacity);
    cJSON_ArrayForEach(note, notes)
    {
        const char *name = run_text(note, "fault");
        int fault = fault_named(&experiment->trial.faults, name, strlen(name));
        struct past_injection injection = read_injection(note, fault);

        if (fault < 0) {
            snprintf(why, size,
                     "injection of fault \"%.60s\": the experiment has no such "
                     "fault",
                     name);
            replay_free(past);
            return false;
        }
        if (past->count == 0 ||
            !is_same_injection(&past->list[past->count - 1].plan,
                               &injection.plan))
            past->list[past->count++] = injection;
    }
    return true;
}

static bool met_again(const struct past_injection *injection, const cJSON *run)
{
    const cJSON *note;

    cJSON_ArrayForEach(note, run_get(run, "injections"))
    {
        const struct past_injection now = read_injection(note, 0);

        if (now.plan.at_us == injection->plan.at_us &&
            now.plan.number == injection->plan.number &&
            now.plan.draw == injection->plan.draw && now.met &&
            now.slot == injection->slot)
            return true;
    }
    return false;
}

void replay_met_again(const struct replay *past, const cJSON *run,
                      uint32_t *again, uint32_t *of)
{
    *again = *of = 0;
    for (uint32_t i = 0; i < past->count; i++) {
        if (!past->list[i].met || past->list[i].slot < 0)
            continue;
        (*of)++;
        *again += met_again(&past->list[i], run);
    }
}

void replay_free(struct replay *past)
{
    free(past->list);
    *past = (struct replay){ 0 };
}
