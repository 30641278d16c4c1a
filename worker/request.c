/* request.c - llhttp, told to stop behind the first request. */
#include "worker/request.h"
#include "worker/host.h"
#include "worker/request_faults.h"
#include <llhttp.h>
#include <string.h>

struct reading {
    struct request *request;
    const struct request_limits *limits;
    const char *start, *end;
    unsigned status; /* 0, or why a callback stopped the parser */
    bool headers_whole;
    bool has_version;
    unsigned hosts; /* Host fields */
};

static struct reading *reading_of(llhttp_t *parser)
{
    return parser->data;
}

/* All of the bytes are there at once, so a span never comes in pieces but for
 * chunked bodies; should it, its pieces touch and the slice just grows. */
static void extend(struct slice *slice, const char *at, size_t length)
{
    if (!slice->at)
        slice->at = at;
    slice->bytes = (size_t)(at + length - slice->at);
}

static int stop(llhttp_t *parser, unsigned status)
{
    reading_of(parser)->status = status;
    return HPE_USER;
}

static int on_method(llhttp_t *parser, const char *at, size_t length)
{
    extend(&reading_of(parser)->request->method, at, length);
    return 0;
}

/* Does the header section, up to this span, outgrow its limit? */
static bool outgrown(const struct reading *reading, const char *at,
                     size_t length)
{
    return (size_t)(at + length - reading->start) >
           reading->limits->header_bytes;
}

static int on_url(llhttp_t *parser, const char *at, size_t length)
{
    struct reading *reading = reading_of(parser);

    extend(&reading->request->target, at, length);
    return outgrown(reading, at, length) ? stop(parser, 414) : 0;
}

/* llhttp knows other protocols than HTTP, and lets a bare LF end the request
 * line: neither is served here.  A span ends where the next byte is known, or
 * at the end of what has come. */
static int on_version(llhttp_t *parser, const char *at, size_t length)
{
    struct reading *reading = reading_of(parser);

    reading->has_version = true;
    if (at - reading->start < 5 || memcmp(at - 5, "HTTP/", 5) != 0)
        return stop(parser, 400);
    return at + length < reading->end && at[length] != '\r' ? stop(parser, 400)
                                                            : 0;
}

/* What comes as trailers behind a chunked body is no header: a key that makes a
 * request repeatable, say, must not arrive there. */
static int on_header_field(llhttp_t *parser, const char *at, size_t length)
{
    struct reading *reading = reading_of(parser);
    struct request *request = reading->request;

    if (reading->headers_whole)
        return 0;
    if (request->header_count == REQUEST_HEADERS_MOST ||
        outgrown(reading, at, length))
        return stop(parser, 431);
    extend(&request->headers[request->header_count].name, at, length);
    return 0;
}

static int on_header_value(llhttp_t *parser, const char *at, size_t length)
{
    struct reading *reading = reading_of(parser);
    struct request *request = reading->request;

    if (reading->headers_whole)
        return 0;
    extend(&request->headers[request->header_count].value, at, length);
    return outgrown(reading, at, length) ? stop(parser, 431) : 0;
}

static int on_header_value_complete(llhttp_t *parser)
{
    struct reading *reading = reading_of(parser);
    struct request *request = reading->request;
    struct slice name = request->headers[request->header_count].name;
    struct slice *value = &request->headers[request->header_count].value;

    if (reading->headers_whole)
        return 0;
    if (!value->at)
        *value = (struct slice){ name.at + name.bytes, 0 };
    /* Blanks around a value are none of it (RFC 9110 section 5.5). */
    while (value->bytes > 0 && (value->at[value->bytes - 1] == ' ' ||
                                value->at[value->bytes - 1] == '\t'))
        value->bytes--;
    if (name.bytes == 0 || request_field_folded(name, *value))
        return stop(parser, 400);
    if (slice_says(name, "host")) {
        reading->hosts++;
        if (!host_is_sound(value->at, value->bytes))
            return stop(parser, 400);
    }
    if (++request->header_count < REQUEST_HEADERS_MOST)
        memset(&request->headers[request->header_count], 0,
               sizeof(*request->headers));
    return 0;
}

static int on_headers_complete(llhttp_t *parser)
{
    struct reading *reading = reading_of(parser);
    unsigned status;

    reading->headers_whole = true;
    /* HTTP/0.9 had no version: then it isn't HTTP, for us. */
    if (parser->http_major != 1)
        return stop(parser, reading->has_version ? 505 : 400);
    /* RFC 9112 section 3.2. */
    if (reading->hosts > 1 || (reading->hosts == 0 && parser->http_minor > 0))
        return stop(parser, 400);
    if (parser->method == HTTP_CONNECT)
        return stop(parser, 501);
    status = request_coding_fault(reading->request, parser->http_minor == 0,
                                  parser->flags & F_CHUNKED);
    if (status)
        return stop(parser, status);
    if (parser->flags & F_CONTENT_LENGTH &&
        parser->content_length > reading->limits->body_bytes)
        return stop(parser, 413);
    return 0;
}

