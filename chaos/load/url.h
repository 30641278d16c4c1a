/* SPDX-License-Identifier: MIT */
/*
 * url.h - parses URLs and resolves their host names.
 *
 * Opens no connection.
 */
#ifndef CHAOS_LOAD_URL_H
#define CHAOS_LOAD_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define URL_HOST_MAX   256
#define URL_TARGET_MAX 2048

struct url {
    char host[URL_HOST_MAX];     /* with the port, for the Host header */
    char target[URL_TARGET_MAX]; /* path and query, at least "/" */
    struct sockaddr_storage sockaddr;
    socklen_t sockaddr_length;
};

/*
 * Reads http://HOST[:PORT][/PATH][?QUERY]; HOST may be a name, an IPv4 address
 * or an IPv6 address in brackets; "http://" may be left out.
 * Returns NULL, or an error message (static text).
 */
const char *url_read(struct url *address, const char *url);

/* Replaces path and query.  Returns NULL, or an error message (static text). */
const char *url_take_path(struct url *address, const char *path, size_t length);

/* The port; 0: not known yet.  Setting it also changes `host`. */
uint16_t url_port(const struct url *address);
void url_set_port(struct url *address, uint16_t port);

#endif
