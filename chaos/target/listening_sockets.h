/* SPDX-License-Identifier: MIT */
/*
 * listening_sockets.h - lists the listening TCP sockets of a process tree, like
 * `ss -ltp`.
 */
#ifndef CHAOS_TARGET_LISTENING_SOCKETS_H
#define CHAOS_TARGET_LISTENING_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define LISTENING_SOCKETS_MAX 256  /* max descriptors listed */
#define LISTENING_SOCKETS     1024 /* max sockets examined per machine */

struct listening_socket {
    uint64_t inode;   /* identifies the socket in all its holders */
    char address[64]; /* "127.0.0.1:8086", "[::1]:80" */
};

/* One descriptor of one process. */
struct listening_holder {
    pid_t pid;
    bool root; /* the root of the tree; false: a descendant */
    int fd;
    struct listening_socket socket;
};

struct listening_sockets {
    struct listening_holder holders[LISTENING_SOCKETS_MAX];
    uint32_t count;
    bool more; /* some did not fit */
};

/* Lists what `root` and its descendants hold now, parents first. */
void listening_sockets_find(struct listening_sockets *listening, pid_t root);

/* Parses one line of /proc/net/tcp or tcp6.  Returns false if the socket is not
 * listening.  Pure. */
bool listening_sockets_read(struct listening_socket *socket, const char *line);

#endif
