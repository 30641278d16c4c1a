/* SPDX-License-Identifier: MIT */
/* inject_one.c - one injection, from the plan to the victim; see monkey.h. */
#include "chaos/faults/monkey.h"
#include "chaos/faults/selection.h"
#include "worker/clock.h"
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#define MINUTE_US (UINT64_C(60) * 1000 * 1000)

/* ---- One victim --------------------------------------------------------- */

static void report(struct monkey *monkey, struct injection *injected,
                   enum injection_result result, pid_t pid)
{
    injected->result = result;
    injected->pid = pid;
    injected->at_us = clock_monotonic_us();
    monkey->counts[result]++;
    if (result == INJECTION_HIT)
        monkey->minute_us[monkey->hits++ % MONKEY_MINUTE_MAX] = injected->at_us;
    if (monkey->on_injection)
        monkey->on_injection(monkey->context, injected);
}

static int inject(struct monkey *monkey, const struct fault *fault,
                  const struct victim *victim, int pidfd)
{
    struct effects *effects = &monkey->effects;
    uint64_t ends_us = clock_monotonic_us() + fault->effect_us;

    switch (fault->kind) {
    case FAULT_SIGNAL:
        /* As an effect, so that the process is continued at the end. */
        if (fault->signal == SIGSTOP)
            return inject_stop(effects, victim, pidfd, UINT64_MAX);
        return inject_signal(pidfd, fault->signal);
    case FAULT_STOP:
        return inject_stop(effects, victim, pidfd, ends_us);
    case FAULT_SLOW:
        return inject_slow(effects, victim, ends_us);
    case FAULT_MEMORY:
    case FAULT_FILES:
        return inject_limit(effects, victim,
                            fault->kind == FAULT_MEMORY ? RLIMIT_AS
                                                        : RLIMIT_NOFILE,
                            fault->limit, ends_us);
    case FAULT_REQUEST:
    case FAULT_CLIENTS:
    case FAULT_KINDS:
        break;
    }
    return EINVAL;
}

static bool is_within_radius(const struct monkey *monkey, uint64_t live)
{
    const struct blast_radius *radius = &monkey->options->radius;
    uint64_t max = radius->max_minute;

    if (live < radius->min_alive + 1)
        return false;
    if (radius->max > 0 && monkey->hits >= radius->max)
        return false;
    if (max == 0 || monkey->hits < max)
        return true;
    return monkey->minute_us[(monkey->hits - max) % MONKEY_MINUTE_MAX] +
               MINUTE_US <
           clock_monotonic_us();
}

static enum injection_result result_of(int error)
{
    if (error == 0)
        return INJECTION_HIT;
    return error == ESRCH ? INJECTION_GONE : INJECTION_REFUSED;
}

static void inject_victim(struct monkey *monkey, struct injection *injected,
                          const struct victim *victim, uint64_t live)
{
    int pidfd;

    if (!is_within_radius(monkey, live)) {
        report(monkey, injected, INJECTION_SPARED, victim->pid);
        return;
    }
    pidfd = victim_hold(victim, true);
    if (pidfd < 0) {
        report(monkey, injected, INJECTION_GONE, victim->pid);
        return;
    }
    injected->error = inject(monkey, injected->fault, victim, pidfd);
    if (injected->error == 0 && injected->fault->kind == FAULT_SIGNAL &&
        injected->fault->signal == SIGKILL)
        monkey->killed[monkey->kills++ % MONKEY_KILLED_MAX] = *victim;
    report(monkey, injected, result_of(injected->error), victim->pid);
    close(pidfd);
}

/* ---- One injection ------------------------------------------------------ */

static void inject_root(struct monkey *monkey, struct injection *injected)
{
    struct victim root = { .pid = monkey->root };

    injected->of = 1;
    if (victim_look_up(&root))
        inject_victim(monkey, injected, &root, monkey->victims.count + 1);
    else
        report(monkey, injected, INJECTION_GONE, root.pid);
}

static bool is_killed(const struct monkey *monkey, const struct victim *victim)
{
    for (uint64_t i = 0; i < monkey->kills && i < MONKEY_KILLED_MAX; i++)
        if (monkey->killed[i].pid == victim->pid &&
            monkey->killed[i].started_ticks == victim->started_ticks)
            return true;
    return false;
}

/* /proc may show a process as alive for a while after SIGKILL: it must not be
 * hit again or counted as live. */
static void leave_out_killed(struct monkey *monkey)
{
    struct victims *victims = &monkey->victims;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < victims->count; i++)
        if (!is_killed(monkey, &victims->list[i]))
            victims->list[kept++] = victims->list[i];
    victims->count = kept;
}

void monkey_carry_out(struct monkey *monkey,
                      const struct planned_injection *plan,
                      const struct past_injection *past)
{
    const struct fault_options *options = monkey->options;
    struct injection injected = { .plan = *plan,
                                  .fault = &options->list[plan->fault] };
    struct victims *victims = &monkey->victims;
    int chosen;

    if (victims_find(victims, monkey->root, options) < 0) {
        monkey->lost_root = true;
        return;
    }
    if (injected.fault->victim == CHOOSE_ROOT) {
        inject_root(monkey, &injected);
        return;
    }
    leave_out_killed(monkey);
    injected.of = victims->count;
    chosen = past ? selection_again(past, victims, monkey->slots)
                  : selection_make(injected.fault, plan, victims, monkey->slots,
                                   monkey->rolling[plan->fault]);
    if (chosen < 0) {
        report(monkey, &injected, INJECTION_NO_VICTIM, 0);
        return;
    }
    if (injected.fault->victim != CHOOSE_ALL) {
        injected.ordinal = (uint32_t)chosen;
        inject_victim(monkey, &injected, &victims->list[chosen],
                      victims->count);
        return;
    }
    for (uint32_t i = 0; i < victims->count; i++) {
        injected.ordinal = i;
        inject_victim(monkey, &injected, &victims->list[i], victims->count - i);
    }
}
