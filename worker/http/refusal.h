/* SPDX-License-Identifier: MIT */
/*
 * refusal.h - the bodies of responses that refuse a request.  Pure.
 */
#ifndef WORKER_HTTP_REFUSAL_H
#define WORKER_HTTP_REFUSAL_H

#include "worker/http/request.h"

#define REFUSAL_TEXT_BYTES 128

/* A large response would exceed --max-response-memory. */
#define REFUSAL_NO_MEMORY                                                      \
    "responses that clients have not read yet use all of the response memory"
#define REFUSAL_RAN_NO_MEMORY                                                  \
    "the request was executed, but its response does not fit into the "        \
    "response memory"

/* Returns the text for `status`: static, or in `buffer` if it names the limit
 * that the request exceeds. */
const char *refusal_text(unsigned status, const struct request_limits *limits,
                         char buffer[REFUSAL_TEXT_BYTES]);

#endif
