/*
 * response.h - from an answer to bytes.
 *
 * Pure.  A response is built in the record's response area, so that it stands
 * whole in memory that survives the worker before its first byte is sent.
 */
#ifndef WORKER_HTTP_RESPONSE_H
#define WORKER_HTTP_RESPONSE_H

#include "worker/http/request.h"
#include "worker/http/text.h"
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct response {
    struct text text;    /* the response area: the header section so far */
    size_t bytes;        /* of the finished response; 0 until it is */
    size_t used_bytes;   /* of the area: more than `bytes` to a HEAD */
    size_t wanted_bytes; /* of the area: what the last body needs */
    unsigned status;
    bool is_head; /* answer without a body */
    bool ends;    /* it ends the connection */
    bool http_1_0;
};

/* Starts a response in `area`, which has `room` bytes, to a request of the
 * given kind; `ends` makes it say Connection: close. */
void worker_response_open(struct response *response, char *area,
                          size_t capacity, const struct request *request,
                          bool ends);

/* Forgets what was built and starts with the status line and Date (RFC 9110
 * section 6.6.1).  `now` is wall time. */
void worker_response_begin(struct response *response, unsigned status,
                           time_t now);

/* Adds a header.  Neither name nor value may hold a line break: such a header
 * is left out. */
void worker_response_header(struct response *response, const char *name,
                            struct slice value);
void worker_response_header_text(struct response *response, const char *name,
                                 const char *value);

/*
 * Ends the header section for a body of `bytes` and finishes the response.
 * Returns where the caller puts those bytes, at once; or NULL if they don't
 * fit, and then the response is not finished.  The place is there for HEAD
 * too, though the bytes are not sent.
 */
char *worker_response_body(struct response *response, size_t bytes);

/* All in one: a short text, "<status> <reason>: <text>\n".  For errors. */
void worker_response_refuse(struct response *response, unsigned status,
                            const char *text, time_t now);

/* The same with 503 and Retry-After. */
void response_refuse_for_now(struct response *response, const char *text,
                             uint64_t retry_after_s, time_t now);

/* "Bad Gateway".  Static. */
const char *response_reason(unsigned status);

#endif
