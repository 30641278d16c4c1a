/* SPDX-License-Identifier: MIT */
/* address.c - see address.h. */
#include "supervisor/policy/address.h"
#include "worker/units.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#define UNIX_PREFIX "unix:"

static bool read_path(const char *path, struct address *address)
{
    struct sockaddr_un socket = { .sun_family = AF_UNIX };
    size_t length = strlen(path);

    if (length == 0 || length >= sizeof socket.sun_path)
        return false;
    memcpy(socket.sun_path, path, length);
    memcpy(&address->socket, &socket, sizeof socket);
    address->length = sizeof socket;
    return true;
}

static bool read_v4(const char *host, in_port_t port, struct address *address)
{
    struct sockaddr_in socket = { .sin_family = AF_INET, .sin_port = port };

    if (inet_pton(AF_INET, host, &socket.sin_addr) != 1)
        return false;
    memcpy(&address->socket, &socket, sizeof socket);
    address->length = sizeof socket;
    return true;
}

static bool read_v6(const char *host, in_port_t port, struct address *address)
{
    struct sockaddr_in6 socket = { .sin6_family = AF_INET6, .sin6_port = port };

    if (inet_pton(AF_INET6, host, &socket.sin6_addr) != 1)
        return false;
    memcpy(&address->socket, &socket, sizeof socket);
    address->length = sizeof socket;
    return true;
}

bool listen_address_read(const char *text, struct address *address)
{
    const char *colon = strrchr(text, ':');
    char host[INET6_ADDRSTRLEN + 2]; /* with [] */
    size_t length;
    uint64_t port;

    if (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0)
        return read_path(text + strlen(UNIX_PREFIX), address);
    if (!colon || !units_count(colon + 1, strlen(colon + 1), &port) ||
        port > UINT16_MAX)
        return false;
    length = (size_t)(colon - text);
    if (length == 0 || length >= sizeof host)
        return false;
    memcpy(host, text, length);
    host[length] = '\0';
    if (host[0] != '[')
        return read_v4(host, htons((uint16_t)port), address);
    if (host[length - 1] != ']')
        return false;
    host[length - 1] = '\0';
    return read_v6(host + 1, htons((uint16_t)port), address);
}
