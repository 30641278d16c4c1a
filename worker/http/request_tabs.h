/* SPDX-License-Identifier: MIT */
/*
 * request_tabs.h - runs llhttp so that a tab may end a field line.
 *
 * Optional white space is any sequence of spaces and tabs (RFC 9110 section
 * 5.6.3).  llhttp takes a tab after a value as part of the value, so it refuses
 * "Content-Length: 5<TAB>" and misses "Connection: close<TAB>".
 */
#ifndef WORKER_HTTP_REQUEST_TABS_H
#define WORKER_HTTP_REQUEST_TABS_H

#include <llhttp.h>
#include <stddef.h>

/*
 * Like llhttp_execute() for a new parser and `length` bytes that start with a
 * request, but skips white space that contains a tab and ends a line of the
 * header section.  Callbacks and llhttp_get_error_pos() still get addresses in
 * `bytes`.  Also skips such white space at the end of `bytes`, because its
 * meaning depends on the next byte.
 */
enum llhttp_errno request_execute(llhttp_t *parser, const char *bytes,
                                  size_t length);

#endif
