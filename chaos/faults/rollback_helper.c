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
    struct effect_record effect_record;
};

bool effect_record_is_same(const struct effect_record *effect_record,
                           const struct effect_record *other)
{
    return effect_record->kind == other->kind &&
           effect_record->pid == other->pid &&
           effect_record->started_ticks == other->started_ticks &&
           effect_record->resource == other->resource;
}

void effect_record_revert(const struct effect_record *effect_record)
{
    const struct victim victim = { .pid = effect_record->pid,
                                   .started_ticks =
                                       effect_record->started_ticks };
    int pidfd = victim_recognise(&victim);

    if (pidfd < 0)
        return;
    switch (effect_record->kind) {
    case EFFECT_STOPPED:
        syscall(SYS_pidfd_send_signal, pidfd, SIGCONT, NULL, 0);
        break;
    case EFFECT_LIMITED:
        prlimit(effect_record->pid,
                (enum __rlimit_resource)effect_record->resource,
                &effect_record->before, NULL);
        break;
    case EFFECT_SLOWED:
        setpriority(PRIO_PROCESS, (id_t)effect_record->pid,
                    effect_record->niceness);
        break;
    case EFFECT_CPU_HOG:
        syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
        break;
    }
    close(pidfd);
}

/* ---- In the helper ------------------------------------------------------ */

static uint32_t without(struct effect_record *effect_records, uint32_t count,
                        const struct effect_record *reverted)
{
    for (uint32_t i = 0; i < count; i++) {
        if (effect_record_is_same(&effect_records[i], reverted)) {
            effect_records[i] = effect_records[count - 1];
            return count - 1;
        }
    }
    return count;
}

__attribute__((noreturn)) static void run_helper(int pipe_fd)
{
    static struct effect_record effect_records[ROLLBACK_EFFECTS_MAX];
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
            count = without(effect_records, count, &message.effect_record);
        else if (count < ROLLBACK_EFFECTS_MAX)
            effect_records[count++] = message.effect_record;
    }
    for (uint32_t i = 0; i < count; i++)
        effect_record_revert(&effect_records[i]);
    _exit(0);
}

/* ---- In the parent ------------------------------------------------------ */

static bool start(struct rollback_helper *rollback_helper)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    rollback_helper->pid = fork();
    if (rollback_helper->pid == 0) {
        close(ends[1]);
        run_helper(ends[0]);
    }
    close(ends[0]);
    if (rollback_helper->pid < 0) {
        close(ends[1]);
        rollback_helper->pid = 0;
        return false;
    }
    rollback_helper->pipe_fd = ends[1];
    return true;
}

/* A message is smaller than PIPE_BUF, so the write is atomic. */
static bool send_message(const struct rollback_helper *rollback_helper,
                         bool reverted,
                         const struct effect_record *effect_record)
{
    const struct message message = { .reverted = reverted,
                                     .effect_record = *effect_record };

    return write(rollback_helper->pipe_fd, &message, sizeof(message)) ==
           sizeof(message);
}

bool rollback_helper_watch(struct rollback_helper *rollback_helper,
                           const struct effect_record *effect_record)
{
    if (rollback_helper->pid == 0 && !start(rollback_helper))
        return false;
    return send_message(rollback_helper, false, effect_record);
}

void rollback_helper_forget(const struct rollback_helper *rollback_helper,
                            const struct effect_record *effect_record)
{
    if (rollback_helper->pid != 0)
        send_message(rollback_helper, true, effect_record);
}

void rollback_helper_dismiss(struct rollback_helper *rollback_helper)
{
    if (rollback_helper->pid == 0)
        return;
    close(rollback_helper->pipe_fd);
    while (waitpid(rollback_helper->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    *rollback_helper = (struct rollback_helper){ 0 };
}
