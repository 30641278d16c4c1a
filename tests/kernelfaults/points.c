/* SPDX-License-Identifier: MIT */
/* points.c - see points.h. */
#include "tests/kernelfaults/points.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

/* All calls of that number, or only those whose argument `n` is `value`. */
#define ALL(name)                                                              \
    {                                                                          \
        SYS_##name, -1, 0                                                      \
    }
#define WITH(name, n, value)                                                   \
    {                                                                          \
        SYS_##name, n, value                                                   \
    }
#define FAILS(error)         error, #error
#define LOGGED               true, EXCUSE_NONE, NULL
#define SILENT(why)          false, EXCUSE_NONE, why
#define EXCUSED(excuse, why) false, excuse, why

static const char retried[] = "the call is retried";
static const char new_set[] = "libev creates a new epoll set";
static const char later[] =
    "the next line reports it, if one follows; see test_lasting.c";
static const char no_event[] = "as if nothing had arrived: the loop retries";

const struct fault_point points[] = {
    /* Workers. */
    { "clone3", ALL(clone3), FAILS(EAGAIN), LOGGED },
    { "clone3", ALL(clone3), FAILS(ENOMEM), LOGGED },
    { "clone3", ALL(clone3), FAILS(EMFILE), LOGGED },
    { "socketpair", ALL(socketpair), FAILS(EMFILE), LOGGED },
    { "socketpair", ALL(socketpair), FAILS(ENFILE), LOGGED },
    { "dup3", ALL(dup3), FAILS(EBUSY), SILENT(retried) },
    { "dup3", ALL(dup3), FAILS(EINTR), SILENT(retried) },
    { "waitid", ALL(waitid), FAILS(EINTR), SILENT(retried) },
    { "waitid", ALL(waitid), FAILS(ECHILD),
      EXCUSED(EXCUSE_ZOMBIE,
              "the kernel reports no child, so none is reaped") },
    { "pidfd_send_signal", ALL(pidfd_send_signal), FAILS(EPERM), LOGGED },
    /* Connections. */
    { "accept4", ALL(accept4), FAILS(EMFILE), LOGGED },
    { "accept4", ALL(accept4), FAILS(ENFILE), LOGGED },
    { "accept4", ALL(accept4), FAILS(ENOBUFS), LOGGED },
    { "accept4", ALL(accept4), FAILS(ENOMEM), LOGGED },
    { "accept4", ALL(accept4), FAILS(EPERM), SILENT(retried) },
    { "accept4", ALL(accept4), FAILS(ECONNABORTED),
      SILENT("the client left before it was accepted") },
    { "accept4", ALL(accept4), FAILS(EINTR), SILENT(retried) },
    { "TCP_INFO", WITH(getsockopt, 2, TCP_INFO), FAILS(ENOBUFS),
      SILENT(retried) },
    { "SIOCINQ", WITH(ioctl, 1, SIOCINQ), FAILS(ENOMEM), SILENT(retried) },
    { "SIOCOUTQ", WITH(ioctl, 1, SIOCOUTQ), FAILS(ENOMEM), SILENT(retried) },
    /* Messages. */
    { "sendmsg", ALL(sendmsg), FAILS(EAGAIN), SILENT(retried) },
    { "sendmsg", ALL(sendmsg), FAILS(EINTR), SILENT(retried) },
    { "sendmsg", ALL(sendmsg), FAILS(ENOBUFS), LOGGED },
    { "sendmsg", ALL(sendmsg), FAILS(ENOMEM), LOGGED },
    { "sendmsg", ALL(sendmsg), FAILS(ETOOMANYREFS), LOGGED },
    { "sendmsg", ALL(sendmsg), FAILS(EPIPE),
      SILENT("the channel has no worker: its exit is reported") },
    { "recvmsg", ALL(recvmsg), FAILS(EAGAIN), SILENT(no_event) },
    { "recvmsg", ALL(recvmsg), FAILS(EINTR), SILENT(retried) },
    { "recvmsg", ALL(recvmsg), FAILS(ENOMEM), SILENT(no_event) },
    /* The loop. */
    { "EPOLL_CTL_ADD", WITH(epoll_ctl, 1, EPOLL_CTL_ADD), FAILS(ENOMEM),
      LOGGED },
    { "EPOLL_CTL_ADD", WITH(epoll_ctl, 1, EPOLL_CTL_ADD), FAILS(ENOSPC),
      LOGGED },
    { "EPOLL_CTL_MOD", WITH(epoll_ctl, 1, EPOLL_CTL_MOD), FAILS(ENOMEM),
      SILENT(new_set) },
    { "EPOLL_CTL_DEL", WITH(epoll_ctl, 1, EPOLL_CTL_DEL), FAILS(ENOMEM),
      SILENT(new_set) },
    { "epoll_wait", ALL(epoll_wait), FAILS(EINTR), SILENT(retried) },
    { "epoll_create1", ALL(epoll_create1), FAILS(EMFILE), LOGGED },
    { "eventfd2", ALL(eventfd2), FAILS(EMFILE), LOGGED },
    { "signalfd4", ALL(signalfd4), FAILS(EMFILE), LOGGED },
    { "read", ALL(read), FAILS(EINTR), SILENT(no_event) },
    /* Memory. */
    { "memfd_create", ALL(memfd_create), FAILS(EMFILE), LOGGED },
    { "ftruncate", ALL(ftruncate), FAILS(ENOSPC), LOGGED },
    { "fcntl", ALL(fcntl), FAILS(EMFILE), LOGGED },
    { "mmap", ALL(mmap), FAILS(ENOMEM), LOGGED },
    { "madvise", ALL(madvise), FAILS(ENOMEM), LOGGED },
    { "pwrite64", ALL(pwrite64), FAILS(ENOSPC), LOGGED },
    { "pread64", ALL(pread64), FAILS(EINTR), SILENT(retried) },
    { "pread64", ALL(pread64), FAILS(EIO), SILENT(retried) },
    /* The log. */
    { "write", ALL(write), FAILS(ENOSPC), SILENT(later) },
    { "write", ALL(write), FAILS(EIO), SILENT(later) },
    { "write", ALL(write), FAILS(EPIPE), SILENT(later) },
    { "write", ALL(write), FAILS(EINTR), SILENT(retried) },
};
const int point_count = sizeof(points) / sizeof(*points);
