/*
 * listening_sockets.h - who of a process tree holds which listening TCP socket:
 * what `ss -ltp` shows, for one tree.
 */
#ifndef CHAOS_TARGET_LISTENING_SOCKETS_H
#define CHAOS_TARGET_LISTENING_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define LISTENING_SOCKETS_MAX 256 /* descriptors that are listed */
#define LISTENING_SOCKETS     1024 /* sockets of the machine that are looked at */

struct listening_socket {
    uint64_t inode;   /* the socket itself, whoever holds it */
    char address[64]; /* "127.0.0.1:8086", "[::1]:80" */
};

/* One descriptor of one process. */
struct listening_holder {
    pid_t pid;
    bool root; /* of the tree; else a descendant of it */
    int fd;
    struct listening_socket socket;
};

struct listening_sockets {
    struct listening_holder holders[LISTENING_SOCKETS_MAX];
    uint32_t count;
    bool more; /* there are some that found no room */
};

/* Lists what the tree below `root` holds just now, parents first. */
void listening_sockets_find(struct listening_sockets *listening, pid_t root);

/* Reads one line of /proc/net/tcp or tcp6; false when it is of no listening
 * socket.  Pure. */
bool listening_sockets_read(struct listening_socket *socket, const char *line);

#endif
