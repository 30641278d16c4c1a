/*
 * refusal.h - what a client is told whose request is refused unserved.  Pure.
 */
#ifndef WORKER_REFUSAL_H
#define WORKER_REFUSAL_H

#include "worker/request.h"

#define REFUSAL_TEXT_BYTES 128

/* The body of an answer with `status`: a static text, or one in `buffer` that
 * names the limit which the request outgrew. */
const char *refusal_text(unsigned status, const struct request_limits *limits,
                         char buffer[REFUSAL_TEXT_BYTES]);

#endif
