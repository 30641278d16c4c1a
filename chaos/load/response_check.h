/*
 * response_check.h - is this the answer to that request_template?
 *
 * Pure but for the parser it borrows (llhttp, in response mode).  Takes bytes
 * as they come, keeps none of them, and judges when the answer is whole.
 *
 * An answer with neither a length nor chunks ends with its connection (RFC 9112
 * section 6.3), and so does one whose server died while it was sending.  The
 * two look alike, unless the connection was reset.  Only what the body must be
 * tells them apart: its size, or a text that it ends with.  Without that the
 * answer is not proven.
 */
#ifndef CHAOS_LOAD_RESPONSE_CHECK_H
#define CHAOS_LOAD_RESPONSE_CHECK_H

#include "chaos/load/request_template.h"
#include "chaos/measure/outcomes.h"
#include <llhttp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPECT_MAX 64 /* bytes of an expected text */

/* What every answer of a run is held against. */
struct response_expectation {
    enum token_place place;
    uint64_t body_bytes;        /* that every body must have; 0: any */
    uint32_t expect_length;     /* 0: any body will do */
    char expect[EXPECT_MAX];    /* must occur in the body */
    uint8_t border[EXPECT_MAX]; /* where to go on after a mismatch */
};

/*
 * Prepares a check; `expect` may be NULL.  With `body_bytes` above 0, a body
 * must have just so many, and those behind its last newline must be the letters
 * from a to z, over and over: so the built-in service answers size=.
 * Returns false when `expect` is longer than EXPECT_MAX - 1.
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
    char token[TOKEN_LENGTH]; /* the one to come back */
    char found[TOKEN_LENGTH]; /* the one being read */
    uint8_t scanned;          /* bytes of "t=" and of a token matched */
    uint8_t own, foreign;     /* tokens found, counted up to 2 */
    uint8_t expect_matched;
    uint8_t header_matched; /* bytes of "x-token" */
    bool expect_found;
    bool expect_ends; /* nothing but line ends has come behind the last one */
    uint8_t letter;   /* the one that is next in the filling, from 0 */
    bool misfilled;   /* there was another, since the last newline */
    bool bodiless;
    bool interim; /* a 1xx: the answer is still to come */
    bool whole;
    bool proven; /* whole, and not only because the connection has ended */
    bool keeps_connection; /* whole, and another request may follow */
};

/* Starts afresh, for request `number`.  `check` must outlive the answer. */
void response_check_begin(struct response_check *answer,
                          const struct response_expectation *check,
                          const struct request_template *request_template,
                          uint64_t number);

/* Takes bytes; *used says how many belong to this answer. */
enum response_progress response_check_feed(struct response_check *answer,
                                           const char *bytes, size_t count,
                                           size_t *used);

/* The connection has ended, without a reset: for some answers that is the end
 * of the body. */
enum response_progress response_check_close(struct response_check *answer);

/* What a whole answer is worth: OK, a status class, or what is wrong. */
enum outcome response_check_judge(const struct response_check *answer);

#endif
