/* SPDX-License-Identifier: MIT */
/*
 * host.h - checks the value of a Host field.
 *
 * Pure.  A handler may split a valid value at ':' or put it into a URL without
 * another check.
 */
#ifndef WORKER_HTTP_HOST_H
#define WORKER_HTTP_HOST_H

#include <stdbool.h>
#include <stddef.h>

/* Returns whether the value is uri-host [ ":" port ] (RFC 9112 section 3.2, RFC
 * 3986 section 3.2.2).  An empty value is valid. */
bool host_is_sound(const char *at, size_t bytes);

#endif
