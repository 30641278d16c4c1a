/*
 * request_checks.h - what llhttp lets pass, and HTTP/1.1 or a limit does not.
 */
#ifndef WORKER_HTTP_REQUEST_CHECKS_H
#define WORKER_HTTP_REQUEST_CHECKS_H

#include "worker/http/request.h"

/* Is the request line METHOD SP TARGET SP "HTTP/", with nothing in front of it
 * but line ends?  `start`: of all bytes; `version`: the byte behind "HTTP/". */
bool request_line_is_exact(const struct request *request, const char *start,
                           const char *version);

/* The status that refuses the end of a header section, or 0: it must be two
 * CRLF.  *at is at the white space or the line end of the section's last line,
 * and is moved to the line end; `end`: of all bytes. */
unsigned request_section_fault(const char **at, const char *end);

/* A field that is folded over lines (RFC 9112 section 5.2).  The value has no
 * white space around it; `end`: of all bytes. */
bool request_field_folded(struct slice name, struct slice value,
                          const char *end);

/*
 * The status that refuses the transfer codings of a request, or 0: chunked
 * alone is understood, and HTTP/1.0 knows none (RFC 9112 section 6.1).
 * `chunked`: llhttp found that the last of them is.
 */
unsigned request_coding_fault(const struct request *request, bool http_1_0,
                              bool chunked);

/* Of what llhttp takes for no method: 501 if it is a token of capitals all the
 * same (RFC 9110 section 9.1), 400 for what isn't HTTP, and 0 as long as more
 * bytes are needed to tell. */
unsigned request_method_fault(const char *bytes, size_t length);

/* The status that refuses `length` bytes of an unfinished request as too large,
 * or 0.  `headers_whole`: its header section is. */
unsigned request_size_fault(const struct request_limits *limits,
                            bool headers_whole, const char *bytes,
                            size_t length);

#endif
