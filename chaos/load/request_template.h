/*
 * request_template.h - a request as bytes, with its token.
 *
 * Pure.  A token names a run and a request of it; no other request, of this
 * run or another, has the same.  What a token looks like is known here and in
 * response_check.c alone.
 */
#ifndef CHAOS_LOAD_REQUEST_TEMPLATE_H
#define CHAOS_LOAD_REQUEST_TEMPLATE_H

#include "chaos/load/url.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOKEN_LENGTH 20 /* lower-case hexadecimal digits */

enum token_place {
    TOKEN_IN_QUERY,  /* asked as t=TOKEN, to come back as t=TOKEN in the body */
    TOKEN_IN_HEADER, /* X-Token, there and back */
    TOKEN_NOWHERE,   /* nothing to check: an answer is known by its status */
    TOKEN_PLACES
};

/* As experiments and options call them; NULL-terminated. */
extern const char *const token_place_names[TOKEN_PLACES + 1];

#define REQUEST_TEMPLATE_MAX 3072 /* bytes of a request's head */

/* The methods that can be asked with; NULL-terminated. */
extern const char *const request_template_methods[];

/* What every request of one kind looks like. */
struct request_template {
    bool bodiless_answer; /* HEAD */
    uint64_t body_bytes;  /* that follow the head: see request_template_body */
    bool token;           /* there is one, between head and tail */
    uint32_t run;         /* part of every token */
    char head[REQUEST_TEMPLATE_MAX]; /* up to the token */
    char tail[REQUEST_TEMPLATE_MAX]; /* after it, but for the empty line */
};

/* Prepares `method` on what `address` names; one that takes a body (POST, PUT,
 * PATCH) has `body_bytes` of it.  Returns false when the head would be longer
 * than REQUEST_TEMPLATE_MAX. */
bool request_template_prepare(struct request_template *request_template,
                              const char *method, const struct url *address,
                              enum token_place place, uint32_t run,
                              uint64_t body_bytes);

/* Whether `method`, `length` bytes long, is one of request_template_methods. */
bool request_template_knows(const char *method, size_t length);

/* Whether requests of that method carry a body: POST, PUT and PATCH do. */
bool request_template_takes_body(const char *method, size_t length);

/* The token of request `number`, without a NUL. */
void request_template_token(const struct request_template *request_template,
                            uint64_t number, char token[TOKEN_LENGTH]);

/* Writes the head: the same bytes for the same number and `last` (which
 * asks the server to close the connection after it).  Returns their count. */
size_t request_template_write(const struct request_template *request_template,
                              uint64_t number, bool last,
                              char buffer[REQUEST_TEMPLATE_MAX]);

/* The body from byte `offset` on: letters from a to z, over and over.  *length
 * becomes how many stand there, at most `max-faults` and at least 1. */
const char *request_template_body(uint64_t offset, uint64_t max,
                                  size_t *length);

#endif
