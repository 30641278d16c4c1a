/*
 * host.h - the value of a Host field.
 *
 * Pure.  What is let through here is what others behind us may split at ':' or
 * put into a URL without a second look.
 */
#ifndef WORKER_HTTP_HOST_H
#define WORKER_HTTP_HOST_H

#include <stdbool.h>
#include <stddef.h>

/* Is it uri-host [ ":" port ] (RFC 9112 section 3.2, RFC 3986 section 3.2.2)?
 * No bytes are: a client that knows no host sends none. */
bool host_is_sound(const char *at, size_t bytes);

#endif
