/* text.c - appends bytes, as long as there is capacity. */
#include "worker/http/text.h"
#include <string.h>

void text_put_bytes(struct text *text, const char *bytes, size_t count)
{
    if (count > text->capacity - text->used) {
        text->overflow = true;
        return;
    }
    memcpy(text->at + text->used, bytes, count);
    text->used += count;
}

void text_put(struct text *text, const char *string)
{
    text_put_bytes(text, string, strlen(string));
}

void text_put_number(struct text *text, uint64_t number, int digits)
{
    char decimal[20];
    size_t at = sizeof(decimal);

    do {
        decimal[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (at > 0 && (number > 0 || (int)(sizeof(decimal) - at) < digits));
    text_put_bytes(text, decimal + at, sizeof(decimal) - at);
}
