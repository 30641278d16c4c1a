/* SPDX-License-Identifier: MIT */
/* text.c - see text.h. */
#include "worker/http/text.h"
#include <string.h>

void worker_text_put_bytes(struct text *text, const char *bytes, size_t count)
{
    if (count > text->capacity - text->used) {
        text->overflow = true;
        return;
    }
    memcpy(text->at + text->used, bytes, count);
    text->used += count;
}

void worker_text_put(struct text *text, const char *string)
{
    worker_text_put_bytes(text, string, strlen(string));
}

void worker_text_put_number(struct text *text, uint64_t number, int digits)
{
    char decimal[20];
    size_t at = sizeof(decimal);

    do {
        decimal[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (at > 0 && (number > 0 || (int)(sizeof(decimal) - at) < digits));
    worker_text_put_bytes(text, decimal + at, sizeof(decimal) - at);
}
