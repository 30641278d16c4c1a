/* SPDX-License-Identifier: MIT */
/*
 * mixture_check.h - checks every byte of a response to a part of a mixture, and
 * the numbers of the service's counter.
 *
 * Pure.  The counter starts at 0 when the service starts, and only this client
 * may add to it.  Then each number that an addition returns
 *
 *   - was returned by no other addition (a key must not return another's),
 *     but by one that repeats a request with its key;
 *   - is more than each number that was known when the request was sent (what
 *     was acknowledged is counted);
 *   - is at most the number of additions that were sent (nothing runs twice).
 */
#ifndef CHAOS_LOAD_MIXTURE_CHECK_H
#define CHAOS_LOAD_MIXTURE_CHECK_H

#include "chaos/load/mixture.h"
#include "chaos/measure/outcomes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MIXTURE_ADDITIONS_MAX 1000000 /* that are checked for repetition */
#define MIXTURE_TEXT_MAX      256

struct mixture_counter {
    uint64_t sent;  /* additions */
    uint64_t known; /* the highest number that was returned */
    uint64_t seen[MIXTURE_ADDITIONS_MAX / 64 + 1]; /* a bit for each number */
};

struct mixture_check {
    const struct mixture_part *part; /* NULL: unused */
    struct mixture_counter *counter;
    uint64_t previous;           /* the number of the part before */
    uint64_t known;              /* counter->known when the request was sent */
    uint64_t size;               /* of the body; 0: the text alone */
    uint64_t received;           /* bytes of the body */
    uint64_t filling;            /* bytes of the body after the text */
    uint64_t value;              /* of the last number in the text */
    uint32_t at;                 /* in `text` */
    bool has_digit;              /* of that number */
    bool is_wrong;               /* a byte was not the expected one */
    char text[MIXTURE_TEXT_MAX]; /* '#' is a number; filling follows */
};

/* Notes that the additions of a request are being sent. */
void mixture_sent(struct mixture_counter *counter,
                  const struct mixture_kind *kind);

/* Starts the check of the response to part `index` of request `number`; if that
 * is not the first, *check is the check of the part before.  `known` is
 * counter->known when the request was sent. */
void mixture_check_begin(struct mixture_check *check,
                         struct mixture_counter *counter,
                         const struct mixture_kind *kind, uint32_t index,
                         const char *token, uint64_t number, uint64_t known);

/* Takes bytes of the body. */
void mixture_check_body(struct mixture_check *check, const char *bytes,
                        size_t count);

/* Returns the outcome of a whole response.  `interims` is the number of 100
 * Continue before it.  A 502 to an addition without a key is what the service
 * promises, so OK; anything else to an unsafe request is wrong. */
enum outcome mixture_check_judge(const struct mixture_check *check,
                                 unsigned status, unsigned interims);

#endif
