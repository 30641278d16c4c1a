/* refusal.c - one sentence for each status. */
#include "worker/refusal.h"

const char *refusal_text(unsigned status)
{
    switch (status) {
    case 408:
        return "the request did not come in time";
    case 500:
        return "this request has ended too many workers, or took too long";
    case 502:
        return "the worker died with this request in hand, and it may not be "
               "repeated";
    case 503:
        return "this request has ended workers lately";
    default:
        return "the request cannot be served";
    }
}
