/* SPDX-License-Identifier: MIT */
/* listening_sockets.c - see listening_sockets.h. */
#include "chaos/target/listening_sockets.h"
#include "chaos/target/process.h"
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATE_LISTEN 0x0a /* TCP_LISTEN in /proc/net/tcp */

/* ---- The kernel's table of sockets -------------------------------------- */

/* Addresses are 32-bit words in host byte order. */
static bool read_address(const char *hex, size_t digits, void *bytes)
{
    for (size_t i = 0; i < digits / 8; i++) {
        char word[9];
        uint32_t value;

        memcpy(word, hex + 8 * i, 8);
        word[8] = '\0';
        value = (uint32_t)strtoul(word, NULL, 16);
        memcpy((char *)bytes + 4 * i, &value, 4);
    }
    return digits == 8 || digits == 32;
}

bool listening_sockets_read(struct listening_socket *socket, const char *line)
{
    char hex[33], text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    unsigned port, state;
    size_t digits;

    if (sscanf(line,
               " %*d: %32[0-9A-F]:%4X %*[0-9A-F]:%*X %2X %*X:%*X %*X:%*X %*X "
               "%*d %*d %" SCNu64,
               hex, &port, &state, &socket->inode) != 4 ||
        state != STATE_LISTEN)
        return false;
    digits = strlen(hex);
    if (!read_address(hex, digits, &address))
        return false;
    inet_ntop(digits == 8 ? AF_INET : AF_INET6, &address, text, sizeof(text));
    snprintf(socket->address, sizeof(socket->address),
             digits == 8 ? "%s:%u" : "[%s]:%u", text, port);
    return true;
}

struct table {
    struct listening_socket sockets[LISTENING_SOCKETS];
    uint32_t count;
};

/* Reads the table of the root's network namespace.  The kernel lists listening
 * sockets first, so the possibly many connections after them are not read. */
static void read_table(struct table *table, pid_t root, const char *name)
{
    char path[64], line[512];
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/net/%s", (int)root, name);
    file = fopen(path, "re");
    if (!file)
        return;
    if (fgets(line, sizeof(line), file)) /* the header */
        while (table->count < LISTENING_SOCKETS &&
               fgets(line, sizeof(line), file) &&
               listening_sockets_read(&table->sockets[table->count], line))
            table->count++;
    fclose(file);
}

/* ---- Holders ------------------------------------------------------------ */

struct socket_search {
    struct listening_sockets *listening;
    struct table table;
    pid_t root, pid;
};

static void add(struct listening_sockets *listening,
                const struct listening_holder *holder)
{
    if (listening->count == LISTENING_SOCKETS_MAX)
        listening->more = true;
    else
        listening->holders[listening->count++] = *holder;
}

static void look_at(void *context, int fd, const char *path)
{
    struct socket_search *search = context;
    char link[64];
    uint64_t inode;
    ssize_t length = readlink(path, link, sizeof(link) - 1);

    if (length <= 0)
        return;
    link[length] = '\0';
    if (sscanf(link, "socket:[%" SCNu64 "]", &inode) != 1)
        return;
    for (uint32_t i = 0; i < search->table.count; i++)
        if (search->table.sockets[i].inode == inode)
            add(search->listening, &(struct listening_holder){
                                       .pid = search->pid,
                                       .root = search->pid == search->root,
                                       .fd = fd,
                                       .socket = search->table.sockets[i],
                                   });
}

static void look_into(void *context, const struct process *process)
{
    struct socket_search *search = context;

    search->pid = process->pid;
    process_each_descriptor(process->pid, look_at, search);
}

void listening_sockets_find(struct listening_sockets *listening, pid_t root)
{
    struct socket_search search = { .listening = listening, .root = root };

    listening->count = 0;
    listening->more = false;
    if (root == 0)
        return;
    read_table(&search.table, root, "tcp");
    read_table(&search.table, root, "tcp6");
    process_each_below(root, look_into, &search);
}
