/* replay.c - see replay.h. */
#include "chaos/report/replay.h"
#include "chaos/report/json_read.h"
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The index among those that the monkey carries out, or -1. */
static int fault_named(const struct experiment *experiment, const char *name)
{
    for (uint32_t i = 0; i < experiment->struck_count; i++)
        if (strcmp(experiment->struck[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* One that struck all was written down once for each whom it met. */
static bool is_the_same(const struct strike_plan *a,
                        const struct strike_plan *b)
{
    return a->fault == b->fault && a->number == b->number;
}

static struct past_strike read_strike(const cJSON *note, int fault)
{
    const cJSON *slot = field(note, "slot"), *ordinal = field(note, "ordinal");

    return (struct past_strike){
        .plan = { .at_us = field_count(note, "planned_us"),
                  .fault = (uint32_t)fault,
                  .number = field_count(note, "number"),
                  .draw = strtoull(field_text(note, "draw"), NULL, 10) },
        .slot = cJSON_IsNumber(slot) ? (int64_t)slot->valuedouble : -1,
        .ordinal = cJSON_IsNumber(ordinal) ? (uint32_t)ordinal->valuedouble
                                           : UINT32_MAX,
        .met = field_count(note, "pid") > 0,
    };
}

bool past_read(struct past *past, const cJSON *run,
               const struct experiment *experiment, char *why, size_t size)
{
    const cJSON *notes = field(run, "strikes"), *note;
    size_t room = (size_t)cJSON_GetArraySize(notes) + 1;

    *past = (struct past){ .list = calloc(room, sizeof(struct past_strike)) };
    if (!past->list)
        err(1, "cannot hold %zu strikes", room);
    cJSON_ArrayForEach(note, notes)
    {
        const char *name = field_text(note, "fault");
        int fault = fault_named(experiment, name);
        struct past_strike strike = read_strike(note, fault);

        if (fault < 0) {
            snprintf(why, size,
                     "a strike of fault \"%.60s\", which the experiment does "
                     "not have",
                     name);
            past_free(past);
            return false;
        }
        if (past->count == 0 ||
            !is_the_same(&past->list[past->count - 1].plan, &strike.plan))
            past->list[past->count++] = strike;
    }
    return true;
}

static bool met_again(const struct past_strike *strike, const cJSON *run)
{
    const cJSON *note;

    cJSON_ArrayForEach(note, field(run, "strikes"))
    {
        const struct past_strike now = read_strike(note, 0);

        if (now.plan.at_us == strike->plan.at_us &&
            now.plan.number == strike->plan.number &&
            now.plan.draw == strike->plan.draw && now.met &&
            now.slot == strike->slot)
            return true;
    }
    return false;
}

void past_met_again(const struct past *past, const cJSON *run, uint32_t *again,
                    uint32_t *of)
{
    *again = *of = 0;
    for (uint32_t i = 0; i < past->count; i++) {
        if (!past->list[i].met || past->list[i].slot < 0)
            continue;
        (*of)++;
        *again += met_again(&past->list[i], run);
    }
}

void past_free(struct past *past)
{
    free(past->list);
    *past = (struct past){ 0 };
}
