/* SPDX-License-Identifier: MIT */
/* inject.c - see inject.h. */
#include "chaos/faults/inject.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NICENESS_MAX 19

/* Sending a signal to a zombie succeeds without effect, but its pidfd is
 * readable. */
static bool has_exited(int pidfd)
{
    struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };

    return poll(&poll_fd, 1, 0) == 1;
}

int inject_signal(int pidfd, int signal)
{
    if (has_exited(pidfd))
        return ESRCH;
    if (syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) < 0)
        return errno;
    return 0;
}

/* ---- Effects ------------------------------------------------------------- */

/*
 * Records an effect before it is caused, so that it is reverted even if this
 * program dies in between.  If the victim has the effect already, sets *effect
 * to that record, because the state before the first injection must be
 * restored. Returns 0, or an error number if the effect cannot be recorded.
 */
static int record(struct effects *effects, const struct effect *wanted,
                  struct effect **effect)
{
    for (uint32_t i = 0; i < effects->count; i++)
        if (effect_is_same(*effect = &effects->list[i], wanted))
            return 0;
    if (effects->count == EFFECTS_MAX)
        return ENOSPC;
    if (!rollback_helper_watch(&effects->rollback_helper, wanted))
        return errno;
    *effect = &effects->list[effects->count++];
    **effect = *wanted;
    return 0;
}

/* Sets the end of the effect; if `error` is not 0, removes the record of a new
 * effect, which is the last one.  Returns `error`. */
static int conclude(struct effects *effects, struct effect *effect,
                    uint64_t ends_us, int error)
{
    if (error == 0 && effect->ends_us < ends_us)
        effect->ends_us = ends_us;
    if (effect->ends_us == 0) {
        rollback_helper_forget(&effects->rollback_helper, effect);
        effects->count--;
    }
    return error;
}

static struct effect effect_on(const struct victim *victim,
                               enum effect_kind kind)
{
    return (struct effect){ .kind = kind,
                            .pid = victim->pid,
                            .started_ticks = victim->started_ticks };
}

int inject_stop(struct effects *effects, const struct victim *victim, int pidfd,
                uint64_t ends_us)
{
    const struct effect wanted = effect_on(victim, EFFECT_STOPPED);
    struct effect *effect;
    int error = record(effects, &wanted, &effect);

    if (error)
        return error;
    return conclude(effects, effect, ends_us, inject_signal(pidfd, SIGSTOP));
}

int inject_limit(struct effects *effects, const struct victim *victim,
                 int resource, uint64_t limit, uint64_t ends_us)
{
    enum __rlimit_resource which = (enum __rlimit_resource)resource;
    struct effect *effect, wanted = effect_on(victim, EFFECT_LIMITED);
    struct rlimit lower;
    int error;

    wanted.resource = resource;
    if (prlimit(victim->pid, which, NULL, &wanted.before) < 0)
        return errno;
    lower = wanted.before;
    if (limit < lower.rlim_cur)
        lower.rlim_cur = limit;
    error = record(effects, &wanted, &effect);
    if (error)
        return error;
    if (prlimit(victim->pid, which, &lower, NULL) < 0)
        error = errno;
    return conclude(effects, effect, ends_us, error);
}

/* ---- Slowness ----------------------------------------------------------- */

/* Must close all descriptors: a copy of the rollback helper's pipe would keep
 * the helper from noticing that this program died. */
__attribute__((noreturn)) static void hog_cpu(pid_t parent, int niceness)
{
    setpriority(PRIO_PROCESS, 0, niceness);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    syscall(SYS_close_range, 0, ~0U, 0);
    for (volatile uint64_t count = 0;; count++)
        ;
}

static bool start_cpu_hog(struct effects *effects, uint64_t ends_us,
                          int niceness)
{
    pid_t parent = getpid();
    struct victim cpu_hog = { .pid = fork() };
    struct effect *effect, wanted;

    if (cpu_hog.pid == 0)
        hog_cpu(parent, niceness);
    if (cpu_hog.pid < 0 || !victim_look_up(&cpu_hog))
        return false;
    wanted = effect_on(&cpu_hog, EFFECT_CPU_HOG);
    if (record(effects, &wanted, &effect) == 0) {
        effect->ends_us = ends_us;
        return true;
    }
    effect_revert(&wanted);
    waitpid(cpu_hog.pid, NULL, 0);
    return false;
}

int inject_slow(struct effects *effects, const struct victim *victim,
                uint64_t ends_us)
{
    struct effect *effect, wanted = effect_on(victim, EFFECT_SLOWED);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int error, niceness; /* of the victim before the first injection */

    wanted.niceness = getpriority(PRIO_PROCESS, (id_t)victim->pid);
    error = record(effects, &wanted, &effect);
    if (error)
        return error;
    niceness = effect->niceness;
    if (setpriority(PRIO_PROCESS, (id_t)victim->pid, NICENESS_MAX) < 0)
        error = errno;
    error = conclude(effects, effect, ends_us, error);
    for (long i = 0; error == 0 && i < processors; i++)
        if (!start_cpu_hog(effects, ends_us, niceness))
            break;
    return error;
}

/* ---- Reverting ---------------------------------------------------------- */

static void revert(struct effects *effects, const struct effect *effect)
{
    effect_revert(effect);
    rollback_helper_forget(&effects->rollback_helper, effect);
    if (effect->kind == EFFECT_CPU_HOG)
        waitpid(effect->pid, NULL, 0);
}

void effects_revert(struct effects *effects, uint64_t now_us)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < effects->count; i++) {
        if (effects->list[i].ends_us <= now_us)
            revert(effects, &effects->list[i]);
        else
            effects->list[kept++] = effects->list[i];
    }
    effects->count = kept;
}

uint64_t effects_next_us(const struct effects *effects)
{
    uint64_t next_us = UINT64_MAX;

    for (uint32_t i = 0; i < effects->count; i++)
        if (effects->list[i].ends_us < next_us)
            next_us = effects->list[i].ends_us;
    return next_us;
}

void effects_revert_all(struct effects *effects)
{
    effects_revert(effects, UINT64_MAX);
    rollback_helper_dismiss(&effects->rollback_helper);
}
