/* strike.c - see strike.h. */
#include "chaos/strike.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

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

enum strike_result strike_stop(struct wounds *wounds, int pidfd,
                               uint64_t heals_us)
{
    enum strike_result result;

    if (wounds->count == WOUNDS_MOST) {
        errno = ENOSPC;
        return STRIKE_REFUSED;
    }
    result = strike_signal(pidfd, SIGSTOP);
    if (result == STRIKE_HIT)
        wounds->list[wounds->count++] =
            (struct wound){ .pidfd = pidfd, .heals_us = heals_us };
    return result;
}

static void heal(struct wound *wound)
{
    strike_signal(wound->pidfd, SIGCONT);
    close(wound->pidfd);
    wound->pidfd = -1;
}

void wounds_heal(struct wounds *wounds, uint64_t now_us)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < wounds->count; i++) {
        if (wounds->list[i].heals_us <= now_us)
            heal(&wounds->list[i]);
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
}
