/* SPDX-License-Identifier: MIT */
/* spawn.c - see spawn.h. */
#include "supervisor/system/spawn.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

int spawn_reserve(struct spawn *spawn, uint32_t children)
{
    *spawn = (struct spawn){
        .placeholder = open("/dev/null", O_RDWR | O_CLOEXEC),
        .reserved = calloc(children, sizeof(int)),
        .children = children,
        .parent = getpid(),
    };
    if (spawn->placeholder < 0 || !spawn->reserved)
        goto fail;
    for (uint32_t child = 0; child < children; child++) {
        int fd = fcntl(spawn->placeholder, F_DUPFD_CLOEXEC, 3);

        if (fd < 0)
            goto fail;
        spawn->reserved[child] = fd;
        if (fd >= spawn->floor)
            spawn->floor = fd + 1;
    }
    return 0;
fail:
    spawn_release(spawn);
    return -1;
}

void spawn_release(struct spawn *spawn)
{
    int error = errno;

    for (uint32_t child = 0; spawn->reserved && child < spawn->children;
         child++)
        if (spawn->reserved[child] > 0)
            close(spawn->reserved[child]);
    if (spawn->placeholder >= 0)
        close(spawn->placeholder);
    free(spawn->reserved);
    *spawn = (struct spawn){ .placeholder = -1 };
    errno = error;
}

/* EBUSY: a race with open(2) in the kernel (dup(2)). */
static int put_at(int fd, int number)
{
    int done;

    do
        done = dup3(fd, number, O_CLOEXEC);
    while (done < 0 && (errno == EINTR || errno == EBUSY));
    return done;
}

/* ---- In the child: only async-signal-safe functions ---- */

/* Closes all descriptors except 0, 1, 2, `first` and `second`. */
static void keep_only(int floor, int first, int second)
{
    unsigned low = (unsigned)(first < second ? first : second);
    unsigned high = (unsigned)(first < second ? second : first);

    if (close_range((unsigned)floor, ~0U, CLOSE_RANGE_UNSHARE) < 0)
        _exit(EX_OSERR);
    if (low > 3)
        close_range(3, low - 1, 0);
    if (high > low + 1)
        close_range(low + 1, high - 1, 0);
    close_range(high + 1, ~0U, 0);
}

static void reset_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The OOM killer must choose a worker, not the parent, which holds all
 * connections (proc(5), oom_score_adj).  Raising the own score needs no
 * privilege. */
static void raise_oom_score(void)
{
    static const char highest[] = "1000";
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    ssize_t written;

    if (fd < 0)
        return;
    written = write(fd, highest, sizeof(highest) - 1);
    (void)written;
    close(fd);
}

/* If the parent died before prctl(2), no signal is sent. */
static void die_with(pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
        _exit(EX_OSERR);
}

/* ---- In the parent ---- */

int spawn_fork(struct spawn *spawn, uint32_t child, int channel, int shared,
               void (*run)(void *context, int channel, int shared),
               void *context, struct spawn_child *process)
{
    struct clone_args arguments = {
        .flags = CLONE_PIDFD | CLONE_FILES | CLONE_CLEAR_SIGHAND,
        .pidfd = (uintptr_t)&process->pidfd,
        .exit_signal = SIGCHLD,
    };
    int reserved = spawn->reserved[child];
    int floor = spawn->floor;
    pid_t parent = spawn->parent;
    int error = 0;

    if (put_at(channel, reserved) < 0)
        error = errno;
    close(channel);
    if (!error) {
        process->pid =
            (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
        if (process->pid == 0) {
            keep_only(floor, reserved, shared);
            setpgid(0, 0);
            die_with(parent);
            reset_signals();
            raise_oom_score();
            run(context, reserved, shared);
            _exit(EX_SOFTWARE);
        }
        error = process->pid < 0 ? errno : 0;
    }
    if (!error)
        return 0;
    spawn_settled(spawn, child);
    errno = error;
    return -1;
}

void spawn_settled(struct spawn *spawn, uint32_t child)
{
    put_at(spawn->placeholder, spawn->reserved[child]);
}

bool spawn_reap(int pidfd, struct exit_reason *reason)
{
    siginfo_t info = { .si_pid = 0, .si_code = 0 };
    int error;

    do
        error = waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG);
    while (error < 0 && errno == EINTR);
    if (error == 0 && info.si_pid == 0)
        return false;
    if (error < 0 && errno != ECHILD)
        return false;
    /* ECHILD: it was reaped elsewhere. */
    *reason = exit_reason_of(info.si_code, info.si_status);
    return true;
}

bool spawn_is_stopped(int pidfd)
{
    siginfo_t info = { .si_pid = 0 };

    /* Without WNOWAIT the second call would not report the stop again. */
    return waitid(P_PIDFD, (id_t)pidfd, &info, WSTOPPED | WNOHANG | WNOWAIT) ==
               0 &&
           info.si_pid != 0;
}

bool spawn_signal(int pidfd, int signal)
{
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0 ||
           errno == ESRCH;
}
