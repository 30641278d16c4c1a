/* SPDX-License-Identifier: MIT */
/* url.c - see url.h. */
#include "chaos/load/url.h"
#include "worker/units.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* Splits "[::1]:80" or "host:80" into host and port. */
static const char *split(const char *authority, size_t length, char *host,
                         char *port)
{
    bool bracket = *authority == '[';
    const char *end = authority + length, *host_end, *colon;
    uint64_t number;

    strcpy(port, "80");
    authority += bracket;
    host_end =
        memchr(authority, bracket ? ']' : ':', (size_t)(end - authority));
    if (bracket && !host_end)
        return "a [ without a ]";
    if (!host_end)
        host_end = end;
    colon = host_end + bracket;
    if (colon < end && *colon != ':')
        return "something other than :PORT after the host";
    if (host_end == authority)
        return "no host";
    if (host_end - authority >= URL_HOST_MAX - 8)
        return "the host name is too long";
    memcpy(host, authority, (size_t)(host_end - authority));
    host[host_end - authority] = '\0';
    if (colon == end)
        return NULL;
    if (!units_count(colon + 1, (size_t)(end - colon - 1), &number))
        return "the port is not a number";
    if (number > UINT16_MAX)
        return "the port is greater than 65535";
    snprintf(port, 8, "%u", (unsigned)number);
    return NULL;
}

static const char *look_up(struct url *address, const char *host,
                           const char *port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *found;
    int error = getaddrinfo(host, port, &hints, &found);

    if (error)
        return gai_strerror(error);
    memcpy(&address->sockaddr, found->ai_addr, found->ai_addrlen);
    address->sockaddr_length = found->ai_addrlen;
    freeaddrinfo(found);
    return NULL;
}

static const char *take_target(struct url *address, const char *rest)
{
    size_t length = strcspn(rest, "#");

    if (length + 2 > URL_TARGET_MAX)
        return "the path is too long";
    if (strcspn(rest, " \t\r\n") < length)
        return "the path contains white space";
    snprintf(address->target, sizeof(address->target), "%s%.*s",
             *rest == '/' ? "" : "/", (int)length, rest);
    return NULL;
}

const char *url_read(struct url *address, const char *url)
{
    char host[URL_HOST_MAX], port[8];
    const char *why;
    size_t length;

    if (strncmp(url, "https://", 8) == 0)
        return "https is not supported (allowed: http://)";
    if (strncmp(url, "http://", 7) == 0)
        url += 7;
    length = strcspn(url, "/?#"); /* of host and port */
    if (strncmp(url + length - (length > 0), "://", 3) == 0)
        return "the scheme is not supported (allowed: http://)";
    if (memchr(url, '@', length))
        return "user:password@ is not supported";
    why = split(url, length, host, port);
    if (!why)
        why = take_target(address, url + length);
    if (!why)
        why = look_up(address, host, port);
    if (!why)
        snprintf(address->host, sizeof(address->host), "%.*s", (int)length,
                 url);
    return why;
}

const char *url_take_path(struct url *address, const char *path, size_t length)
{
    if (length == 0 || *path != '/')
        return "a path must begin with /";
    if (memchr(path, '#', length))
        return "a path must not contain a #";
    if (length >= URL_TARGET_MAX)
        return "the path is too long";
    snprintf(address->target, sizeof(address->target), "%.*s", (int)length,
             path);
    return NULL;
}

uint16_t url_port(const struct url *address)
{
    const struct sockaddr_in *v4 = (const void *)&address->sockaddr;
    const struct sockaddr_in6 *v6 = (const void *)&address->sockaddr;

    if (address->sockaddr.ss_family == AF_INET6)
        return ntohs(v6->sin6_port);
    return ntohs(v4->sin_port);
}

void url_set_port(struct url *address, uint16_t port)
{
    struct sockaddr_in *v4 = (void *)&address->sockaddr;
    struct sockaddr_in6 *v6 = (void *)&address->sockaddr;
    char *colon = strrchr(address->host, ':');

    if (address->sockaddr.ss_family == AF_INET6)
        v6->sin6_port = htons(port);
    else
        v4->sin_port = htons(port);
    if (colon)
        snprintf(colon + 1, 6, "%u", (unsigned)port);
}
