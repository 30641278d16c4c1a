/* SPDX-License-Identifier: MIT */
/*
 * response.h - builds a response.
 *
 * Pure.  A response is built in a response area, which survives the worker.
 * The response is whole before its first byte is sent.
 */
#ifndef WORKER_HTTP_RESPONSE_H
#define WORKER_HTTP_RESPONSE_H

#include "worker/http/request.h"
#include "worker/http/text.h"
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct response {
    struct text text;    /* in the response area: the header section so far */
    size_t bytes;        /* length of the finished response; 0: unfinished */
    size_t used_bytes;   /* of the area; more than `bytes` for HEAD */
    size_t wanted_bytes; /* of the area: what the last body needs */
    unsigned status;
    bool is_head; /* send no body */
    bool ends;    /* close the connection after the response */
    bool http_1_0;
};

/* Starts a response to `request` in the `capacity` bytes at `area`.  `ends`
 * adds Connection: close. */
void worker_response_open(struct response *response, char *area,
                          size_t capacity, const struct request *request,
                          bool ends);

/* Discards what was built, and writes the status line and Date (RFC 9110
 * section 6.6.1).  `now` is wall time. */
void worker_response_begin(struct response *response, unsigned status,
                           time_t now);

/* Adds a header.  Ignores a header whose value contains a line break; `name`
 * must not contain one. */
void worker_response_header(struct response *response, const char *name,
                            struct slice value);
void worker_response_header_text(struct response *response, const char *name,
                                 const char *value);

/*
 * Ends the header section for a body of `bytes` bytes, and finishes the
 * response.  Returns the address where the caller must write the body before it
 * returns; or NULL if the body does not fit, and the response is unfinished.
 * The body of a response to HEAD needs space too, although it is not sent.
 */
char *worker_response_body(struct response *response, size_t bytes);

/* Builds a whole response with the body "<status> <reason>: <text>\n".  For
 * errors; `text` has at most 200 bytes. */
void worker_response_refuse(struct response *response, unsigned status,
                            const char *text, time_t now);

/* The same, with status 503 and Retry-After. */
void response_refuse_for_now(struct response *response, const char *text,
                             uint64_t retry_after_s, time_t now);

/* Returns a static text, such as "Bad Gateway" for 502. */
const char *response_reason(unsigned status);

#endif
