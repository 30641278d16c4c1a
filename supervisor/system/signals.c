/* SPDX-License-Identifier: MIT */
/* signals.c - see signals.h. */
#include "supervisor/system/signals.h"
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const int received[] = { SIGTERM, SIGINT,  SIGQUIT,
                                SIGHUP,  SIGUSR1, SIGUSR2 };

static const int ignored[] = { SIGPIPE, SIGALRM, SIGPROF, SIGVTALRM,
                               SIGIO,   SIGPWR,  SIGXFSZ, SIGSTKFLT };

int signals_open(void)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct sigaction plain = { .sa_handler = SIG_DFL };
    sigset_t set;

    /* If the parent left SIGCHLD ignored, waitid(2) would get no exit status.
     */
    sigaction(SIGCHLD, &plain, NULL);
    for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
        sigaction(ignored[i], &ignore, NULL);
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof(received) / sizeof(*received); i++)
        sigaddset(&set, received[i]);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return -1;
    /* A terminal sends signals to the whole process group, so a worker that has
     * not left the group yet must ignore them; it inherits this.  The
     * supervisor still reads them: a blocked signal is queued even if it is
     * ignored. */
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
