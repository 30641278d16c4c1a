/* rollback_helper.c - see rollback_helper.h. */
#include "chaos/faults/rollback_helper.h"
#include "chaos/faults/victims.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct message {
    bool healed; /* else: wounded */
    struct ward ward;
};

bool ward_is_same(const struct ward *ward, const struct ward *other)
{
    return ward->kind == other->kind && ward->pid == other->pid &&
           ward->started_ticks == other->started_ticks &&
           ward->resource == other->resource;
}

void ward_heal(const struct ward *ward)
{
    const struct victim victim = { .pid = ward->pid,
                                   .started_ticks = ward->started_ticks };
    int pidfd = victim_recognise(&victim);

    if (pidfd < 0)
        return;
    switch (ward->kind) {
    case WARD_STOPPED:
        syscall(SYS_pidfd_send_signal, pidfd, SIGCONT, NULL, 0);
        break;
    case WARD_LIMITED:
        prlimit(ward->pid, (enum __rlimit_resource)ward->resource,
                &ward->before, NULL);
        break;
    case WARD_SLOWED:
        setpriority(PRIO_PROCESS, (id_t)ward->pid, ward->niceness);
        break;
    case WARD_BURNER:
        syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
        break;
    }
    close(pidfd);
}

/* ---- The guardian's own life -------------------------------------------- */

static uint32_t without(struct ward *wards, uint32_t count,
                        const struct ward *healed)
{
    for (uint32_t i = 0; i < count; i++) {
        if (ward_is_same(&wards[i], healed)) {
            wards[i] = wards[count - 1];
            return count - 1;
        }
    }
    return count;
}

__attribute__((noreturn)) static void guard(int pipe_fd)
{
    static struct ward wards[GUARDIAN_WARDS_MOST];
    struct message message;
    uint32_t count = 0;

    /* Out of reach of what ends us, and holding nothing of ours. */
    setsid();
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    dup2(pipe_fd, 0);
    syscall(SYS_close_range, 1, ~0U, 0);
    while (read(0, &message, sizeof(message)) == sizeof(message)) {
        if (message.healed)
            count = without(wards, count, &message.ward);
        else if (count < GUARDIAN_WARDS_MOST)
            wards[count++] = message.ward;
    }
    for (uint32_t i = 0; i < count; i++)
        ward_heal(&wards[i]);
    _exit(0);
}

/* ---- Ours --------------------------------------------------------------- */

static bool start(struct guardian *guardian)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    guardian->pid = fork();
    if (guardian->pid == 0) {
        close(ends[1]);
        guard(ends[0]);
    }
    close(ends[0]);
    if (guardian->pid < 0) {
        close(ends[1]);
        guardian->pid = 0;
        return false;
    }
    guardian->pipe_fd = ends[1];
    return true;
}

/* Smaller than PIPE_BUF: it arrives whole or not at all. */
static bool tell(const struct guardian *guardian, bool healed,
                 const struct ward *ward)
{
    const struct message message = { .healed = healed, .ward = *ward };

    return write(guardian->pipe_fd, &message, sizeof(message)) ==
           sizeof(message);
}

bool guardian_watch(struct guardian *guardian, const struct ward *ward)
{
    if (guardian->pid == 0 && !start(guardian))
        return false;
    return tell(guardian, false, ward);
}

void guardian_forget(const struct guardian *guardian, const struct ward *ward)
{
    if (guardian->pid != 0)
        tell(guardian, true, ward);
}

void guardian_dismiss(struct guardian *guardian)
{
    if (guardian->pid == 0)
        return;
    close(guardian->pipe_fd);
    while (waitpid(guardian->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    *guardian = (struct guardian){ 0 };
}
