/* request.c - llhttp, told to stop behind the first request. */
#include "worker/http/request.h"
#include "worker/http/host.h"
#include "worker/http/request_checks.h"
#include "worker/http/request_tabs.h"
#include <llhttp.h>
#include <string.h>

struct request_reader {
    struct request *request;
    const struct request_limits *limits;
    const char *start, *end;
    unsigned status; /* 0, or why a callback stopped the parser */
    bool headers_whole;
    bool has_version;
    bool chunked;
    unsigned hosts;           /* Host fields */
    struct slice name, value; /* of the field that is being read */
    const char *line_end;     /* where the last line's white space or CR is */
};

static struct request_reader *reading_of(llhttp_t *parser)
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
static bool outgrown(const struct request_reader *reading, const char *at,
                     size_t length)
{
    return (size_t)(at + length - reading->start) >
           reading->limits->header_bytes;
}

static int on_url(llhttp_t *parser, const char *at, size_t length)
{
    struct request_reader *reading = reading_of(parser);

    extend(&reading->request->target, at, length);
    return outgrown(reading, at, length) ? stop(parser, 414) : 0;
}

/* llhttp knows other protocols than HTTP, and lets a bare LF end the request
 * line: neither is served here.  A span ends where the next byte is known, or
 * at the end of what has come. */
static int on_version(llhttp_t *parser, const char *at, size_t length)
{
    struct request_reader *reading = reading_of(parser);

    reading->has_version = true;
    reading->line_end = at + length;
    if (!request_line_is_exact(reading->request, reading->start, at))
        return stop(parser, 400);
    return at + length < reading->end && at[length] != '\r' ? stop(parser, 400)
                                                            : 0;
}

static int on_header_field(llhttp_t *parser, const char *at, size_t length)
{
    struct request_reader *reading = reading_of(parser);

    extend(&reading->name, at, length);
    return !reading->headers_whole &&
                   (reading->request->header_count == REQUEST_HEADERS_MAX ||
                    outgrown(reading, at, length))
               ? stop(parser, 431)
               : 0;
}

static int on_header_value(llhttp_t *parser, const char *at, size_t length)
{
    struct request_reader *reading = reading_of(parser);

    extend(&reading->value, at, length);
    return !reading->headers_whole && outgrown(reading, at, length)
               ? stop(parser, 431)
               : 0;
}

/* Returns 0, or the status that refuses the field. */
static unsigned add_header(struct request_reader *reading, struct slice name,
                           struct slice value)
{
    struct request *request = reading->request;

    if (worker_slice_says(name, "host")) {
        reading->hosts++;
        if (!host_is_sound(value.at, value.bytes))
            return 400;
    }
    request->headers[request->header_count].name = name;
    request->headers[request->header_count].value = value;
    request->header_count++;
    return 0;
}

static int on_header_value_complete(llhttp_t *parser)
{
    struct request_reader *reading = reading_of(parser);
    struct slice name = reading->name, value = reading->value;
    unsigned status;

    reading->name = reading->value = (struct slice){ NULL, 0 };
    if (name.bytes == 0)
        return stop(parser, 400);
    /* Blanks around a value are none of it (RFC 9110 section 5.5). */
    while (value.bytes > 0 && (value.at[value.bytes - 1] == ' ' ||
                               value.at[value.bytes - 1] == '\t'))
        value.bytes--;
    /* llhttp may place an empty value behind its line. */
    if (value.bytes == 0)
        value.at = name.at + name.bytes + 1;
    reading->line_end = value.at + value.bytes;
    if (request_field_folded(name, value, reading->end))
        return stop(parser, 400);
    /* What comes as trailers behind a chunked body is no header: a key that
     * makes a request repeatable, say, must not arrive there. */
    status = reading->headers_whole ? 0 : add_header(reading, name, value);
    return status ? stop(parser, status) : 0;
}

static int on_headers_complete(llhttp_t *parser)
{
    struct request_reader *reading = reading_of(parser);
    unsigned status;

    reading->headers_whole = true;
    /* HTTP/0.9 had no version: then it isn't HTTP, for us. */
    if (parser->http_major != 1)
        return stop(parser, reading->has_version ? 505 : 400);
    status = request_section_fault(&reading->line_end, reading->end);
    if (status)
        return stop(parser, status);
    if (outgrown(reading, reading->line_end, 0))
        return stop(parser, 431);
    /* RFC 9112 section 3.2. */
    if (reading->hosts > 1 || (reading->hosts == 0 && parser->http_minor > 0))
        return stop(parser, 400);
    if (parser->method == HTTP_CONNECT)
        return stop(parser, 501);
    reading->chunked = parser->flags & F_CHUNKED;
    status = request_coding_fault(reading->request, parser->http_minor == 0,
                                  reading->chunked);
    if (status)
        return stop(parser, status);
    if (parser->flags & F_CONTENT_LENGTH &&
        parser->content_length > reading->limits->body_bytes)
        return stop(parser, 413);
    return 0;
}

/* A chunk that is announced as too large need not be waited for.  on_body()
 * lets body_bytes grow no further than to its limit. */
static int on_chunk_header(llhttp_t *parser)
{
    const struct request_reader *reading = reading_of(parser);

    return parser->content_length >
                   reading->limits->body_bytes - reading->request->body_bytes
               ? stop(parser, 413)
               : 0;
}

static int on_body(llhttp_t *parser, const char *at, size_t length)
{
    struct request_reader *reading = reading_of(parser);
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
    .on_chunk_header = on_chunk_header,
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
    struct slice expect = worker_request_header(request, "expect");

    split_target(request);
    request->is_head = parser->method == HTTP_HEAD;
    request->http_1_0 = parser->http_minor == 0;
    request->keep_alive = llhttp_should_keep_alive(parser) &&
                          !request_lists(request, "connection", "close");
    request->repeatable =
        is_idempotent(parser->method) ||
        worker_request_header(request, "idempotency-key").bytes > 0;
    /* RFC 9110 section 10.1.1: ignored from HTTP/1.0, and once content is
     * here. */
    request->wants_continue = worker_slice_says(expect, "100-continue") &&
                              headers_whole && !request->http_1_0 &&
                              request->body_bytes == 0;
}

static unsigned status_of(enum llhttp_errno error,
                          const struct request_reader *reading)
{
    if (reading->status)
        return reading->status;
    return error == HPE_INVALID_VERSION || error == HPE_PAUSED_H2_UPGRADE ? 505
                                                                          : 400;
}

enum request_outcome request_read(struct request *request, const char *bytes,
                                  size_t length,
                                  const struct request_limits *limits,
                                  unsigned *status)
{
    struct request_reader reading = { .request = request,
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
    error = request_execute(&parser, bytes, length);
    understand(request, &parser, reading.headers_whole);
    if (error == HPE_PAUSED || error == HPE_PAUSED_UPGRADE) {
        request->wire_bytes = (size_t)(llhttp_get_error_pos(&parser) - bytes);
        if (!reading.chunked || bytes[request->wire_bytes - 2] == '\r')
            return REQUEST_WHOLE;
        *status = 400;
        return REQUEST_BAD;
    }
    *status =
        error == HPE_OK
            ? request_size_fault(limits, reading.headers_whole, bytes, length)
            : status_of(error, &reading);
    if (error == HPE_INVALID_METHOD)
        *status = request_method_fault(bytes, length);
    return *status ? REQUEST_BAD : REQUEST_PARTIAL;
}
