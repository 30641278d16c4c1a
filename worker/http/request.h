/* SPDX-License-Identifier: MIT */
/*
 * request.h - parses one HTTP request.
 *
 * The parser keeps nothing between two calls: each call parses from the first
 * byte, because the bytes stay in the receive queue.  A request points into the
 * bytes that it was parsed from.  Accepts what llhttp's strict mode accepts,
 * with a valid Host field (host.h) and the checks of request_checks.h, plus
 * tabs at the end of a field line (request_tabs.h).
 */
#ifndef WORKER_HTTP_REQUEST_H
#define WORKER_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REQUEST_HEADERS_MAX 100

/* The two CRLF that end a header section; no limit counts them. */
#define REQUEST_END_BYTES 4

/* Not terminated by a zero byte. */
struct slice {
    const char *at;
    size_t bytes;
};

struct request_limits {
    size_t header_bytes; /* request line and header section */
    size_t body_bytes;   /* without chunk framing */
};

struct request {
    struct slice method; /* "GET" */
    struct slice target; /* "/path?query" */
    struct slice path;   /* "/path" */
    struct slice query;  /* "query", or no bytes */
    struct {
        struct slice name, value;
    } headers[REQUEST_HEADERS_MAX];
    size_t header_count;
    struct slice body; /* its first chunk: all of it unless chunked */
    size_t body_bytes; /* of all chunks */
    size_t wire_bytes; /* length in the receive queue, with all framing */
    bool is_head;
    bool keep_alive; /* the client allows another request after this one */
    bool http_1_0;
    bool repeatable;     /* idempotent method, or an Idempotency-Key */
    bool wants_continue; /* Expect: 100-continue, and no body has arrived */
};

enum request_outcome {
    REQUEST_PARTIAL, /* valid so far; more bytes are needed */
    REQUEST_WHOLE,
    REQUEST_BAD /* refuse it with *status and close the connection */
};

/*
 * Parses the request at the start of `length` bytes.  After REQUEST_PARTIAL,
 * wants_continue is set and, if the header section is whole, so is all that it
 * contains.  After REQUEST_BAD, is_head is set and what was parsed, and *status
 * is 400, 413, 414, 431, 501 or 505.
 */
enum request_outcome request_read(struct request *request, const char *bytes,
                                  size_t length,
                                  const struct request_limits *limits,
                                  unsigned *status);

/* ---- request_parts.c ---- */

/* Returns whether the unparsed request at `bytes` has the method HEAD.  Its
 * response has no content (RFC 9110 section 9.3.2). */
bool worker_request_is_head(const char *bytes, size_t length);

/* Returns the value of the first header called `name`, ignoring case; or a
 * slice with `at` NULL. */
struct slice worker_request_header(const struct request *request,
                                   const char *name);

/* Returns whether `word` is an element of a comma-separated list in a header
 * called `name`.  Ignores case in both. */
bool request_lists(const struct request *request, const char *name,
                   const char *word);

/* Returns the value of `name` in the query, not decoded; or a slice with `at`
 * NULL.  The value of a name without "=" is empty. */
struct slice worker_request_query(const struct request *request,
                                  const char *name);

/* Returns whether `slice` equals `word`, ignoring case. */
bool worker_slice_says(struct slice slice, const char *word);

/* Returns whether `slice` equals `text`. */
bool worker_slice_is(struct slice slice, const char *text);

#endif
