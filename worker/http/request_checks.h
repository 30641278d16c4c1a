/* SPDX-License-Identifier: MIT */
/*
 * request_checks.h - checks for what llhttp accepts although HTTP/1.1 or a
 * limit forbids it.
 */
#ifndef WORKER_HTTP_REQUEST_CHECKS_H
#define WORKER_HTTP_REQUEST_CHECKS_H

#include "worker/http/request.h"

/* Returns whether the request line is METHOD SP TARGET SP "HTTP/", and only
 * line ends precede it.  `start` is the first byte of the input, `version` the
 * byte after "HTTP/". */
bool request_line_is_exact(const struct request *request, const char *start,
                           const char *version);

/* Returns 0 if the header section ends with two CRLF, else the status to refuse
 * the request with.  *at must point to the white space or the line end of the
 * section's last line, and is moved to the line end.  `end` is the end of the
 * input. */
unsigned request_section_fault(const char **at, const char *end);

/* Returns whether the field is folded over several lines (RFC 9112 section
 * 5.2).  `value` must have no white space around it; `end` is the end of the
 * input. */
bool request_field_folded(struct slice name, struct slice value,
                          const char *end);

/*
 * Returns 0 if the request has no transfer coding, or, in HTTP/1.1, chunked
 * only (RFC 9112 section 6.1); else the status to refuse the request with.
 * `chunked`: llhttp found that the last coding is chunked.
 */
unsigned request_coding_fault(const struct request *request, bool http_1_0,
                              bool chunked);

/* For a method that llhttp does not know.  Returns 501 if it consists of
 * capital letters and '-' (RFC 9110 section 9.1), 400 if not, and 0 if that
 * depends on more bytes. */
unsigned request_method_fault(const char *bytes, size_t length);

/* Returns the status to refuse an incomplete request of `length` bytes with if
 * it is too large, else 0.  `headers_whole`: its header section is complete. */
unsigned request_size_fault(const struct request_limits *limits,
                            bool headers_whole, const char *bytes,
                            size_t length);

#endif
