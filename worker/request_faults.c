/* request_faults.c - see request_faults.h. */
#include "worker/request_faults.h"
#include <string.h>

/* Longer than any method there is. */
#define METHOD_MOST_BYTES 32

bool request_field_folded(struct slice name, struct slice value)
{
    const char *at = name.at + name.bytes;
    size_t bytes = (size_t)(value.at + value.bytes - at);

    return value.bytes > 0 &&
           (memchr(at, '\r', bytes) || memchr(at, '\n', bytes));
}

unsigned request_coding_fault(const struct request *request, bool http_1_0,
                              bool chunked)
{
    unsigned codings = 0, others = 0;

    for (size_t i = 0; i < request->header_count; i++) {
        if (!slice_says(request->headers[i].name, "transfer-encoding"))
            continue;
        codings++;
        others += !slice_says(request->headers[i].value, "chunked");
    }
    if (codings > 0 && (http_1_0 || codings > 1))
        return 400;
    return others > 0 && chunked ? 501 : 0;
}

unsigned request_method_fault(const char *bytes, size_t length)
{
    size_t i = 0;

    while (i < length && i < METHOD_MOST_BYTES &&
           (bytes[i] == '-' || (bytes[i] >= 'A' && bytes[i] <= 'Z')))
        i++;
    if (i == length)
        return i < METHOD_MOST_BYTES ? 0 : 400;
    return i > 0 && bytes[i] == ' ' ? 501 : 400;
}
