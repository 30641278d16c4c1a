/* signals.c - a mask and a signalfd. */
#include "supervisor/system/signals.h"
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const int told[] = {
    SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2
};

static const int meaningless[] = { SIGPIPE, SIGALRM, SIGPROF, SIGVTALRM,
                                   SIGIO,   SIGPWR,  SIGXFSZ, SIGSTKFLT };

int signals_open(void)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct sigaction plain = { .sa_handler = SIG_DFL };
    sigset_t set;

    /* Whoever started us may have ignored it, and then no exit can be read. */
    sigaction(SIGCHLD, &plain, NULL);
    for (size_t i = 0; i < sizeof(meaningless) / sizeof(*meaningless); i++)
        sigaction(meaningless[i], &ignore, NULL);
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++)
        sigaddset(&set, told[i]);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return -1;
    /* What a terminal sends comes to the whole process group, and only the
     * supervisor is to decide.  A worker leaves that group at once, but a
     * signal may come sooner.  While it is blocked a signal is queued even if
     * it is ignored (signal(7)), so the supervisor reads it all the same, and a
     * worker, which blocks none, inherits the ignoring. */
    sigaction(SIGINT, &ignore, NULL);
    sigaction(SIGQUIT, &ignore, NULL);
    sigaction(SIGHUP, &ignore, NULL);
    sigaction(SIGUSR1, &ignore, NULL);
    sigaction(SIGUSR2, &ignore, NULL);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int signals_next(int fd)
{
    struct signalfd_siginfo info;

    return read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)
               ? (int)info.ssi_signo
               : 0;
}
