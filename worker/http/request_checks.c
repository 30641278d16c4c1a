/* SPDX-License-Identifier: MIT */
/* request_checks.c - see request_checks.h. */
#include "worker/http/request_checks.h"
#include <string.h>

/* Longer than any registered method. */
#define METHOD_BYTES_MAX 32

bool request_line_is_exact(const struct request *request, const char *start,
                           const char *version)
{
    static const char protocol[] = "HTTP/";
    struct slice method = request->method, target = request->target;

    for (; start < method.at; start++)
        if (*start == '\r' && start[1] != '\n')
            return false;
    return target.at == method.at + method.bytes + 1 &&
           version == target.at + target.bytes + sizeof(protocol) &&
           !memcmp(version - strlen(protocol), protocol, strlen(protocol));
}

static const char *skip_white(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

unsigned request_section_fault(const char **at, const char *end)
{
    *at = skip_white(*at, end);
    return end - *at < REQUEST_END_BYTES || memcmp(*at, "\r\n\r\n", 4) ? 400
                                                                       : 0;
}

bool request_field_folded(struct slice name, struct slice value,
                          const char *end)
{
    const char *at = name.at + name.bytes;
    const char *behind = value.at + value.bytes;
    const char *line_end = skip_white(behind, end);
    const char *next = line_end + 2; /* the first byte of the next line */

    if (memchr(at, '\r', (size_t)(behind - at)) ||
        memchr(at, '\n', (size_t)(behind - at)))
        return true;
    return end - line_end > 2 && (*next == ' ' || *next == '\t');
}

unsigned request_coding_fault(const struct request *request, bool http_1_0,
                              bool chunked)
{
    unsigned codings = 0, others = 0;

    for (size_t i = 0; i < request->header_count; i++) {
        if (!worker_slice_says(request->headers[i].name, "transfer-encoding"))
            continue;
        codings++;
        others += !worker_slice_says(request->headers[i].value, "chunked");
    }
    /* llhttp ignores an empty Transfer-Encoding and uses Content-Length;
     * another server may find a different body. */
    if (codings > 0 && (http_1_0 || codings > 1 || !chunked))
        return 400;
    return others > 0 ? 501 : 0;
}

unsigned request_method_fault(const char *bytes, size_t length)
{
    size_t i = 0;

    while (i < length && i < METHOD_BYTES_MAX &&
           (bytes[i] == '-' || (bytes[i] >= 'A' && bytes[i] <= 'Z')))
        i++;
    if (i == length)
        return i < METHOD_BYTES_MAX ? 0 : 400;
    return i > 0 && bytes[i] == ' ' ? 501 : 400;
}

unsigned request_size_fault(const struct request_limits *limits,
                            bool headers_whole, const char *bytes,
                            size_t length)
{
    if (headers_whole)
        /* Only chunk framing can be so long: extensions or tiny chunks. */
        return length > limits->header_bytes + 2 * limits->body_bytes ? 413 : 0;
    /* The end of the section does not count, and may not have arrived. */
    if (length < limits->header_bytes + REQUEST_END_BYTES)
        return 0;
    return memchr(bytes, '\n', length) ? 431 : 414;
}
