/* SPDX-License-Identifier: MIT */
/*
 * mixture.h - requests of several kinds to the built-in service.
 *
 * Pure.  A request consists of one or more parts, each an HTTP request with a
 * response of its own; several parts are sent at once (pipelined).  Every byte
 * of every response is known but for numbers (mixture_check.h).
 *
 *   get, head    a page of up to 20 kB
 *   post         adds to the counter, without a key: must run at most once, and
 *                may be refused with 502
 *   key          the same with an Idempotency-Key: must count exactly once
 *   repeated     twice the same with the same key: the same number
 *   count        reads the counter
 *   pipelined    four parts
 *   chunked      two parts, with bodies in chunks
 *   continue     Expect: 100-continue; the body follows when it is asked for,
 *                its last byte a moment later
 *   large        a page of 200 kB to 4 MB, read slowly
 *   unsafe       a POST without a key that kills its worker while it is
 * handled: must be refused with 502 faulty       two parts, each of which kills
 * its worker when its response was committed, half sent, sent, or its request
 * was removed
 */
#ifndef CHAOS_LOAD_MIXTURE_H
#define CHAOS_LOAD_MIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MIXTURE_PARTS_MAX 4

enum mixture_body {
    BODY_NONE,
    BODY_WITH_LENGTH,
    BODY_IN_CHUNKS,
    BODY_EXPECTED /* sent after a 100 Continue */
};

struct mixture_part {
    const char *method;
    const char *query; /* without size and token */
    bool is_count;     /* the response is the number of the counter; else a
                          page */
    uint64_t size_min, size_max; /* of the page; 0: as small as it is */
    enum mixture_body body;
    bool has_key;   /* its token and the number of the part */
    bool repeats;   /* has the key of the part before */
    bool is_faulty; /* kills the worker at a step that depends on the number */
    bool is_unsafe; /* kills the worker while it is handled */
};

struct mixture_kind {
    const char *name;
    uint32_t part_count;
    struct mixture_part parts[MIXTURE_PARTS_MAX];
    bool is_slow; /* the response is read slowly */
};

/* Returns the kind whose name is the first `length` bytes of `name`, or
 * NULL. */
const struct mixture_kind *mixture_kind(const char *name, size_t length);

/* The size of the page that part `part` of request `number` asks for; 0: as
 * small as it is. */
uint64_t mixture_size(const struct mixture_part *part, uint64_t number);

/* How many parts add to the counter. */
uint32_t mixture_additions(const struct mixture_kind *kind);

/* The number of bytes at the end of the request that are sent only after a 100
 * Continue. */
size_t mixture_held_bytes(const struct mixture_kind *kind);

/* Writes request `number`, with all of its parts; always the same bytes for the
 * same arguments.  `token` has TOKEN_LENGTH bytes; `last` adds "Connection:
 * close" to the last part.  Returns the number of bytes, less than `size`. */
size_t mixture_write(const struct mixture_kind *kind, const char *host,
                     const char *token, uint64_t number, bool last,
                     char *buffer, size_t size);

#endif
