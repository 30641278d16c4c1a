/* SPDX-License-Identifier: MIT */
/*
 * peeked.h - a request as a worker sees it: some bytes, and no more.
 */
#ifndef TESTS_HARNESS_HTTP_PEEKED_H
#define TESTS_HARNESS_HTTP_PEEKED_H

#include "worker/http/request.h"

#define HEADER_BYTES 1024
#define BODY_BYTES   256

/* Beginnings of requests: what a test is about follows. */
#define GET  "GET / HTTP/1.1\r\nHost: t\r\n"
#define POST "POST / HTTP/1.1\r\nHost: t\r\n"
#define CHUNKED                                                                \
    "POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"

/* Reads a copy that ends where the memory does, so that instrumented builds see
 * a look behind it.  What *request points to is gone afterwards, if `kept` is
 * NULL; else it is the caller's to free. */
enum request_outcome read_copy(struct request *request, const char *bytes,
                               size_t length, unsigned *status, char **kept);

void check_slice(const char *what, struct slice slice, const char *text);

#endif
