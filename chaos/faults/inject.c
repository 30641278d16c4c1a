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

static struct effect *find(struct effects *effects,
                           const struct effect_record *effect_record)
{
    for (uint32_t i = 0; i < effects->count; i++)
        if (effect_record_is_same(&effects->list[i].effect_record,
                                  effect_record))
            return &effects->list[i];
    return NULL;
}

/*
 * Records an effect before it is caused, so that it is reverted even if this
 * program dies in between.  If the victim has the effect already, returns that
 * record, because the state before the first injection must be restored.
 * Sets *effect and returns 0; or returns an error number if the effect cannot
 * be recorded.
 */
static int record(struct effects *effects,
                  const struct effect_record *effect_record, int pidfd,
                  struct effect **effect)
{
    *effect = find(effects, effect_record);
    if (*effect)
        return 0;
    if (effects->count == EFFECTS_MAX)
        return ENOSPC;
    if (!rollback_helper_watch(&effects->rollback_helper, effect_record))
        return errno;
    *effect = &effects->list[effects->count++];
    **effect =
        (struct effect){ .pidfd = pidfd, .effect_record = *effect_record };
    return 0;
}

static void forget_last(struct effects *effects)
{
    rollback_helper_forget(&effects->rollback_helper,
                           &effects->list[--effects->count].effect_record);
}

/* If `error` is 0, takes ownership of *pidfd for a new effect; otherwise
 * removes the record of a new effect.  Returns `error`. */
static int conclude(struct effects *effects, struct effect *effect, int *pidfd,
                    uint64_t ends_us, int error)
{
    bool is_new = effect->pidfd == *pidfd;

    if (error == 0 && effect->ends_us < ends_us)
        effect->ends_us = ends_us;
    if (is_new && error == 0)
        *pidfd = -1;
    else if (is_new)
        forget_last(effects);
    return error;
}

static struct effect_record effect_record_of(const struct victim *victim,
                                             enum effect_kind kind)
{
    return (struct effect_record){ .kind = kind,
                                   .pid = victim->pid,
                                   .started_ticks = victim->started_ticks };
}

int inject_stop(struct effects *effects, const struct victim *victim,
                int *pidfd, uint64_t ends_us)
{
    struct effect_record effect_record =
        effect_record_of(victim, EFFECT_STOPPED);
    struct effect *effect;
    int error = record(effects, &effect_record, *pidfd, &effect);

    if (error)
        return error;
    return conclude(effects, effect, pidfd, ends_us,
                    inject_signal(*pidfd, SIGSTOP));
}

int inject_limit(struct effects *effects, const struct victim *victim,
                 int *pidfd, int resource, uint64_t limit, uint64_t ends_us)
{
    enum __rlimit_resource which = (enum __rlimit_resource)resource;
    struct effect_record effect_record =
        effect_record_of(victim, EFFECT_LIMITED);
    struct effect *effect;
    struct rlimit lower;
    int error;

    effect_record.resource = resource;
    if (prlimit(victim->pid, which, NULL, &effect_record.before) < 0)
        return errno;
    lower = effect_record.before;
    if (limit < lower.rlim_cur)
        lower.rlim_cur = limit;
    error = record(effects, &effect_record, *pidfd, &effect);
    if (error)
        return error;
    if (prlimit(victim->pid, which, &lower, NULL) < 0)
        error = errno;
    return conclude(effects, effect, pidfd, ends_us, error);
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
    struct effect *effect;
    struct effect_record effect_record;
    int pidfd;

    if (cpu_hog.pid == 0)
        hog_cpu(parent, niceness);
    if (cpu_hog.pid < 0 || !victim_look_up(&cpu_hog))
        return false;
    pidfd = (int)syscall(SYS_pidfd_open, cpu_hog.pid, 0);
    effect_record = effect_record_of(&cpu_hog, EFFECT_CPU_HOG);
    if (pidfd >= 0 && record(effects, &effect_record, pidfd, &effect) == 0) {
        effect->ends_us = ends_us;
        return true;
    }
    effect_record_revert(&effect_record);
    waitpid(cpu_hog.pid, NULL, 0);
    if (pidfd >= 0)
        close(pidfd);
    return false;
}

int inject_slow(struct effects *effects, const struct victim *victim,
                int *pidfd, uint64_t ends_us)
{
    struct effect_record effect_record =
        effect_record_of(victim, EFFECT_SLOWED);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct effect *effect;
    int error, niceness; /* of the victim before the first injection */

    effect_record.niceness = getpriority(PRIO_PROCESS, (id_t)victim->pid);
    error = record(effects, &effect_record, *pidfd, &effect);
    if (error)
        return error;
    niceness = effect->effect_record.niceness;
    if (setpriority(PRIO_PROCESS, (id_t)victim->pid, NICENESS_MAX) < 0)
        error = errno;
    error = conclude(effects, effect, pidfd, ends_us, error);
    for (long i = 0; error == 0 && i < processors; i++)
        if (!start_cpu_hog(effects, ends_us, niceness))
            break;
    return error;
}

/* ---- Reverting ---------------------------------------------------------- */

static void revert(struct effects *effects, struct effect *effect)
{
    effect_record_revert(&effect->effect_record);
    rollback_helper_forget(&effects->rollback_helper, &effect->effect_record);
    if (effect->effect_record.kind == EFFECT_CPU_HOG)
        waitpid(effect->effect_record.pid, NULL, 0);
    close(effect->pidfd);
    effect->pidfd = -1;
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
