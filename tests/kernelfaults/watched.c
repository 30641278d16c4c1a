/* SPDX-License-Identifier: MIT */
/* watched.c - reads /proc/PID/fd and /proc/PID/fdinfo. */
#include "tests/kernelfaults/watched.h"
#include "chaos/target/process.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 1024

/* One line of an epoll descriptor's fdinfo, proc_pid_fdinfo(5). */
struct entry {
    int fd;
    unsigned events;
    unsigned long inode;
};

struct epoll_set {
    struct entry entries[DESCRIPTORS_MAX];
    size_t count;
};

static void link_of(pid_t pid, int fd, char *text, size_t capacity)
{
    char path[64];
    ssize_t length;

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
    length = readlink(path, text, capacity - 1);
    text[length > 0 ? length : 0] = '\0';
}

/* ---- The epoll set ---- */

static void read_set(pid_t pid, int fd, struct epoll_set *set)
{
    char path[64], line[256];
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", (int)pid, fd);
    file = fopen(path, "re");
    if (!file)
        return;
    while (fgets(line, sizeof(line), file)) {
        struct entry *entry = &set->entries[set->count];

        if (set->count < DESCRIPTORS_MAX &&
            sscanf(line, "tfd: %d events: %x data: %*x pos:%*d ino:%lx",
                   &entry->fd, &entry->events, &entry->inode) == 3)
            set->count++;
    }
    fclose(file);
}

/* A closed descriptor whose file is still open elsewhere stays in the set under
 * its old number, so the number alone does not identify the file. */
static bool contains(const struct epoll_set *set, pid_t pid, int fd)
{
    char path[64];
    struct stat status;

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
    if (stat(path, &status) < 0)
        return true; /* closed meanwhile */
    for (size_t i = 0; i < set->count; i++)
        if (set->entries[i].fd == fd &&
            set->entries[i].inode == status.st_ino &&
            (set->entries[i].events & (EPOLLIN | EPOLLOUT)))
            return true;
    return false;
}

/* ---- The expected entries ---- */

static int socket_option(int fd, int option)
{
    int value = -1;
    socklen_t length = sizeof(value);

    getsockopt(fd, SOL_SOCKET, option, &value, &length);
    return value;
}

/* The supervisors of these tests listen on TCP: a Unix socket is a channel. */
static bool socket_should_be_watched(int pidfd, int fd, bool connections)
{
    int copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
    bool wanted;

    if (copy < 0)
        return false;
    wanted = connections || socket_option(copy, SO_DOMAIN) == AF_UNIX ||
             socket_option(copy, SO_ACCEPTCONN) == 1;
    close(copy);
    return wanted;
}

static bool should_be_watched(int pidfd, int fd, const char *link,
                              bool connections)
{
    if (strstr(link, "[signalfd]") || strstr(link, "[eventfd]") ||
        strstr(link, "pidfd"))
        return true;
    return strncmp(link, "socket:", 7) == 0 &&
           socket_should_be_watched(pidfd, fd, connections);
}

/* ---- The comparison ---- */

struct descriptor_list {
    int fds[DESCRIPTORS_MAX];
    size_t count;
};

static void add_descriptor(void *context, int fd, const char *path)
{
    struct descriptor_list *list = context;

    (void)path;
    if (list->count < DESCRIPTORS_MAX)
        list->fds[list->count++] = fd;
}

static bool compare(pid_t pid, int pidfd, bool connections,
                    struct complaint *complaint)
{
    static struct descriptor_list list;
    static struct epoll_set set;
    char link[128];

    list.count = set.count = 0;
    process_each_descriptor(pid, add_descriptor, &list);
    for (size_t i = 0; i < list.count; i++) {
        link_of(pid, list.fds[i], link, sizeof(link));
        if (strstr(link, "[eventpoll]"))
            read_set(pid, list.fds[i], &set);
    }
    for (size_t i = 0; i < list.count; i++) {
        link_of(pid, list.fds[i], link, sizeof(link));
        if (should_be_watched(pidfd, list.fds[i], link, connections) &&
            !contains(&set, pid, list.fds[i])) {
            complain(complaint, "descriptor %d, %s, is not watched",
                     list.fds[i], link);
            return false;
        }
    }
    return true;
}

bool watched_completely(pid_t pid, bool connections,
                        struct complaint *complaint)
{
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    bool complete;

    if (pidfd < 0) {
        complain(complaint, "pid %d has ended", (int)pid);
        return false;
    }
    complete = compare(pid, pidfd, connections, complaint);
    close(pidfd);
    return complete;
}
