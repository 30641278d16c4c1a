/* monkey.c - see monkey.h. */
#include "chaos/monkey.h"
#include "chaos/choice.h"
#include "supervisor/system/clock.h"
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define MINUTE_US (UINT64_C(60) * 1000 * 1000)

const char *const fault_kind_names[FAULT_KINDS + 1] = {
    [FAULT_SIGNAL] = "signal", [FAULT_STOP] = "stop",   [FAULT_SLOW] = "slow",
    [FAULT_MEMORY] = "memory", [FAULT_FILES] = "files",
};

const char *fault_verb(const struct fault *fault)
{
    if (fault->kind == FAULT_SIGNAL)
        return sigabbrev_np(fault->signal);
    return fault_kind_names[fault->kind];
}

const char *struck_result_name(enum struck_result result)
{
    static const char *const names[STRUCK_RESULTS] = {
        [STRUCK_HIT] = "hit",
        [STRUCK_GONE] = "was gone already",
        [STRUCK_NOBODY] = "met nobody",
        [STRUCK_SPARED] = "spared by the blast radius",
        [STRUCK_REFUSED] = "refused by the kernel",
    };

    return names[result];
}

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
    uint64_t heals_us = clock_monotonic_us() + fault->lasts_us;

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

/* The past strike that is being repeated, or NULL. */
static const struct past_strike *repeated(const struct monkey *monkey)
{
    if (!monkey->options.past)
        return NULL;
    return &monkey->options.past[monkey->past_next - 1];
}

static void strike_root(struct monkey *monkey, struct struck *struck)
{
    struct victim root = { .pid = monkey->options.rule.root };

    struck->of = 1;
    if (victim_look_up(&root))
        strike_victim(monkey, struck, &root, monkey->victims.count + 1);
    else
        report(monkey, struck, STRUCK_GONE, root.pid);
}

static void carry_out(struct monkey *monkey, const struct strike_plan *plan,
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

/* ---- Time --------------------------------------------------------------- */

static void look_ahead(struct monkey *monkey)
{
    const struct monkey_options *options = &monkey->options;

    if (!options->past) {
        monkey->planned = plan_next(&monkey->plan, &monkey->next);
        return;
    }
    monkey->planned = monkey->past_next < options->past_count;
    if (monkey->planned)
        monkey->next = options->past[monkey->past_next++].plan;
}

static void arm(struct monkey *monkey)
{
    uint64_t now_us = clock_monotonic_us();
    uint64_t at_us = wounds_next_us(&monkey->wounds);

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
    return !monkey->planned && (monkey->lost_root || monkey->wounds.count == 0);
}

static void on_time(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct monkey *monkey = timer->data;
    uint64_t now_us = clock_monotonic_us();
    (void)loop;
    (void)revents;
    wounds_heal(&monkey->wounds, now_us);
    while (monkey->planned && monkey->start_us + monkey->next.at_us <= now_us) {
        struct strike_plan plan = monkey->next;
        const struct past_strike *past = repeated(monkey);

        look_ahead(monkey);
        carry_out(monkey, &plan, past);
        if (monkey->lost_root)
            monkey->planned = false;
    }
    arm(monkey);
    if (is_done(monkey) && monkey->on_done)
        monkey->on_done(monkey->context);
}

/* ---- Life --------------------------------------------------------------- */

static struct turns *make_turns(void)
{
    struct turns *turns = calloc(1, sizeof(*turns));

    if (!turns)
        err(1, "cannot take turns");
    return turns;
}

struct monkey *monkey_new(struct ev_loop *loop,
                          const struct monkey_options *options)
{
    struct schedule_of_fault schedules[PLAN_FAULTS_MOST];
    struct monkey *monkey = calloc(1, sizeof(*monkey));

    if (!monkey)
        err(1, "cannot make a monkey");
    for (uint32_t i = 0; i < options->fault_count; i++) {
        schedules[i] = options->faults[i].schedule;
        if (choice_takes_turns(&options->faults[i]))
            monkey->turns[i] = make_turns();
    }
    monkey->loop = loop;
    monkey->options = *options;
    plan_begin(&monkey->plan, options->seed, schedules, options->fault_count);
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

void monkey_stop(struct monkey *monkey)
{
    monkey->planned = false;
    ev_timer_stop(monkey->loop, &monkey->timer);
    wounds_heal_all(&monkey->wounds);
}

void monkey_free(struct monkey *monkey)
{
    if (!monkey)
        return;
    monkey_stop(monkey);
    victims_free(&monkey->victims);
    for (uint32_t i = 0; i < PLAN_FAULTS_MOST; i++)
        free(monkey->turns[i]);
    free(monkey);
}
