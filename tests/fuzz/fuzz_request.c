/* SPDX-License-Identifier: MIT */
/*
 * fuzz_request.c - fuzzes request_read(): a request points into the bytes that
 * it was parsed from, and more bytes never change a result other than
 * REQUEST_PARTIAL.
 */
#include "worker/http/request.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct request_limits limits = { 512, 1024 };

static void is_within(struct slice slice, const char *bytes, size_t length)
{
    assert(slice.bytes == 0 ||
           (slice.at >= bytes && slice.at + slice.bytes <= bytes + length));
}

/* Copies the bytes, so that the sanitizer detects a read past the end. */
static enum request_outcome read_prefix(const uint8_t *data, size_t length,
                                        struct request *request,
                                        unsigned *status)
{
    char *bytes = malloc(length ? length : 1);
    enum request_outcome outcome;

    assert(bytes);
    memcpy(bytes, data, length);
    *status = 0;
    outcome = request_read(request, bytes, length, &limits, status);
    is_within(request->method, bytes, length);
    is_within(request->target, bytes, length);
    is_within(request->path, bytes, length);
    is_within(request->query, bytes, length);
    is_within(request->body, bytes, length);
    assert(request->header_count <= REQUEST_HEADERS_MAX);
    for (size_t i = 0; i < request->header_count; i++) {
        is_within(request->headers[i].name, bytes, length);
        assert(request->headers[i].value.at);
    }
    worker_request_header(request, "host");
    worker_request_query(request, "t");
    assert(outcome != REQUEST_WHOLE ||
           (request->wire_bytes > 0 && request->wire_bytes <= length));
    assert((outcome == REQUEST_BAD) == (*status != 0));
    free(bytes);
    return outcome;
}

/* If the input is whole, each shorter prefix of the request is partial, and
 * bytes after the request have no effect.  If a prefix is refused, so is the
 * input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request request;
    unsigned status;
    enum request_outcome all = read_prefix(data, size, &request, &status);
    size_t wire_bytes = request.wire_bytes;

    for (size_t length = 0; length < size; length += 1 + length / 16) {
        enum request_outcome part =
            read_prefix(data, length, &request, &status);

        if (part == REQUEST_WHOLE)
            assert(all == REQUEST_WHOLE && request.wire_bytes == wire_bytes);
        if (all == REQUEST_WHOLE && length < wire_bytes)
            assert(part == REQUEST_PARTIAL);
        if (part == REQUEST_BAD)
            assert(all == REQUEST_BAD);
    }
    return 0;
}
