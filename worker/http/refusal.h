/*
 * refusal.h - what a client is told whose request is refused unserved.  Pure.
 */
#ifndef WORKER_HTTP_REFUSAL_H
#define WORKER_HTTP_REFUSAL_H

#include "worker/http/request.h"

#define REFUSAL_TEXT_BYTES 128

/* Of a large response at the limit of --max-response-memory. */
#define REFUSAL_NO_MEMORY                                                      \
    "responses that clients have not read yet use up the response memory"
#define REFUSAL_RAN_NO_MEMORY                                                  \
    "the request was executed, but the response memory has no room for the "   \
    "response"

/* The body of an answer with `status`: a static text, or one in `buffer` that
 * names the limit which the request outgrew. */
const char *refusal_text(unsigned status, const struct request_limits *limits,
                         char buffer[REFUSAL_TEXT_BYTES]);

#endif
