/*
 * peeked.h - a request as a worker sees it: some bytes, and no more.
 */
#ifndef TESTS_UNIT_PEEKED_H
#define TESTS_UNIT_PEEKED_H

#include "worker/request.h"

#define HEADER_BYTES 1024
#define BODY_BYTES   256

/* Reads a copy that ends where the memory does, so that instrumented builds see
 * a look behind it.  What *request points to is gone afterwards, if `kept` is
 * NULL; else it is the caller's to free. */
enum request_outcome read_copy(struct request *request, const char *bytes,
                               size_t length, unsigned *status, char **kept);

void check_slice(const char *what, struct slice slice, const char *text);

#endif
