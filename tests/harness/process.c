/* SPDX-License-Identifier: MIT */
#include "tests/harness/process.h"
#include "chaos/target/process.h"
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct child_list {
    pid_t *pids;
    size_t count, limit;
};

static void add_child(void *context, pid_t child)
{
    struct child_list *list = context;

    if (list->count < list->limit)
        list->pids[list->count++] = child;
}

size_t process_children(pid_t pid, pid_t *children, size_t limit)
{
    struct child_list list = { .pids = children, .limit = limit };

    process_each_child(pid, add_child, &list);
    return list.count;
}

pid_t process_parent(pid_t pid)
{
    struct process process;

    return process_read(pid, &process) ? process.parent : -1;
}

char process_state(pid_t pid)
{
    struct process process;

    return process_read(pid, &process) ? process.state : 0;
}

/* "RssAnon" of /proc/PID/status is not exact: the kernel counts it per CPU and
 * adds the counts late. */
size_t process_anonymous_bytes(pid_t pid)
{
    return (size_t)(process_memory_kib(pid, "Anonymous") +
                    process_memory_kib(pid, "Swap")) *
           1024;
}

static void ignore(void *context, int fd, const char *path)
{
    (void)context;
    (void)fd;
    (void)path;
}

size_t process_descriptors(pid_t pid)
{
    return process_each_descriptor(pid, ignore, NULL);
}

static void count_file(void *context, int fd, const char *path)
{
    size_t *count = context;
    struct stat facts;

    (void)fd;
    *count +=
        stat(path, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_nlink > 0;
}

size_t process_open_files(pid_t pid)
{
    size_t count = 0;

    process_each_descriptor(pid, count_file, &count);
    return count;
}

bool process_signal_safely(pid_t pid, pid_t parent, int signal)
{
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    bool sent;

    if (pidfd < 0)
        return false;
    sent = process_parent(pid) == parent &&
           syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0;
    close(pidfd);
    return sent;
}