static int on_body(llhttp_t *parser, const char *at, size_t length)
{
    struct reading *reading = reading_of(parser);
    struct request *request = reading->request;

    if (!request->body.at)
        request->body = (struct slice){ at, length };
    request->body_bytes += length;
    return request->body_bytes > reading->limits->body_bytes ? stop(parser, 413)
                                                             : 0;
}

static int on_message_complete(llhttp_t *parser)
{
    (void)parser;
    return HPE_PAUSED;
}

/* Constant; shared by all parsers. */
static const llhttp_settings_t settings = {
    .on_method = on_method,
    .on_url = on_url,
    .on_version = on_version,
    .on_header_field = on_header_field,
    .on_header_value = on_header_value,
    .on_header_value_complete = on_header_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

static bool is_idempotent(unsigned method)
{
    return method == HTTP_GET || method == HTTP_HEAD || method == HTTP_PUT ||
           method == HTTP_DELETE || method == HTTP_OPTIONS ||
           method == HTTP_TRACE;
}

static void split_target(struct request *request)
{
    struct slice target = request->target;
    const char *mark =
        target.bytes ? memchr(target.at, '?', target.bytes) : NULL;

    request->path = target;
    if (!mark)
        return;
    request->path.bytes = (size_t)(mark - target.at);
    request->query.at = mark + 1;
    request->query.bytes = target.bytes - request->path.bytes - 1;
}

static void understand(struct request *request, llhttp_t *parser,
                       bool headers_whole)
{
    struct slice expect = request_header(request, "expect");

    split_target(request);
    request->is_head = parser->method == HTTP_HEAD;
    request->http_1_0 = parser->http_minor == 0;
    request->keep_alive = llhttp_should_keep_alive(parser);
    request->repeatable = is_idempotent(parser->method) ||
                          request_header(request, "idempotency-key").bytes > 0;
    /* RFC 9110 section 10.1.1: ignored from HTTP/1.0, and once content is
     * here. */
    request->wants_continue = slice_says(expect, "100-continue") &&
                              headers_whole && !request->http_1_0 &&
                              request->body_bytes == 0;
}

static unsigned status_of(enum llhttp_errno error,
                          const struct reading *reading)
{
    if (reading->status)
        return reading->status;
    return error == HPE_INVALID_VERSION || error == HPE_PAUSED_H2_UPGRADE ? 505
                                                                          : 400;
}

/* Whether what has come of an unfinished request is too much already. */
static unsigned too_large(const struct reading *reading, const char *bytes,
                          size_t length)
{
    const struct request_limits *limits = reading->limits;

    if (reading->headers_whole)
        /* Only chunk framing can be that long: extensions, tiny chunks. */
        return length > limits->header_bytes + 2 * limits->body_bytes ? 413 : 0;
    /* The end of the section is not counted: it may still come. */
    if (length < limits->header_bytes + REQUEST_END_BYTES)
        return 0;
    return memchr(bytes, '\n', length) ? 431 : 414;
}

enum request_outcome request_read(struct request *request, const char *bytes,
                                  size_t length,
                                  const struct request_limits *limits,
                                  unsigned *status)
{
    struct reading reading = { .request = request,
                               .limits = limits,
                               .start = bytes,
                               .end = bytes + length };
    llhttp_t parser;
    enum llhttp_errno error;

    memset(request, 0, offsetof(struct request, headers[1]));
    request->header_count = 0;
    request->body = (struct slice){ NULL, 0 };
    request->body_bytes = 0;
    llhttp_init(&parser, HTTP_REQUEST, &settings);
    parser.data = &reading;
    error = llhttp_execute(&parser, bytes, length);
    understand(request, &parser, reading.headers_whole);
    if (error == HPE_PAUSED || error == HPE_PAUSED_UPGRADE) {
        request->wire_bytes = (size_t)(llhttp_get_error_pos(&parser) - bytes);
        return REQUEST_WHOLE;
    }
    *status = error == HPE_OK ? too_large(&reading, bytes, length)
                              : status_of(error, &reading);
    if (error == HPE_INVALID_METHOD)
        *status = request_method_fault(bytes, length);
    return *status ? REQUEST_BAD : REQUEST_PARTIAL;
}
