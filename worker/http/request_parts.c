/* SPDX-License-Identifier: MIT */
/* request_parts.c - looks up parts of a parsed request. */
#include "worker/http/request.h"
#include <string.h>
#include <strings.h>

bool worker_request_is_head(const char *bytes, size_t length)
{
    while (length > 0 && (*bytes == '\r' || *bytes == '\n')) {
        bytes++;
        length--;
    }
    return length >= 5 && !memcmp(bytes, "HEAD ", 5);
}

struct slice worker_request_header(const struct request *request,
                                   const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (worker_slice_says(request->headers[i].name, name))
            return request->headers[i].value;
    return (struct slice){ NULL, 0 };
}

static struct slice trimmed(struct slice slice)
{
    while (slice.bytes > 0 && (*slice.at == ' ' || *slice.at == '\t')) {
        slice.at++;
        slice.bytes--;
    }
    while (slice.bytes > 0 && (slice.at[slice.bytes - 1] == ' ' ||
                               slice.at[slice.bytes - 1] == '\t'))
        slice.bytes--;
    return slice;
}

static bool list_has(struct slice list, const char *word)
{
    for (;;) {
        const char *comma =
            list.bytes ? memchr(list.at, ',', list.bytes) : NULL;
        struct slice element = { list.at, comma ? (size_t)(comma - list.at)
                                                : list.bytes };

        if (worker_slice_says(trimmed(element), word))
            return true;
        if (!comma)
            return false;
        list.at = comma + 1;
        list.bytes -= element.bytes + 1;
    }
}

bool request_lists(const struct request *request, const char *name,
                   const char *word)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (worker_slice_says(request->headers[i].name, name) &&
            list_has(request->headers[i].value, word))
            return true;
    return false;
}

struct slice worker_request_query(const struct request *request,
                                  const char *name)
{
    const char *at = request->query.at;
    const char *end = at ? at + request->query.bytes : NULL;
    size_t name_bytes = strlen(name);

    while (at && at < end) {
        const char *ampersand = memchr(at, '&', (size_t)(end - at));
        const char *stop_at = ampersand ? ampersand : end;
        const char *equals = memchr(at, '=', (size_t)(stop_at - at));
        size_t bytes = (size_t)((equals ? equals : stop_at) - at);

        if (bytes == name_bytes && !memcmp(at, name, bytes)) {
            const char *value = equals ? equals + 1 : stop_at;

            return (struct slice){ value, (size_t)(stop_at - value) };
        }
        at = ampersand ? ampersand + 1 : end;
    }
    return (struct slice){ NULL, 0 };
}

bool worker_slice_is(struct slice slice, const char *text)
{
    size_t bytes = strlen(text);

    return slice.bytes == bytes &&
           (bytes == 0 || !memcmp(slice.at, text, bytes));
}

bool worker_slice_says(struct slice slice, const char *word)
{
    size_t bytes = strlen(word);

    return slice.bytes == bytes && !strncasecmp(slice.at, word, bytes);
}
