/* SPDX-License-Identifier: MIT */
/* refusal.c - see refusal.h. */
#include "worker/http/refusal.h"
#include "worker/http/text.h"

#define TEXT_OF(number) #number
#define TEXT(number)    TEXT_OF(number)
#define FIELDS          " and " TEXT(REQUEST_HEADERS_MAX) " fields"

static const char *limit_text(const char *problem, size_t limit,
                              const char *other_limit,
                              char buffer[REFUSAL_TEXT_BYTES])
{
    /* One byte is left for the terminating zero. */
    struct text text = { .at = buffer, .capacity = REFUSAL_TEXT_BYTES - 1 };

    worker_text_put(&text, problem);
    worker_text_put(&text, " (allowed: at most ");
    worker_text_put_number(&text, limit, 1);
    worker_text_put(&text, " bytes");
    worker_text_put(&text, other_limit);
    worker_text_put(&text, ")");
    buffer[text.used] = '\0';
    return buffer;
}

const char *refusal_text(unsigned status, const struct request_limits *limits,
                         char buffer[REFUSAL_TEXT_BYTES])
{
    switch (status) {
    case 400:
        return "the request is not valid HTTP";
    case 408:
        return "the request did not arrive in time";
    case 413:
        return limit_text("the body is too large", limits->body_bytes, "",
                          buffer);
    case 414:
        return limit_text("the request line is too long", limits->header_bytes,
                          "", buffer);
    case 431:
        return limit_text("the header section is too large",
                          limits->header_bytes, FIELDS, buffer);
    case 500:
        return "the request crashed too many workers or took too long";
    case 501:
        return "the method or the transfer coding is not supported";
    case 502:
        return "the worker died while it handled the request, which cannot be "
               "repeated safely";
    case 503:
        return "the request, or several requests with its request line, "
               "crashed workers; it is refused for some time";
    case 505:
        return "the HTTP version is not supported (allowed: HTTP/1.0 and "
               "HTTP/1.1)";
    default:
        return "the request cannot be served";
    }
}
