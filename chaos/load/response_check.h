/* SPDX-License-Identifier: MIT */
/*
 * response_check.h - checks whether a response belongs to its request and is
 * correct.
 *
 * Pure but for the parser llhttp.  Takes bytes as they arrive, keeps none of
 * them, and judges the response when it is whole.
 *
 * A response with neither a length nor chunks ends with its connection (RFC
 * 9112 section 6.3).  So does a response whose server died while sending.
 * Unless the connection was reset, only an expected size or an expected text at
 * the end of the body distinguishes the two.  Without them the response is not
 * `proven`.
 */
#ifndef CHAOS_LOAD_RESPONSE_CHECK_H
#define CHAOS_LOAD_RESPONSE_CHECK_H

#include "chaos/load/mixture_check.h"
#include "chaos/load/request_template.h"
#include "chaos/measure/outcomes.h"
#include <llhttp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPECT_MAX 64 /* bytes of an expected text, including a NUL */

/* What every response of a run must match. */
struct response_expectation {
    enum token_place place;
    uint64_t body_bytes;        /* exact size of every body; 0: any */
    uint32_t expect_length;     /* 0: no expected text */
    char expect[EXPECT_MAX];    /* must occur in the body */
    uint8_t border[EXPECT_MAX]; /* failure function of Knuth-Morris-Pratt */
};

/*
 * Every body must contain `expect`, which may be NULL.  If `body_bytes` is
 * greater than 0, every body must have that size, and the bytes after its last
 * newline must be the letters from a to z, repeated, as in responses of the
 * built-in service to size=.
 * Returns false if `expect` is longer than EXPECT_MAX - 1.
 */
bool response_expectation_prepare(struct response_expectation *check,
                                  enum token_place place, const char *expect,
                                  uint64_t body_bytes);

enum response_progress {
    RESPONSE_UNFINISHED,
    RESPONSE_WHOLE,
    RESPONSE_MALFORMED
};

struct response_check {
    llhttp_t parser; /* its `data` is this struct, while bytes are fed */
    const struct response_expectation *check;
    uint64_t body_bytes;
    char token[TOKEN_LENGTH]; /* the expected one */
    char found[TOKEN_LENGTH]; /* the one being read */
    uint8_t scanned;          /* bytes of "t=" and of a token matched */
    uint8_t own, foreign;     /* tokens found, counted up to 2 */
    uint8_t expect_matched;
    uint8_t header_matched; /* bytes of "x-token" */
    bool expect_found;
    bool expect_ends; /* only line ends followed the expected text */
    uint8_t letter;   /* the next expected letter of the filling, from 0 */
    bool misfilled;   /* a wrong letter since the last newline */
    bool bodiless;
    bool interim;               /* a 1xx response: the final one follows */
    uint8_t interims;           /* 1xx responses so far */
    struct mixture_check exact; /* of a request of a mixture; replaces the
                                   checks of token, text and size */
    bool whole;
    bool proven;           /* whole, and certain not to be truncated */
    bool keeps_connection; /* whole, and another request may follow */
};

/* Starts the check of the response to request `number`.  `check` must outlive
 * `answer`. */
void response_check_begin(struct response_check *answer,
                          const struct response_expectation *check,
                          const struct request_template *template,
                          uint64_t number);

/* The response is that to part `index` of a request of a mixture.  `known`: see
 * mixture_check_begin.  Call it after response_check_begin. */
void response_check_part(struct response_check *answer,
                         struct mixture_counter *counter,
                         const struct mixture_kind *kind, uint32_t index,
                         uint64_t number, uint64_t known);

/* Takes bytes; *used is set to how many belong to this response. */
enum response_progress response_check_feed(struct response_check *answer,
                                           const char *bytes, size_t count,
                                           size_t *used);

/* Call it when the connection ended without a reset: for a response without a
 * length that is the end of the body. */
enum response_progress response_check_close(struct response_check *answer);

/* Returns the outcome of a whole response. */
enum outcome response_check_judge(const struct response_check *answer);

#endif
