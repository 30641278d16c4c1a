/*
 * text.h - text that grows in a buffer of fixed size.
 *
 * Pure.  Plain copies instead of printf: every page of library code that a
 * process touches first has to be mapped in, and a worker may live for one
 * answer.
 */
#ifndef WORKER_HTTP_TEXT_H
#define WORKER_HTTP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *at;
    size_t capacity, used;
    bool overflow; /* something did not fit, and was left out */
};

void worker_text_put_bytes(struct text *text, const char *bytes, size_t count);
void worker_text_put(struct text *text, const char *string);

/* In decimal, with leading zeros up to `digits`. */
void worker_text_put_number(struct text *text, uint64_t number, int digits);

#endif
