/* SPDX-License-Identifier: MIT */
/* monkey.c - see monkey.h. */
#include "chaos/faults/monkey.h"
#include "chaos/faults/selection.h"
#include "worker/clock.h"
#include <err.h>
#include <stdlib.h>
#include <string.h>

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
    if (!monkey->past) {
        monkey->planned = injection_schedule_next(&monkey->plan, &monkey->next);
        return;
    }
    monkey->planned = monkey->past_next < monkey->past_count;
    if (monkey->planned)
        monkey->next = monkey->past[monkey->past_next++].plan;
}

static void inject_next(struct monkey *monkey)
{
    struct planned_injection plan = monkey->next;
    const struct past_injection *past =
        monkey->past ? &monkey->past[monkey->past_next - 1] : NULL;

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

struct monkey *monkey_new(struct ev_loop *loop,
                          const struct fault_options *options, pid_t root,
                          uint64_t seed)
{
    struct monkey *monkey = calloc(1, sizeof(*monkey));

    if (!monkey)
        err(1, "cannot allocate a monkey");
    for (uint32_t i = 0; i < options->count; i++)
        if (selection_takes_turns(&options->list[i]) &&
            !(monkey->rolling[i] = calloc(1, sizeof(struct rolling))))
            err(1, "cannot allocate a rolling schedule");
    monkey->loop = loop;
    monkey->options = options;
    monkey->root = root;
    injection_schedule_begin(&monkey->plan, seed, options->list,
                             options->count);
    ev_timer_init(&monkey->timer, on_time, 0, 0);
    monkey->timer.data = monkey;
    return monkey;
}

void monkey_start(struct monkey *monkey)
{
    monkey->start_us = clock_monotonic_us();
    look_ahead(monkey);
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
    for (uint32_t i = 0; i < FAULTS_MAX; i++)
        free(monkey->rolling[i]);
    free(monkey);
}
