/* SPDX-License-Identifier: MIT */
/* mixture.c - see mixture.h. */
#include "chaos/load/mixture.h"
#include "chaos/load/request_template.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BODY "abcdefghijklmnopqrstuvwxyz"

/* The second chunk has an extension; a trailer follows. */
#define CHUNKS "5\r\nabcde\r\n1a;x=y\r\n" BODY "\r\n0\r\nX-Trailer: t\r\n\r\n"

#define PAUSE "sleep=5ms&"

static const struct mixture_kind kinds[] = {
    { .name = "get",
      .part_count = 1,
      .parts = { { .method = "GET", .query = PAUSE, .size_max = 20000 } } },
    { .name = "head",
      .part_count = 1,
      .parts = { { .method = "HEAD", .query = PAUSE, .size_max = 20000 } } },
    { .name = "post",
      .part_count = 1,
      .parts = { { .method = "POST",
                   .query = PAUSE,
                   .is_count = true,
                   .body = BODY_WITH_LENGTH } } },
    { .name = "key",
      .part_count = 1,
      .parts = { { .method = "POST",
                   .query = PAUSE,
                   .is_count = true,
                   .body = BODY_WITH_LENGTH,
                   .has_key = true } } },
    { .name = "repeated",
      .part_count = 2,
      .parts = { { .method = "POST",
                   .query = "",
                   .is_count = true,
                   .body = BODY_WITH_LENGTH,
                   .has_key = true },
                 { .method = "POST",
                   .query = PAUSE,
                   .is_count = true,
                   .body = BODY_WITH_LENGTH,
                   .has_key = true,
                   .repeats = true } } },
    { .name = "count",
      .part_count = 1,
      .parts = { { .method = "GET", .query = "", .is_count = true } } },
    { .name = "pipelined",
      .part_count = 4,
      .parts = { { .method = "GET", .query = "", .size_max = 3000 },
                 { .method = "POST",
                   .query = PAUSE,
                   .is_count = true,
                   .body = BODY_WITH_LENGTH,
                   .has_key = true },
                 { .method = "HEAD", .query = "", .size_max = 3000 },
                 { .method = "GET", .query = PAUSE, .size_max = 100000 } } },
    { .name = "chunked",
      .part_count = 2,
      .parts = { { .method = "POST",
                   .query = PAUSE,
                   .is_count = true,
                   .body = BODY_IN_CHUNKS,
                   .has_key = true },
                 { .method = "PUT",
                   .query = PAUSE,
                   .size_max = 3000,
                   .body = BODY_IN_CHUNKS } } },
    { .name = "continue",
      .part_count = 1,
      .parts = { { .method = "POST",
                   .query = PAUSE,
                   .is_count = true,
                   .body = BODY_EXPECTED,
                   .has_key = true } } },
    { .name = "large",
      .part_count = 1,
      .parts = { { .method = "GET",
                   .query = "",
                   .size_min = 200000,
                   .size_max = 4000000 } },
      .is_slow = true },
    { .name = "unsafe",
      .part_count = 1,
      .parts = { { .method = "POST",
                   .query = "fault=kill&at=handling&",
                   .body = BODY_WITH_LENGTH,
                   .is_unsafe = true } } },
    { .name = "faulty",
      .part_count = 2,
      .parts = { { .method = "POST",
                   .query = "fault=kill&",
                   .is_count = true,
                   .body = BODY_WITH_LENGTH,
                   .has_key = true,
                   .is_faulty = true },
                 { .method = "GET",
                   .query = "fault=kill&",
                   .size_max = 100000,
                   .is_faulty = true } } },
};

const struct mixture_kind *mixture_kind(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strlen(kinds[i].name) == length &&
            memcmp(kinds[i].name, name, length) == 0)
            return &kinds[i];
    return NULL;
}

/* Spreads consecutive numbers over all sizes (Knuth's multiplicative hash). */
uint64_t mixture_size(const struct mixture_part *part, uint64_t number)
{
    uint64_t hash = (uint32_t)number * UINT32_C(2654435761);

    if (part->size_max == 0)
        return 0;
    return part->size_min +
           (uint32_t)hash % (part->size_max - part->size_min + 1);
}

uint32_t mixture_additions(const struct mixture_kind *kind)
{
    uint32_t additions = 0;

    for (uint32_t i = 0; i < kind->part_count; i++)
        additions += kind->parts[i].is_count && !kind->parts[i].repeats &&
                     strcmp(kind->parts[i].method, "POST") == 0;
    return additions;
}

size_t mixture_held_bytes(const struct mixture_kind *kind)
{
    return kind->parts[kind->part_count - 1].body == BODY_EXPECTED
               ? strlen(BODY)
               : 0;
}

struct request_text {
    char *at;
    size_t used, size;
};

__attribute__((format(printf, 2, 3))) static void put(struct request_text *text,
                                                      const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    text->used += (size_t)vsnprintf(text->at + text->used,
                                    text->size - text->used, format, arguments);
    va_end(arguments);
}

static void put_target(struct request_text *text,
                       const struct mixture_part *part, const char *token,
                       uint64_t number)
{
    static const char *const steps[] = { "committed", "half-sent", "sent",
                                         "consumed" };
    uint64_t size = mixture_size(part, number);

    put(text, "%s %s?%s", part->method, part->is_count ? "/count" : "/",
        part->query);
    if (part->is_faulty)
        put(text, "at=%s&", steps[number % 4]);
    if (size > 0)
        put(text, "size=%" PRIu64 "&", size);
    put(text, "t=%.*s HTTP/1.1\r\n", TOKEN_LENGTH, token);
}

static void put_body(struct request_text *text, enum mixture_body body)
{
    switch (body) {
    case BODY_NONE:
        put(text, "\r\n");
        break;
    case BODY_WITH_LENGTH:
        put(text, "Content-Length: %zu\r\n\r\n" BODY, strlen(BODY));
        break;
    case BODY_IN_CHUNKS:
        put(text, "Transfer-Encoding: chunked\r\n\r\n" CHUNKS);
        break;
    case BODY_EXPECTED:
        put(text, "Expect: 100-continue\r\nContent-Length: %zu\r\n\r\n" BODY,
            strlen(BODY));
        break;
    }
}

size_t mixture_write(const struct mixture_kind *kind, const char *host,
                     const char *token, uint64_t number, bool last,
                     char *buffer, size_t size)
{
    struct request_text text = { .at = buffer, .size = size };

    for (uint32_t i = 0; i < kind->part_count; i++) {
        const struct mixture_part *part = &kind->parts[i];

        put_target(&text, part, token, number + i);
        put(&text, "Host: %s\r\n", host);
        if (part->has_key)
            put(&text, "Idempotency-Key: %.*s-%" PRIu32 "\r\n", TOKEN_LENGTH,
                token, i - part->repeats);
        if (last && i + 1 == kind->part_count)
            put(&text, "Connection: close\r\n");
        put_body(&text, part->body);
    }
    return text.used;
}
