/* target.c - see target.h. */
#include "chaos/target/target.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Holds the log of a second or two of storm if we are late in reading it. */
#define LOG_PIPE_BYTES (1024 * 1024)

/* ---- The child ---------------------------------------------------------- */

/* exec(3) takes words that could be written to, and promises not to. */
union words {
    const char *const *ours;
    char *const *for_exec;
};

/* Between fork and exec: nothing but system calls. */
static void become(const char *const argv[], int log_fd, int report_fd,
                   pid_t parent)
{
    const union words words = { .ours = argv };
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) /* we were orphaned before the line above */
        _exit(1);
    dup2(log_fd, STDOUT_FILENO);
    dup2(log_fd, STDERR_FILENO);
    execvp(argv[0], words.for_exec);
    /* The report pipe closes by itself when exec succeeds. */
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

/* It has ended, which is no longer looked for. */
static void note_end(struct target *target)
{
    ev_io_stop(target->loop, &target->exit_watcher);
    ev_timer_stop(target->loop, &target->patience);
    close(target->pidfd);
    target->pidfd = -1;
    target->pid = 0;
}

/* It is not reaped yet: a zombie keeps its number, and so its group's, from
 * being anybody else's until target_kill() ends those who survive it.  They
 * may hold the log open: what is there by now is the end of its own. */
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
    note_end(target);
    if (target->on_end)
        target->on_end(target->context);
}

static void on_patience(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct target *target = timer->data;

    (void)loop;
    (void)revents;
    kill(-target->pid, SIGKILL);
}

/* Returns 0 when the child has turned into the program, or its errno. */
static int hear_of_exec(int report_fd)
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
    ev_timer_init(&target->patience, on_patience, 0, 0);
    target->exit_watcher.data = target;
    target->log_watcher.data = target;
    target->patience.data = target;
    ev_io_start(target->loop, &target->exit_watcher);
    ev_io_start(target->loop, &target->log_watcher);
}

/* Forks with both pipes open; closes the child's ends of them. */
static int launch(struct target *target, const char *const argv[], int log[2],
                  int report[2])
{
    pid_t self = getpid();
    pid_t pid = fork();
    int error;

    if (pid == 0)
        become(argv, log[1], report[1], self);
    error = pid < 0 ? errno : 0;
    close(log[1]);
    close(report[1]);
    if (pid > 0) {
        setpgid(pid, pid);
        error = hear_of_exec(report[0]);
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
    ev_timer_set(&target->patience, target->grace_s, 0);
    ev_timer_start(target->loop, &target->patience);
}

void target_kill(struct target *target)
{
    if (target->group == 0)
        return;
    kill(-target->group, SIGKILL);
    waitpid(target->group, NULL, 0);
    if (target->pid)
        note_end(target);
    ev_io_stop(target->loop, &target->log_watcher);
    close(target->log_fd);
    target->log_fd = -1;
    target->group = 0;
}
