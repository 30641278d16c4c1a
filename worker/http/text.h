/* SPDX-License-Identifier: MIT */
/*
 * text.h - appends text to a buffer of fixed size.
 *
 * Pure.  Does not use printf(3): each page of library code that a process uses
 * costs a page fault, and a worker may serve one request only.
 */
#ifndef WORKER_HTTP_TEXT_H
#define WORKER_HTTP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *at;
    size_t capacity, used;
    bool overflow; /* a text did not fit and was left out */
};

void worker_text_put_bytes(struct text *text, const char *bytes, size_t count);
void worker_text_put(struct text *text, const char *string);

/* Appends `number` in decimal, with leading zeros to at least `digits`
 * digits. */
void worker_text_put_number(struct text *text, uint64_t number, int digits);

#endif
