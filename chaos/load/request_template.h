/* SPDX-License-Identifier: MIT */
/*
 * request_template.h - builds the bytes of requests, each with its own token.
 *
 * Pure.  A token consists of a number of the run and a number of the request.
 * Only this module and response_check.c know its syntax.
 */
#ifndef CHAOS_LOAD_REQUEST_TEMPLATE_H
#define CHAOS_LOAD_REQUEST_TEMPLATE_H

#include "chaos/load/mixture.h"
#include "chaos/load/url.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOKEN_LENGTH 20 /* lower-case hexadecimal digits */

enum token_place {
    TOKEN_IN_QUERY,  /* t=TOKEN in the query and in the response body */
    TOKEN_IN_HEADER, /* X-Token in the request and in the response */
    TOKEN_NOWHERE,   /* no token: only status and body are checked */
    TOKEN_PLACES
};

/* Names in experiment files and options; NULL-terminated. */
extern const char *const token_place_names[TOKEN_PLACES + 1];

#define REQUEST_TEMPLATE_MAX 3072 /* bytes of a request's head */

/* The supported methods; NULL-terminated. */
extern const char *const request_template_methods[];

struct request_template {
    const struct mixture_kind *kind; /* NULL: a plain request.  Else `head` is
                                        the host, and the next three fields and
                                        `tail` are unused */
    bool bodiless_answer;            /* HEAD */
    uint64_t body_bytes; /* after the head: see request_template_body */
    bool token;          /* whether a token is between head and tail */
    uint32_t run;        /* part of every token */
    char head[REQUEST_TEMPLATE_MAX]; /* before the token */
    char tail[REQUEST_TEMPLATE_MAX]; /* after the token, without the empty line
                                      */
};

/* Prepares requests with `method` to `address`.  Requests with POST, PUT or
 * PATCH have a body of `body_bytes`.  Returns false if the head would be longer
 * than REQUEST_TEMPLATE_MAX. */
bool request_template_prepare(struct request_template *template,
                              const char *method, const struct url *address,
                              enum token_place place, uint32_t run,
                              uint64_t body_bytes);

/* Prepares requests of a kind of mixture to `address`. */
void request_template_prepare_kind(struct request_template *template,
                                   const struct mixture_kind *kind,
                                   const struct url *address, uint32_t run);

/* Whether `method`, `length` bytes long, is one of request_template_methods. */
bool request_template_knows(const char *method, size_t length);

/* Writes the token of request `number`, without a NUL. */
void request_template_token(const struct request_template *template,
                            uint64_t number, char token[TOKEN_LENGTH]);

/* Writes the head of request `number`, or all of a request of a mixture; always
 * the same bytes for the same arguments.  `closes` adds "Connection: close".
 * Returns the number of bytes. */
size_t request_template_write(const struct request_template *template,
                              uint64_t number, bool closes,
                              char buffer[REQUEST_TEMPLATE_MAX]);

/* Returns the body from byte `offset`: the letters from a to z, repeated.
 * *length is set to the number of bytes available there, from 1 to `max`. */
const char *request_template_body(uint64_t offset, uint64_t max,
                                  size_t *length);

#endif
