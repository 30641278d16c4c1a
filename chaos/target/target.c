/* SPDX-License-Identifier: MIT */
/* target.c - see target.h. */
#include "chaos/target/target.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Large enough for the log of one or two seconds under heavy load. */
#define LOG_PIPE_BYTES (1024 * 1024)

/* ---- The child ---------------------------------------------------------- */

/* Runs between fork and exec: only async-signal-safe functions are allowed. */
static void exec_target(const char *const argv[], int log_fd, int report_fd,
                        pid_t parent)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) /* the parent died before prctl() */
        _exit(1);
    dup2(log_fd, STDOUT_FILENO);
    dup2(log_fd, STDERR_FILENO);
    /* execvp(3) does not change the words. */
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    /* The report pipe is close-on-exec: the parent reads EOF on success. */
    if (write(report_fd, &errno, sizeof(errno)) < 0)
        _exit(126);
    _exit(127);
}

/* ---- The parent --------------------------------------------------------- */

static void read_log(struct target *target)
{
    char bytes[16 * 1024];
    ssize_t count;

    while ((count = read(target->log_fd, bytes, sizeof(bytes))) > 0)
        log_reader_feed(&target->reader, bytes, (size_t)count,
                        target->on_log_event, target->context);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    ev_io_stop(target->loop, &target->log_watcher);
}

static void on_log(struct ev_loop *loop, ev_io *watcher, int revents)
{
    (void)loop;
    (void)revents;
    read_log(watcher->data);
}

static void stop_watching(struct target *target)
{
    ev_io_stop(target->loop, &target->exit_watcher);
    ev_timer_stop(target->loop, &target->grace_timer);
    close(target->pidfd);
    target->pidfd = -1;
    target->pid = 0;
}

/* Does not reap the target: while it is a zombie, its pid and process group ID
 * cannot be reused before target_kill() kills the group.  Other processes of
 * the group may keep the log open, so this does not wait for the end of the
 * log. */
static void on_exit_of_target(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct target *target = watcher->data;
    siginfo_t ended = { 0 };

    (void)loop;
    (void)revents;
    if (waitid(P_PID, (id_t)target->pid, &ended, WEXITED | WNOHANG | WNOWAIT) <
            0 ||
        ended.si_pid == 0)
        return;
    read_log(target);
    stop_watching(target);
    if (target->on_end)
        target->on_end(target->context);
}

static void on_grace_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct target *target = timer->data;

    (void)loop;
    (void)revents;
    kill(-target->pid, SIGKILL);
}

/* Returns 0 if exec succeeded, or its errno. */
static int read_exec_error(int report_fd)
{
    int error = 0;
    ssize_t count;

    do
        count = read(report_fd, &error, sizeof(error));
    while (count < 0 && errno == EINTR);
    return count == sizeof(error) ? error : 0;
}

static void watch(struct target *target)
{
    fcntl(target->log_fd, F_SETFL, O_NONBLOCK);
    fcntl(target->log_fd, F_SETPIPE_SZ, LOG_PIPE_BYTES);
    ev_io_init(&target->exit_watcher, on_exit_of_target, target->pidfd,
               EV_READ);
    ev_io_init(&target->log_watcher, on_log, target->log_fd, EV_READ);
    ev_timer_init(&target->grace_timer, on_grace_timer, 0, 0);
    target->exit_watcher.data = target;
    target->log_watcher.data = target;
    target->grace_timer.data = target;
    ev_io_start(target->loop, &target->exit_watcher);
    ev_io_start(target->loop, &target->log_watcher);
}

/* Closes the child's ends of both pipes, and all ends on failure. */
static int launch(struct target *target, const char *const argv[], int log[2],
                  int report[2])
{
    pid_t self = getpid();
    pid_t pid = fork();
    int error;

    if (pid == 0)
        exec_target(argv, log[1], report[1], self);
    error = pid < 0 ? errno : 0;
    close(log[1]);
    close(report[1]);
    if (pid > 0) {
        setpgid(pid, pid);
        error = read_exec_error(report[0]);
        if (error)
            waitpid(pid, NULL, 0);
    }
    close(report[0]);
    if (error) {
        close(log[0]);
        errno = error;
        return -1;
    }
    target->pid = target->group = pid;
    target->log_fd = log[0];
    return 0;
}

int target_start(struct target *target, struct ev_loop *loop,
                 const char *const argv[])
{
    int log[2], report[2];

    target->loop = loop;
    if (pipe2(log, O_CLOEXEC) < 0)
        return -1;
    if (pipe2(report, O_CLOEXEC) < 0) {
        close(log[0]);
        close(log[1]);
        return -1;
    }
    if (launch(target, argv, log, report) < 0)
        return -1;
    target->pidfd = (int)syscall(SYS_pidfd_open, target->pid, 0);
    if (target->pidfd < 0) {
        int error = errno;

        target_kill(target);
        errno = error;
        return -1;
    }
    watch(target);
    return 0;
}

void target_end(struct target *target)
{
    if (target->pid == 0 || target->asked)
        return;
    target->asked = true;
    kill(target->pid, SIGTERM);
    ev_now_update(target->loop);
    ev_timer_set(&target->grace_timer, target->grace_s, 0);
    ev_timer_start(target->loop, &target->grace_timer);
}

void target_kill(struct target *target)
{
    if (target->group == 0)
        return;
    kill(-target->group, SIGKILL);
    waitpid(target->group, NULL, 0);
    if (target->pid)
        stop_watching(target);
    ev_io_stop(target->loop, &target->log_watcher);
    close(target->log_fd);
    target->log_fd = -1;
    target->group = 0;
}
