/* points.c - the table. */
#include "tests/kernelfaults/points.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

/* All calls of that number; or only those whose argument number `n` is
 * `value`. */
#define ALL(name)                                                              \
    {                                                                          \
        SYS_##name, -1, 0                                                      \
    }
#define WITH(name, n, value)                                                   \
    {                                                                          \
        SYS_##name, n, value                                                   \
    }
#define FAILS(error)         error, #error
#define SAID                 true, EXCUSE_NONE, NULL
#define SILENT(why)          false, EXCUSE_NONE, why
#define EXCUSED(excuse, why) false, excuse, why

static const char again[] = "nothing has failed: the same is asked again";
static const char anew[] = "libev makes itself a new set of what it watches";
static const char after[] =
    "the line behind it tells, if one follows; see test_lasting.c";
static const char as_none[] = "as if nothing had come: the loop comes back";

const struct fault_point points[] = {
    /* Workers. */
    { "clone3", ALL(clone3), FAILS(EAGAIN), SAID },
    { "clone3", ALL(clone3), FAILS(ENOMEM), SAID },
    { "clone3", ALL(clone3), FAILS(EMFILE), SAID },
    { "socketpair", ALL(socketpair), FAILS(EMFILE), SAID },
    { "socketpair", ALL(socketpair), FAILS(ENFILE), SAID },
    { "dup3", ALL(dup3), FAILS(EBUSY), SILENT(again) },
    { "dup3", ALL(dup3), FAILS(EINTR), SILENT(again) },
    { "waitid", ALL(waitid), FAILS(EINTR), SILENT(again) },
    { "waitid", ALL(waitid), FAILS(ECHILD),
      EXCUSED(EXCUSE_ZOMBIE,
              "there is none, says the kernel: none is reaped") },
    { "pidfd_send_signal", ALL(pidfd_send_signal), FAILS(EPERM), SAID },
    /* Connections. */
    { "accept4", ALL(accept4), FAILS(EMFILE), SAID },
    { "accept4", ALL(accept4), FAILS(ENFILE), SAID },
    { "accept4", ALL(accept4), FAILS(ENOBUFS), SAID },
    { "accept4", ALL(accept4), FAILS(ENOMEM), SAID },
    { "accept4", ALL(accept4), FAILS(EPERM), SILENT(again) },
    { "accept4", ALL(accept4), FAILS(ECONNABORTED),
      SILENT("that client has left before it was accepted") },
    { "accept4", ALL(accept4), FAILS(EINTR), SILENT(again) },
    { "TCP_INFO", WITH(getsockopt, 2, TCP_INFO), FAILS(ENOBUFS),
      SILENT(again) },
    { "SIOCINQ", WITH(ioctl, 1, SIOCINQ), FAILS(ENOMEM), SILENT(again) },
    { "SIOCOUTQ", WITH(ioctl, 1, SIOCOUTQ), FAILS(ENOMEM), SILENT(again) },
    /* Messages. */
    { "sendmsg", ALL(sendmsg), FAILS(EAGAIN), SILENT(again) },
    { "sendmsg", ALL(sendmsg), FAILS(EINTR), SILENT(again) },
    { "sendmsg", ALL(sendmsg), FAILS(ENOBUFS), SAID },
    { "sendmsg", ALL(sendmsg), FAILS(ENOMEM), SAID },
    { "sendmsg", ALL(sendmsg), FAILS(ETOOMANYREFS), SAID },
    { "sendmsg", ALL(sendmsg), FAILS(EPIPE),
      SILENT("a channel without a worker: its exit is told") },
    { "recvmsg", ALL(recvmsg), FAILS(EAGAIN), SILENT(as_none) },
    { "recvmsg", ALL(recvmsg), FAILS(EINTR), SILENT(again) },
    { "recvmsg", ALL(recvmsg), FAILS(ENOMEM), SILENT(as_none) },
    /* The loop. */
    { "EPOLL_CTL_ADD", WITH(epoll_ctl, 1, EPOLL_CTL_ADD), FAILS(ENOMEM), SAID },
    { "EPOLL_CTL_ADD", WITH(epoll_ctl, 1, EPOLL_CTL_ADD), FAILS(ENOSPC), SAID },
    { "EPOLL_CTL_MOD", WITH(epoll_ctl, 1, EPOLL_CTL_MOD), FAILS(ENOMEM),
      SILENT(anew) },
    { "EPOLL_CTL_DEL", WITH(epoll_ctl, 1, EPOLL_CTL_DEL), FAILS(ENOMEM),
      SILENT(anew) },
    { "epoll_wait", ALL(epoll_wait), FAILS(EINTR), SILENT(again) },
    { "epoll_create1", ALL(epoll_create1), FAILS(EMFILE), SAID },
    { "eventfd2", ALL(eventfd2), FAILS(EMFILE), SAID },
    { "signalfd4", ALL(signalfd4), FAILS(EMFILE), SAID },
    { "read", ALL(read), FAILS(EINTR), SILENT(as_none) },
    /* Memory. */
    { "memfd_create", ALL(memfd_create), FAILS(EMFILE), SAID },
    { "ftruncate", ALL(ftruncate), FAILS(ENOSPC), SAID },
    { "fcntl", ALL(fcntl), FAILS(EMFILE), SAID },
    { "mmap", ALL(mmap), FAILS(ENOMEM), SAID },
    { "madvise", ALL(madvise), FAILS(ENOMEM), SAID },
    { "pwrite64", ALL(pwrite64), FAILS(ENOSPC), SAID },
    { "pread64", ALL(pread64), FAILS(EINTR), SILENT(again) },
    { "pread64", ALL(pread64), FAILS(EIO), SILENT(again) },
    /* The log. */
    { "write", ALL(write), FAILS(ENOSPC), SILENT(after) },
    { "write", ALL(write), FAILS(EIO), SILENT(after) },
    { "write", ALL(write), FAILS(EPIPE), SILENT(after) },
    { "write", ALL(write), FAILS(EINTR), SILENT(again) },
};
const int point_count = sizeof(points) / sizeof(*points);
