/* refusal.c - one sentence for each status. */
#include "worker/http/refusal.h"
#include "worker/http/text.h"

#define TEXT_OF(number) #number
#define TEXT(number)    TEXT_OF(number)
#define FIELDS          ", or of more than " TEXT(REQUEST_HEADERS_MAX) " fields,"

static const char *limit_text(const char *what, size_t limit, const char * or,
                              char buffer[REFUSAL_TEXT_BYTES])
{
    /* Room is left for the zero at the end. */
    struct text text = { .at = buffer, .capacity = REFUSAL_TEXT_BYTES - 1 };

    worker_text_put(&text, what);
    worker_text_put(&text, " of more than ");
    worker_text_put_number(&text, limit, 1);
    worker_text_put(&text, " bytes");
    worker_text_put(&text, or);
    worker_text_put(&text, " is not taken here");
    buffer[text.used] = '\0';
    return buffer;
}

const char *refusal_text(unsigned status, const struct request_limits *limits,
                         char buffer[REFUSAL_TEXT_BYTES])
{
    switch (status) {
    case 400:
        return "this is not a sound HTTP request";
    case 408:
        return "the request did not come in time";
    case 413:
        return limit_text("a body", limits->body_bytes, "", buffer);
    case 414:
        return limit_text("a request line", limits->header_bytes, "", buffer);
    case 431:
        return limit_text("a header section", limits->header_bytes, FIELDS,
                          buffer);
    case 500:
        return "this request has ended too many workers, or took too long";
    case 501:
        return "this method or transfer coding is not served here";
    case 502:
        return "the worker died with this request in hand, and it may not be "
               "repeated";
    case 503:
        return "this request, or several with its request line, crashed "
               "workers "
               "lately; it is refused for a while";
    case 505:
        return "only HTTP/1.0 and HTTP/1.1 are spoken here";
    default:
        return "the request cannot be served";
    }
}
