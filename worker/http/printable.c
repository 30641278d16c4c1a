/* SPDX-License-Identifier: MIT */
/* printable.c - see printable.h. */
#include "worker/http/printable.h"
#include <stdbool.h>
#include <stdint.h>

/* Returns the length of a character that begins with `first`; 0 if no character
 * does. */
static size_t length_of(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* Returns whether `second` may follow `first`: false for an overlong form, for
 * a surrogate and above U+10FFFF. */
static bool may_follow(unsigned char first, unsigned char second)
{
    unsigned char min = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned char max = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

    return second >= min && second <= max;
}

/* Returns how many bytes at the start may belong to one character. */
static size_t matching(const char *bytes, size_t count)
{
    size_t length = length_of((unsigned char)bytes[0]), n = 1;

    if (length == 0)
        return 0;
    while (n < length && n < count &&
           (n == 1
                ? may_follow((unsigned char)bytes[0], (unsigned char)bytes[1])
                : ((unsigned char)bytes[n] & 0xc0) == 0x80))
        n++;
    return n;
}

static bool is_control(const char *bytes, size_t length)
{
    unsigned char first = (unsigned char)bytes[0];

    if (length == 1)
        return first < 0x20 || first == 0x7f;
    return first == 0xc2 && (unsigned char)bytes[1] < 0xa0;
}

static void replace(char *bytes, size_t count, bool lines)
{
    for (size_t i = 0; i < count;) {
        size_t n = matching(bytes + i, count - i);
        bool whole = n > 0 && n == length_of((unsigned char)bytes[i]);
        bool stays = lines && (bytes[i] == '\n' || bytes[i] == '\t');

        if (!whole)
            n = 1;
        if (!stays && (!whole || is_control(bytes + i, n)))
            for (size_t k = 0; k < n; k++)
                bytes[i + k] = '?';
        i += n;
    }
}

void printable_line(char *bytes, size_t count)
{
    replace(bytes, count, false);
}

void printable_lines(char *bytes, size_t count)
{
    replace(bytes, count, true);
}

size_t printable_unfinished(const char *bytes, size_t count)
{
    for (size_t n = PRINTABLE_UNFINISHED_MAX; n > 0; n--) {
        const char *at = bytes + count - n;

        if (n <= count && length_of((unsigned char)*at) > n &&
            matching(at, n) == n)
            return n;
    }
    return 0;
}
