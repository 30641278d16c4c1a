/* inject_one.c - one strike, from the plan to the victim; see
 * monkey_internal.h. */
#include "chaos/faults/monkey_internal.h"
#include "chaos/faults/selection.h"
#include "supervisor/system/clock.h"
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#define MINUTE_US (UINT64_C(60) * 1000 * 1000)

/* ---- One victim --------------------------------------------------------- */

static void report(struct monkey *monkey, struct struck *struck,
                   enum struck_result result, pid_t pid)
{
    struck->result = result;
    struck->pid = pid;
    struck->at_us = clock_monotonic_us();
    monkey->counts[result]++;
    if (result == STRUCK_HIT)
        monkey->minute_us[monkey->hits++ % MONKEY_MINUTE_MOST] = struck->at_us;
    if (monkey->on_struck)
        monkey->on_struck(monkey->context, struck);
}

static enum strike_result strike(struct monkey *monkey,
                                 const struct fault *fault,
                                 const struct victim *victim, int *pidfd)
{
    struct wounds *wounds = &monkey->wounds;
    uint64_t heals_us = clock_monotonic_us() + fault->effect_us;

    switch (fault->kind) {
    case FAULT_SIGNAL:
        /* Nobody is left stopped in the end. */
        if (fault->signal == SIGSTOP)
            return strike_stop(wounds, victim, pidfd, UINT64_MAX);
        return strike_signal(*pidfd, fault->signal);
    case FAULT_STOP:
        return strike_stop(wounds, victim, pidfd, heals_us);
    case FAULT_SLOW:
        return strike_slow(wounds, victim, pidfd, heals_us);
    case FAULT_MEMORY:
        return strike_limit(wounds, victim, pidfd, RLIMIT_AS, fault->limit,
                            heals_us);
    case FAULT_FILES:
        return strike_limit(wounds, victim, pidfd, RLIMIT_NOFILE, fault->limit,
                            heals_us);
    case FAULT_KINDS:
        break;
    }
    errno = EINVAL;
    return STRIKE_REFUSED;
}

/* The radius counts whoever would be left untouched. */
static bool allowed(const struct monkey *monkey, uint64_t live)
{
    const struct blast_radius *radius = &monkey->options.radius;
    uint64_t back = radius->most_minute;

    if (live < radius->least_live + 1)
        return false;
    if (radius->most > 0 && monkey->hits >= radius->most)
        return false;
    if (back == 0 || monkey->hits < back)
        return true;
    return monkey->minute_us[(monkey->hits - back) % MONKEY_MINUTE_MOST] +
               MINUTE_US <
           clock_monotonic_us();
}

static void strike_victim(struct monkey *monkey, struct struck *struck,
                          const struct victim *victim, uint64_t live)
{
    int pidfd;

    if (!allowed(monkey, live)) {
        report(monkey, struck, STRUCK_SPARED, victim->pid);
        return;
    }
    pidfd = victim_hold(victim);
    if (pidfd < 0) {
        report(monkey, struck, STRUCK_GONE, victim->pid);
        return;
    }
    switch (strike(monkey, struck->fault, victim, &pidfd)) {
    case STRIKE_HIT:
        if (struck->fault->kind == FAULT_SIGNAL &&
            struck->fault->signal == SIGKILL)
            doomed_add(&monkey->doomed, victim);
        report(monkey, struck, STRUCK_HIT, victim->pid);
        break;
    case STRIKE_GONE:
        report(monkey, struck, STRUCK_GONE, victim->pid);
        break;
    case STRIKE_REFUSED:
        struck->error = errno;
        report(monkey, struck, STRUCK_REFUSED, victim->pid);
        break;
    }
    if (pidfd >= 0)
        close(pidfd);
}

/* ---- One strike --------------------------------------------------------- */

static void strike_root(struct monkey *monkey, struct struck *struck)
{
    struct victim root = { .pid = monkey->options.rule.root };

    struck->of = 1;
    if (victim_look_up(&root))
        strike_victim(monkey, struck, &root, monkey->victims.count + 1);
    else
        report(monkey, struck, STRUCK_GONE, root.pid);
}

void monkey_carry_out(struct monkey *monkey, const struct strike_plan *plan,
                      const struct past_strike *past)
{
    const struct monkey_options *options = &monkey->options;
    struct struck struck = { .plan = *plan,
                             .fault = &options->faults[plan->fault] };
    struct victims *victims = &monkey->victims;
    int chosen;

    if (victims_find(victims, &options->rule) < 0) {
        monkey->lost_root = true;
        return;
    }
    if (struck.fault->choice == CHOOSE_ROOT) {
        strike_root(monkey, &struck);
        return;
    }
    doomed_leave_out(&monkey->doomed, victims);
    struck.of = victims->count;
    chosen = past ? choice_again(past, victims, options->slots)
                  : choice_make(struck.fault, plan, victims, options->slots,
                                monkey->turns[plan->fault]);
    if (chosen < 0) {
        report(monkey, &struck, STRUCK_NOBODY, 0);
        return;
    }
    if (struck.fault->choice != CHOOSE_ALL) {
        struck.ordinal = (uint32_t)chosen;
        strike_victim(monkey, &struck, &victims->list[chosen], victims->count);
        return;
    }
    for (uint32_t i = 0; i < victims->count; i++) {
        struck.ordinal = i;
        strike_victim(monkey, &struck, &victims->list[i], victims->count - i);
    }
}
