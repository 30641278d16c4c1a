/* SPDX-License-Identifier: MIT */
/* host.c - the grammar of RFC 3986, sections 3.2.2 and 3.2.3. */
#include "worker/http/host.h"
#include <arpa/inet.h>
#include <string.h>

#define DIGITS  "0123456789"
#define HEXES   DIGITS "ABCDEFabcdef"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* unreserved and sub-delims. */
#define NAMES DIGITS LETTERS "-._~!$&'()*+,;="

/* Returns how many bytes at the start are in `set`. */
static size_t span(const char *at, size_t bytes, const char *set)
{
    size_t used = 0;

    while (used < bytes && at[used] && strchr(set, at[used]))
        used++;
    return used;
}

/* Returns the length of the reg-name at the start; an IPv4 address is also a
 * reg-name. */
static size_t name_bytes(const char *at, size_t bytes)
{
    size_t used = 0;

    for (;;) {
        used += span(at + used, bytes - used, NAMES);
        if (bytes - used < 3 || at[used] != '%' ||
            span(at + used + 1, 2, HEXES) < 2)
            return used;
        used += 3;
    }
}

/* Checks the text between brackets: IPv6address or IPvFuture. */
static bool is_literal(const char *at, size_t bytes)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;

    if (bytes > 0 && (at[0] == 'v' || at[0] == 'V')) {
        size_t version = 1 + span(at + 1, bytes - 1, HEXES);

        return version > 1 && version + 1 < bytes && at[version] == '.' &&
               span(at + version + 1, bytes - version - 1, NAMES ":") ==
                   bytes - version - 1;
    }
    if (bytes >= sizeof(text) || memchr(at, '\0', bytes))
        return false;
    memcpy(text, at, bytes);
    text[bytes] = '\0';
    return inet_pton(AF_INET6, text, &address) == 1;
}

bool host_is_sound(const char *at, size_t bytes)
{
    const char *end = bytes > 0 && *at == '[' ? memchr(at, ']', bytes) : NULL;
    size_t used;

    if (end && !is_literal(at + 1, (size_t)(end - at - 1)))
        return false;
    used = end ? (size_t)(end - at + 1) : name_bytes(at, bytes);
    if (used < bytes && at[used] == ':')
        used += 1 + span(at + used + 1, bytes - used - 1, DIGITS);
    return used == bytes;
}
