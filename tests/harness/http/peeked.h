/* SPDX-License-Identifier: MIT */
/*
 * peeked.h - reads a request from bytes, as a worker does.
 */
#ifndef TESTS_HARNESS_HTTP_PEEKED_H
#define TESTS_HARNESS_HTTP_PEEKED_H

#include "worker/http/request.h"

#define HEADER_BYTES 1024
#define BODY_BYTES   256

/* Beginnings of requests, to which a test appends. */
#define GET  "GET / HTTP/1.1\r\nHost: t\r\n"
#define POST "POST / HTTP/1.1\r\nHost: t\r\n"
#define CHUNKED                                                                \
    "POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"

/* Reads a copy in a buffer of exactly its size, so that instrumented builds
 * detect a read past the end.  If `kept` is NULL, the copy is freed and
 * *request must not be dereferenced; else *kept is the copy, which the caller
 * frees. */
enum request_outcome read_copy(struct request *request, const char *bytes,
                               size_t length, unsigned *status, char **kept);

void check_slice(const char *what, struct slice slice, const char *text);

#endif
