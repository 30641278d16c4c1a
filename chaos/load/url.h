/*
 * url.h - where a URL leads.
 *
 * Looks names up, opens nothing.
 */
#ifndef CHAOS_LOAD_URL_H
#define CHAOS_LOAD_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDRESS_HOST_MAX   256
#define ADDRESS_TARGET_MAX 2048

struct address {
    char host[ADDRESS_HOST_MAX]; /* with the port, as the Host header has it */
    char target[ADDRESS_TARGET_MAX]; /* path and query, at least "/" */
    struct sockaddr_storage sockaddr;
    socklen_t sockaddr_length;
};

/*
 * Reads http://HOST[:PORT][/PATH][?QUERY]; HOST may be a name, an IPv4 address
 * or an IPv6 address in brackets; "http://" may be left out.
 * Returns NULL, or what is wrong with it (static text).
 */
const char *address_read(struct address *address, const char *url);

/* Puts another path, with its query, in the place of its own.  Returns NULL, or
 * what is wrong with it (static text). */
const char *address_take_path(struct address *address, const char *path,
                              size_t length);

/* The port; 0: not known yet.  Setting it changes `host` too. */
uint16_t address_port(const struct address *address);
void address_set_port(struct address *address, uint16_t port);

#endif
