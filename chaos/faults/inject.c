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

/* The open wound that `ward` would be once more; or NULL. */
static struct wound *find(struct wounds *wounds, const struct ward *ward)
{
    for (uint32_t i = 0; i < wounds->count; i++)
        if (ward_is_same(&wounds->list[i].ward, ward))
            return &wounds->list[i];
    return NULL;
}

/*
 * Written down before it is done: to die in between must not leave a wound
 * that nobody knows of.  Who is struck again has the one wound: what was
 * before its first stroke is what it must come back to.  Returns NULL, with
 * errno, when it cannot be written down.
 */
static struct wound *note(struct wounds *wounds, const struct ward *ward,
                          int pidfd)
{
    struct wound *open = find(wounds, ward);

    if (open)
        return open;
    if (wounds->count == WOUNDS_MOST) {
        errno = ENOSPC;
        return NULL;
    }
    if (!guardian_watch(&wounds->guardian, ward))
        return NULL;
    wounds->list[wounds->count] =
        (struct wound){ .pidfd = pidfd, .ward = *ward };
    return &wounds->list[wounds->count++];
}

static void forget_last(struct wounds *wounds)
{
    guardian_forget(&wounds->guardian, &wounds->list[--wounds->count].ward);
}

/* Takes over the pidfd of a wound that was inflicted; takes back the note of
 * one that was not, unless it was there before. */
static enum strike_result conclude(struct wounds *wounds, struct wound *wound,
                                   int *pidfd, uint64_t heals_us,
                                   enum strike_result result)
{
    bool is_new = wound->pidfd == *pidfd;
    int error = errno;

    if (result == STRIKE_HIT && wound->heals_us < heals_us)
        wound->heals_us = heals_us;
    if (is_new && result == STRIKE_HIT)
        *pidfd = -1;
    else if (is_new)
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
    struct wound *wound = note(wounds, &ward, *pidfd);

    if (!wound)
        return STRIKE_REFUSED;
    return conclude(wounds, wound, pidfd, heals_us,
                    strike_signal(*pidfd, SIGSTOP));
}

enum strike_result strike_limit(struct wounds *wounds,
                                const struct victim *victim, int *pidfd,
                                int resource, uint64_t limit, uint64_t heals_us)
{
    enum __rlimit_resource which = (enum __rlimit_resource)resource;
    struct ward ward = ward_of(victim, WARD_LIMITED);
    struct wound *wound;
    struct rlimit lower;

    ward.resource = resource;
    if (prlimit(victim->pid, which, NULL, &ward.before) < 0)
        return result_of(-1);
    lower = ward.before;
    if (limit < lower.rlim_cur)
        lower.rlim_cur = limit;
    wound = note(wounds, &ward, *pidfd);
    if (!wound)
        return STRIKE_REFUSED;
    return conclude(wounds, wound, pidfd, heals_us,
                    result_of(prlimit(victim->pid, which, &lower, NULL)));
}

/* ---- Slowness ----------------------------------------------------------- */

/* It must not outlive us, and holds nothing of ours: were it the guardian's
 * pipe, our death would not be noticed. */
__attribute__((noreturn)) static void burn(pid_t parent, int niceness)
{
    setpriority(PRIO_PROCESS, 0, niceness);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    syscall(SYS_close_range, 0, ~0U, 0);
    for (volatile uint64_t turns = 0;; turns++)
        ;
}

static bool start_burner(struct wounds *wounds, uint64_t heals_us, int niceness)
{
    pid_t parent = getpid();
    struct victim burner = { .pid = fork() };
    struct wound *wound;
    struct ward ward;
    int pidfd;

    if (burner.pid == 0)
        burn(parent, niceness);
    if (burner.pid < 0 || !victim_look_up(&burner))
        return false;
    pidfd = (int)syscall(SYS_pidfd_open, burner.pid, 0);
    ward = ward_of(&burner, WARD_BURNER);
    wound = pidfd < 0 ? NULL : note(wounds, &ward, pidfd);
    if (wound) {
        wound->heals_us = heals_us;
        return true;
    }
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
    struct wound *wound;
    int niceness; /* of others like the victim */

    ward.niceness = getpriority(PRIO_PROCESS, (id_t)victim->pid);
    wound = note(wounds, &ward, *pidfd);
    if (!wound)
        return STRIKE_REFUSED;
    niceness = wound->ward.niceness;
    result = conclude(
        wounds, wound, pidfd, heals_us,
        result_of(setpriority(PRIO_PROCESS, (id_t)victim->pid, LAST_OF_ALL)));
    for (long i = 0; result == STRIKE_HIT && i < processors; i++)
        if (!start_burner(wounds, heals_us, niceness))
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
