/* SPDX-License-Identifier: MIT */
/* request.c - runs llhttp until the first request ends. */
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
    const char *line_end; /* the white space or CR that ends the last line */
};

static struct request_reader *reader_of(llhttp_t *parser)
{
    return parser->data;
}

/* llhttp may pass a span in several adjacent pieces. */
static void extend(struct slice *slice, const char *at, size_t length)
{
    if (!slice->at)
        slice->at = at;
    slice->bytes = (size_t)(at + length - slice->at);
}

static int stop(llhttp_t *parser, unsigned status)
{
    reader_of(parser)->status = status;
    return HPE_USER;
}

static int on_method(llhttp_t *parser, const char *at, size_t length)
{
    extend(&reader_of(parser)->request->method, at, length);
    return 0;
}

/* Returns whether the header section, up to the end of this span, exceeds its
 * limit. */
static bool exceeds_limit(const struct request_reader *reader, const char *at,
                          size_t length)
{
    return (size_t)(at + length - reader->start) > reader->limits->header_bytes;
}

static int on_url(llhttp_t *parser, const char *at, size_t length)
{
    struct request_reader *reader = reader_of(parser);

    extend(&reader->request->target, at, length);
    return exceeds_limit(reader, at, length) ? stop(parser, 414) : 0;
}

/* llhttp accepts protocols other than HTTP, and a bare LF at the end of the
 * request line; both are refused here.  The byte after the span may not have
 * arrived yet. */
static int on_version(llhttp_t *parser, const char *at, size_t length)
{
    struct request_reader *reader = reader_of(parser);

    reader->has_version = true;
    reader->line_end = at + length;
    if (!request_line_is_exact(reader->request, reader->start, at))
        return stop(parser, 400);
    return at + length < reader->end && at[length] != '\r' ? stop(parser, 400)
                                                           : 0;
}

static int on_header_field(llhttp_t *parser, const char *at, size_t length)
{
    struct request_reader *reader = reader_of(parser);

    extend(&reader->name, at, length);
    return !reader->headers_whole &&
                   (reader->request->header_count == REQUEST_HEADERS_MAX ||
                    exceeds_limit(reader, at, length))
               ? stop(parser, 431)
               : 0;
}

static int on_header_value(llhttp_t *parser, const char *at, size_t length)
{
    struct request_reader *reader = reader_of(parser);

    extend(&reader->value, at, length);
    return !reader->headers_whole && exceeds_limit(reader, at, length)
               ? stop(parser, 431)
               : 0;
}

/* Returns 0, or the status that refuses the field. */
static unsigned add_header(struct request_reader *reader, struct slice name,
                           struct slice value)
{
    struct request *request = reader->request;

    if (worker_slice_says(name, "host")) {
        reader->hosts++;
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
    struct request_reader *reader = reader_of(parser);
    struct slice name = reader->name, value = reader->value;
    unsigned status;

    reader->name = reader->value = (struct slice){ NULL, 0 };
    if (name.bytes == 0)
        return stop(parser, 400);
    /* White space around a value is not part of it (RFC 9110 section 5.5). */
    while (value.bytes > 0 && (value.at[value.bytes - 1] == ' ' ||
                               value.at[value.bytes - 1] == '\t'))
        value.bytes--;
    /* llhttp may report an empty value at an address after its line. */
    if (value.bytes == 0)
        value.at = name.at + name.bytes + 1;
    reader->line_end = value.at + value.bytes;
    if (request_field_folded(name, value, reader->end))
        return stop(parser, 400);
    /* Trailers are not headers: for example, an Idempotency-Key in a trailer
     * must not make the request repeatable. */
    status = reader->headers_whole ? 0 : add_header(reader, name, value);
    return status ? stop(parser, status) : 0;
}

static int on_headers_complete(llhttp_t *parser)
{
    struct request_reader *reader = reader_of(parser);
    unsigned status;

    reader->headers_whole = true;
    /* A request line without a version is HTTP/0.9. */
    if (parser->http_major != 1)
        return stop(parser, reader->has_version ? 505 : 400);
    status = request_section_fault(&reader->line_end, reader->end);
    if (status)
        return stop(parser, status);
    if (exceeds_limit(reader, reader->line_end, 0))
        return stop(parser, 431);
    /* RFC 9112 section 3.2. */
    if (reader->hosts > 1 || (reader->hosts == 0 && parser->http_minor > 0))
        return stop(parser, 400);
    if (parser->method == HTTP_CONNECT)
        return stop(parser, 501);
    reader->chunked = parser->flags & F_CHUNKED;
    status = request_coding_fault(reader->request, parser->http_minor == 0,
                                  reader->chunked);
    if (status)
        return stop(parser, status);
    if (parser->flags & F_CONTENT_LENGTH &&
        parser->content_length > reader->limits->body_bytes)
        return stop(parser, 413);
    return 0;
}

/* Refuses a chunk that would exceed the limit before it arrives.  The
 * subtraction cannot wrap, because on_body() enforces the same limit. */
static int on_chunk_header(llhttp_t *parser)
{
    const struct request_reader *reader = reader_of(parser);

    return parser->content_length >
                   reader->limits->body_bytes - reader->request->body_bytes
               ? stop(parser, 413)
               : 0;
}

static int on_body(llhttp_t *parser, const char *at, size_t length)
{
    struct request_reader *reader = reader_of(parser);
    struct request *request = reader->request;

    if (!request->body.at)
        request->body = (struct slice){ at, length };
    request->body_bytes += length;
    return request->body_bytes > reader->limits->body_bytes ? stop(parser, 413)
                                                            : 0;
}

static int on_message_complete(llhttp_t *parser)
{
    (void)parser;
    return HPE_PAUSED;
}

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

static void set_properties(struct request *request, llhttp_t *parser,
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
    /* RFC 9110 section 10.1.1: ignored in HTTP/1.0, and when content has
     * arrived. */
    request->wants_continue = worker_slice_says(expect, "100-continue") &&
                              headers_whole && !request->http_1_0 &&
                              request->body_bytes == 0;
}

static unsigned status_of(enum llhttp_errno error,
                          const struct request_reader *reader)
{
    if (reader->status)
        return reader->status;
    return error == HPE_INVALID_VERSION || error == HPE_PAUSED_H2_UPGRADE ? 505
                                                                          : 400;
}

enum request_outcome request_read(struct request *request, const char *bytes,
                                  size_t length,
                                  const struct request_limits *limits,
                                  unsigned *status)
{
    struct request_reader reader = { .request = request,
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
    parser.data = &reader;
    error = request_execute(&parser, bytes, length);
    set_properties(request, &parser, reader.headers_whole);
    if (error == HPE_PAUSED || error == HPE_PAUSED_UPGRADE) {
        request->wire_bytes = (size_t)(llhttp_get_error_pos(&parser) - bytes);
        if (!reader.chunked || bytes[request->wire_bytes - 2] == '\r')
            return REQUEST_WHOLE;
        *status = 400;
        return REQUEST_BAD;
    }
    *status = error == HPE_OK ? request_size_fault(limits, reader.headers_whole,
                                                   bytes, length)
                              : status_of(error, &reader);
    if (error == HPE_INVALID_METHOD)
        *status = request_method_fault(bytes, length);
    return *status ? REQUEST_BAD : REQUEST_PARTIAL;
}
