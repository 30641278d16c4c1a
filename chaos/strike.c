/* strike.c - see strike.h. */
#include "chaos/strike.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAST_OF_ALL 19 /* niceness */

/* A zombie takes signals like a living process and feels nothing; its pidfd
 * is readable. */
static bool has_exited(int pidfd)
{
    struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };

    return poll(&poll_fd, 1, 0) == 1;
}

enum strike_result strike_signal(int pidfd, int signal)
{
    if (has_exited(pidfd))
        return STRIKE_GONE;
    if (syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0)
        return STRIKE_HIT;
    return errno == ESRCH ? STRIKE_GONE : STRIKE_REFUSED;
}

/* ---- Wounds ------------------------------------------------------------- */

/* Written down before it is done: to die in between must not leave a wound
 * that nobody knows of. */
static bool note(struct wounds *wounds, const struct ward *ward, int pidfd,
                 uint64_t heals_us)
{
    if (wounds->count == WOUNDS_MOST) {
        errno = ENOSPC;
        return false;
    }
    if (!guardian_watch(&wounds->guardian, ward))
        return false;
    wounds->list[wounds->count++] =
        (struct wound){ .pidfd = pidfd, .ward = *ward, .heals_us = heals_us };
    return true;
}

static void forget_last(struct wounds *wounds)
{
    guardian_forget(&wounds->guardian, &wounds->list[--wounds->count].ward);
}

/* Takes over the pidfd of a wound that was inflicted; takes back the note of
 * one that was not. */
static enum strike_result conclude(struct wounds *wounds, int *pidfd,
                                   enum strike_result result)
{
    int error = errno;

    if (result == STRIKE_HIT)
        *pidfd = -1;
    else
        forget_last(wounds);
    errno = error;
    return result;
}

static enum strike_result result_of(int returned)
{
    if (returned == 0)
        return STRIKE_HIT;
    return errno == ESRCH ? STRIKE_GONE : STRIKE_REFUSED;
}

static struct ward ward_of(const struct victim *victim, enum ward_kind kind)
{
    return (struct ward){ .kind = kind,
                          .pid = victim->pid,
                          .started_ticks = victim->started_ticks };
}

enum strike_result strike_stop(struct wounds *wounds,
                               const struct victim *victim, int *pidfd,
                               uint64_t heals_us)
{
    struct ward ward = ward_of(victim, WARD_STOPPED);

    if (!note(wounds, &ward, *pidfd, heals_us))
        return STRIKE_REFUSED;
    return conclude(wounds, pidfd, strike_signal(*pidfd, SIGSTOP));
}

enum strike_result strike_limit(struct wounds *wounds,
                                const struct victim *victim, int *pidfd,
                                int resource, uint64_t limit, uint64_t heals_us)
{
    enum __rlimit_resource which = (enum __rlimit_resource)resource;
    struct ward ward = ward_of(victim, WARD_LIMITED);
    struct rlimit lower;

    ward.resource = resource;
    if (prlimit(victim->pid, which, NULL, &ward.before) < 0)
        return result_of(-1);
    lower = ward.before;
    if (limit < lower.rlim_cur)
        lower.rlim_cur = limit;
    if (!note(wounds, &ward, *pidfd, heals_us))
        return STRIKE_REFUSED;
    return conclude(wounds, pidfd,
                    result_of(prlimit(victim->pid, which, &lower, NULL)));
}

/* ---- Slowness ----------------------------------------------------------- */

static bool start_burner(struct wounds *wounds, uint64_t heals_us)
{
    struct victim burner = { .pid = fork() };
    struct ward ward;
    int pidfd;

    if (burner.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (volatile uint64_t turns = 0;; turns++)
            ;
    }
    if (burner.pid < 0 || !victim_look_up(&burner))
        return false;
    pidfd = (int)syscall(SYS_pidfd_open, burner.pid, 0);
    ward = ward_of(&burner, WARD_BURNER);
    if (pidfd >= 0 && note(wounds, &ward, pidfd, heals_us))
        return true;
    ward_heal(&ward);
    waitpid(burner.pid, NULL, 0);
    if (pidfd >= 0)
        close(pidfd);
    return false;
}

enum strike_result strike_slow(struct wounds *wounds,
                               const struct victim *victim, int *pidfd,
                               uint64_t heals_us)
{
    struct ward ward = ward_of(victim, WARD_SLOWED);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    enum strike_result result;

    ward.niceness = getpriority(PRIO_PROCESS, (id_t)victim->pid);
    if (!note(wounds, &ward, *pidfd, heals_us))
        return STRIKE_REFUSED;
    result = conclude(
        wounds, pidfd,
        result_of(setpriority(PRIO_PROCESS, (id_t)victim->pid, LAST_OF_ALL)));
    for (long i = 0; result == STRIKE_HIT && i < processors; i++)
        if (!start_burner(wounds, heals_us))
            break;
    return result;
}

/* ---- Healing ------------------------------------------------------------ */

static void heal(struct wounds *wounds, struct wound *wound)
{
    ward_heal(&wound->ward);
    guardian_forget(&wounds->guardian, &wound->ward);
    if (wound->ward.kind == WARD_BURNER)
        waitpid(wound->ward.pid, NULL, 0);
    close(wound->pidfd);
    wound->pidfd = -1;
}

void wounds_heal(struct wounds *wounds, uint64_t now_us)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < wounds->count; i++) {
        if (wounds->list[i].heals_us <= now_us)
            heal(wounds, &wounds->list[i]);
        else
            wounds->list[kept++] = wounds->list[i];
    }
    wounds->count = kept;
}

uint64_t wounds_next_us(const struct wounds *wounds)
{
    uint64_t next_us = UINT64_MAX;

    for (uint32_t i = 0; i < wounds->count; i++)
        if (wounds->list[i].heals_us < next_us)
            next_us = wounds->list[i].heals_us;
    return next_us;
}

void wounds_heal_all(struct wounds *wounds)
{
    wounds_heal(wounds, UINT64_MAX);
    guardian_dismiss(&wounds->guardian);
}
