/*
 * request_tabs.h - llhttp, fed such that a tab may end a field line.
 *
 * Optional white space is any mixture of blanks and tabs (RFC 9110 section
 * 5.6.3).  llhttp takes a tab behind a value for a part of the value, so it
 * refuses "Content-Length: 5<TAB>" and overlooks "Connection: close<TAB>".
 */
#ifndef WORKER_HTTP_REQUEST_TABS_H
#define WORKER_HTTP_REQUEST_TABS_H

#include <llhttp.h>
#include <stddef.h>

/*
 * Like llhttp_execute() for a parser that has seen nothing yet, on `length`
 * bytes that start with a request, but leaves out white space that contains a
 * tab and ends a line of the header section.  Callbacks and
 * llhttp_get_error_pos() still get addresses in `bytes`.  White space at the
 * end of `bytes` is not fed: only the byte behind it decides what it is.
 */
enum llhttp_errno request_execute(llhttp_t *parser, const char *bytes,
                                  size_t length);

#endif
