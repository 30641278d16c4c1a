/* SPDX-License-Identifier: MIT */
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
    bool reverted; /* false: the effect follows */
    struct effect effect;
};

bool effect_is_same(const struct effect *effect, const struct effect *other)
{
    return effect->kind == other->kind && effect->pid == other->pid &&
           effect->started_ticks == other->started_ticks &&
           effect->resource == other->resource;
}

void effect_revert(const struct effect *effect)
{
    const struct victim victim = { .pid = effect->pid,
                                   .started_ticks = effect->started_ticks };
    int pidfd = victim_hold(&victim, false);

    if (pidfd < 0)
        return;
    switch (effect->kind) {
    case EFFECT_STOPPED:
        syscall(SYS_pidfd_send_signal, pidfd, SIGCONT, NULL, 0);
        break;
    case EFFECT_LIMITED:
        prlimit(effect->pid, (enum __rlimit_resource)effect->resource,
                &effect->before, NULL);
        break;
    case EFFECT_SLOWED:
        setpriority(PRIO_PROCESS, (id_t)effect->pid, effect->niceness);
        break;
    case EFFECT_CPU_HOG:
        syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
        break;
    }
    close(pidfd);
}

/* ---- In the helper ------------------------------------------------------ */

static uint32_t without(struct effect *effects, uint32_t count,
                        const struct effect *reverted)
{
    for (uint32_t i = 0; i < count; i++) {
        if (effect_is_same(&effects[i], reverted)) {
            effects[i] = effects[count - 1];
            return count - 1;
        }
    }
    return count;
}

__attribute__((noreturn)) static void run_helper(int pipe_fd)
{
    static struct effect effects[EFFECTS_MAX];
    struct message message;
    uint32_t count = 0;

    /* Survives signals to the terminal's process group, and keeps no descriptor
     * of the parent open. */
    setsid();
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    dup2(pipe_fd, 0);
    syscall(SYS_close_range, 1, ~0U, 0);
    while (read(0, &message, sizeof(message)) == sizeof(message)) {
        if (message.reverted)
            count = without(effects, count, &message.effect);
        else if (count < EFFECTS_MAX)
            effects[count++] = message.effect;
    }
    for (uint32_t i = 0; i < count; i++)
        effect_revert(&effects[i]);
    _exit(0);
}

/* ---- In the parent ------------------------------------------------------ */

static bool start(struct rollback_helper *helper)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    helper->pid = fork();
    if (helper->pid == 0) {
        close(ends[1]);
        run_helper(ends[0]);
    }
    close(ends[0]);
    if (helper->pid < 0) {
        close(ends[1]);
        helper->pid = 0;
        return false;
    }
    helper->pipe_fd = ends[1];
    return true;
}

/* A message is smaller than PIPE_BUF, so the write is atomic. */
static bool send_message(const struct rollback_helper *helper, bool reverted,
                         const struct effect *effect)
{
    const struct message message = { .reverted = reverted, .effect = *effect };

    return write(helper->pipe_fd, &message, sizeof(message)) == sizeof(message);
}

bool rollback_helper_watch(struct rollback_helper *helper,
                           const struct effect *effect)
{
    if (helper->pid == 0 && !start(helper))
        return false;
    return send_message(helper, false, effect);
}

void rollback_helper_forget(const struct rollback_helper *helper,
                            const struct effect *effect)
{
    if (helper->pid != 0)
        send_message(helper, true, effect);
}

void rollback_helper_dismiss(struct rollback_helper *helper)
{
    if (helper->pid == 0)
        return;
    close(helper->pipe_fd);
    while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    *helper = (struct rollback_helper){ 0 };
}
