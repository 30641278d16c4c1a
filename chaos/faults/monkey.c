/* SPDX-License-Identifier: MIT */
/* monkey.c - see monkey.h. */
#include "chaos/faults/monkey_internal.h"
#include "chaos/faults/selection.h"
#include "supervisor/policy/signal_name.h"
#include "worker/clock.h"
#include <err.h>
#include <stdlib.h>
#include <string.h>

const char *const monkey_fault_kind_names[MONKEY_FAULT_KINDS + 1] = {
    [MONKEY_SIGNAL] = "signal", [MONKEY_STOP] = "stop",
    [MONKEY_SLOW] = "slow",     [MONKEY_MEMORY] = "memory",
    [MONKEY_FILES] = "files",
};

const char *monkey_fault_verb(const struct monkey_fault *fault)
{
    if (fault->kind == MONKEY_SIGNAL)
        return signal_abbreviation(fault->signal);
    return monkey_fault_kind_names[fault->kind];
}

const char *injection_result_name(enum injection_result result)
{
    static const char *const names[INJECTION_RESULTS] = {
        [INJECTION_HIT] = "hit",
        [INJECTION_GONE] = "was gone already",
        [INJECTION_NO_VICTIM] = "found no victim",
        [INJECTION_SPARED] = "spared by the blast radius",
        [INJECTION_REFUSED] = "refused by the kernel",
    };

    return names[result];
}

/* ---- Time --------------------------------------------------------------- */

static void look_ahead(struct monkey *monkey)
{
    const struct monkey_options *options = &monkey->options;

    if (!options->past) {
        monkey->planned = injection_schedule_next(&monkey->plan, &monkey->next);
        return;
    }
    monkey->planned = monkey->past_next < options->past_count;
    if (monkey->planned)
        monkey->next = options->past[monkey->past_next++].plan;
}

/* The past injection that is being replayed, or NULL. */
static const struct past_injection *replayed(const struct monkey *monkey)
{
    if (!monkey->options.past)
        return NULL;
    return &monkey->options.past[monkey->past_next - 1];
}

static void inject_next(struct monkey *monkey)
{
    struct planned_injection plan = monkey->next;
    const struct past_injection *past = replayed(monkey);

    look_ahead(monkey);
    monkey_carry_out(monkey, &plan, past);
    if (monkey->lost_root)
        monkey->planned = false;
}

static void arm(struct monkey *monkey)
{
    uint64_t now_us = clock_monotonic_us();
    uint64_t at_us = effects_next_us(&monkey->effects);

    if (monkey->planned && monkey->start_us + monkey->next.at_us < at_us)
        at_us = monkey->start_us + monkey->next.at_us;
    ev_timer_stop(monkey->loop, &monkey->timer);
    if (at_us == UINT64_MAX)
        return;
    ev_now_update(monkey->loop);
    ev_timer_set(&monkey->timer,
                 at_us > now_us ? (double)(at_us - now_us) / 1e6 : 0, 0);
    ev_timer_start(monkey->loop, &monkey->timer);
}

static bool is_done(const struct monkey *monkey)
{
    return !monkey->planned &&
           (monkey->lost_root || monkey->effects.count == 0);
}

static void on_time(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct monkey *monkey = timer->data;
    uint64_t now_us = clock_monotonic_us();
    (void)loop;
    (void)revents;
    effects_revert(&monkey->effects, now_us);
    while (monkey->planned && monkey->start_us + monkey->next.at_us <= now_us)
        inject_next(monkey);
    arm(monkey);
    if (is_done(monkey) && monkey->on_done)
        monkey->on_done(monkey->context);
}

/* ---- Lifetime ----------------------------------------------------------- */

static struct rolling *make_rolling(void)
{
    struct rolling *rolling = calloc(1, sizeof(*rolling));

    if (!rolling)
        err(1, "cannot allocate a rolling schedule");
    return rolling;
}

struct monkey *monkey_new(struct ev_loop *loop,
                          const struct monkey_options *options)
{
    struct fault_schedule schedules[SCHEDULE_FAULTS_MAX];
    struct monkey *monkey = calloc(1, sizeof(*monkey));

    if (!monkey)
        err(1, "cannot allocate a monkey");
    for (uint32_t i = 0; i < options->fault_count; i++) {
        schedules[i] = options->faults[i].schedule;
        if (selection_takes_turns(&options->faults[i]))
            monkey->rolling[i] = make_rolling();
    }
    monkey->loop = loop;
    monkey->options = *options;
    injection_schedule_begin(&monkey->plan, options->seed, schedules,
                             options->fault_count);
    look_ahead(monkey);
    ev_timer_init(&monkey->timer, on_time, 0, 0);
    monkey->timer.data = monkey;
    return monkey;
}

void monkey_start(struct monkey *monkey)
{
    monkey->start_us = clock_monotonic_us();
    arm(monkey);
}

void monkey_finish(struct monkey *monkey)
{
    while (monkey->planned)
        inject_next(monkey);
}

void monkey_stop(struct monkey *monkey)
{
    monkey->planned = false;
    ev_timer_stop(monkey->loop, &monkey->timer);
    effects_revert_all(&monkey->effects);
}

void monkey_free(struct monkey *monkey)
{
    if (!monkey)
        return;
    monkey_stop(monkey);
    victims_free(&monkey->victims);
    for (uint32_t i = 0; i < SCHEDULE_FAULTS_MAX; i++)
        free(monkey->rolling[i]);
    free(monkey);
}
