/*
 * request.h - from bytes in the receive queue to one HTTP request.
 *
 * The bytes were peeked, not read, so nothing is kept between two looks: each
 * look parses from the first byte.  Everything a request points to lies in the
 * bytes it was read from.  Accepts what llhttp's strict mode accepts, if it has
 * one Host field that is one (host.h) and is HTTP/1 to the letter
 * (request_checks.h); and a tab wherever HTTP/1 allows a blank at the end of a
 * header (request_tabs.h).
 */
#ifndef WORKER_HTTP_REQUEST_H
#define WORKER_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REQUEST_HEADERS_MAX 100

/* Of the two line ends that end a header section; no limit counts them. */
#define REQUEST_END_BYTES 4

/* Some bytes of the request; not terminated. */
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
    struct slice body; /* its first piece: all of it unless chunked */
    size_t body_bytes; /* of all pieces */
    size_t wire_bytes; /* its whole length in the queue, framing included */
    bool is_head;
    bool keep_alive; /* the client lets the connection go on */
    bool http_1_0;
    bool repeatable;     /* idempotent method, or an Idempotency-Key */
    bool wants_continue; /* 100-continue is expected and no body has come */
};

enum request_outcome {
    REQUEST_PARTIAL, /* sound so far; more bytes are needed */
    REQUEST_WHOLE,
    REQUEST_BAD /* *status says how to refuse it; the connection must end */
};

/*
 * Looks at `length` bytes, which start with a request.  For REQUEST_PARTIAL,
 * *request tells wants_continue and, if its header section is whole, all that
 * stands there; for REQUEST_BAD only `is_head` and what was understood.
 * *status is 400, 413, 414, 431, 501 or 505.
 */
enum request_outcome request_read(struct request *request, const char *bytes,
                                  size_t length,
                                  const struct request_limits *limits,
                                  unsigned *status);

/* ---- request_parts.c: what stands where ---- */

/* Does what may be a request, and is not to be parsed, ask by HEAD?  Then its
 * answer has no content (RFC 9110 section 9.3.2). */
bool worker_request_is_head(const char *bytes, size_t length);

/* The value of a header, its name in lower case; or a slice with `at` NULL. */
struct slice worker_request_header(const struct request *request,
                                   const char *name);

/* Is `word`, in capitals or not, an element of the comma-separated lists in all
 * headers called `name`?  Both in lower case. */
bool request_lists(const struct request *request, const char *name,
                   const char *word);

/* The value of `name` in the query (as it stands there, not decoded); or a
 * slice with `at` NULL.  A name without "=" has a value of no bytes. */
struct slice worker_request_query(const struct request *request,
                                  const char *name);

/* Is it `word`, in capitals or not, as names of fields and tokens may be? */
bool worker_slice_says(struct slice slice, const char *word);

/* Is `slice` the text `text`? */
bool worker_slice_is(struct slice slice, const char *text);

#endif
