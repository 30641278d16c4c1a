/*
 * request_faults.h - what llhttp lets pass, and HTTP/1.1 does not.
 */
#ifndef WORKER_REQUEST_FAULTS_H
#define WORKER_REQUEST_FAULTS_H

#include "worker/request.h"

/* A field that is folded over lines (RFC 9112 section 5.2). */
bool request_field_folded(struct slice name, struct slice value);

/*
 * The status that refuses the transfer codings of a request, or 0: chunked
 * alone is understood, HTTP/1.0 knows none (RFC 9112 section 6.1).  `chunked`:
 * the last of them is; what does not end so, llhttp itself refuses.
 */
unsigned request_coding_fault(const struct request *request, bool http_1_0,
                              bool chunked);

/* Of what llhttp takes for no method: 501 if it is a token of capitals all the
 * same (RFC 9110 section 9.1), 400 for what isn't HTTP, and 0 as long as more
 * bytes are needed to tell. */
unsigned request_method_fault(const char *bytes, size_t length);

#endif
