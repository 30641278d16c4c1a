/* SPDX-License-Identifier: MIT */
/* request_tabs.c - see request_tabs.h. */
#include "worker/http/request_tabs.h"
#include <stdbool.h>
#include <string.h>

static bool is_white(char c)
{
    return c == ' ' || c == '\t';
}

/* Finds the lines between the request line and the empty line; *from equals *to
 * if there are none. */
static void find_fields(const char *bytes, const char *end, const char **from,
                        const char **to)
{
    const char *line_end;

    while (bytes < end && (*bytes == '\r' || *bytes == '\n'))
        bytes++;
    line_end = memchr(bytes, '\n', (size_t)(end - bytes));
    *from = line_end ? line_end + 1 : end;
    *to = end;
    /* The empty line may follow the request line directly. */
    if (line_end > bytes)
        *to = memmem(line_end - 1, (size_t)(end - line_end) + 1, "\r\n\r\n", 4);
    if (!*to)
        *to = end;
    if (*to < *from)
        *to = *from;
}

/* A bare CR does not end a line; llhttp refuses it. */
static bool ends_line(const char *at, const char *to)
{
    return at == to || (*at == '\r' && (at + 1 == to || at[1] == '\n'));
}

/* Is the white space at `white` part of a value?  llhttp refuses white space
 * before the colon, at the start of a line, and behind a CR. */
static bool follows_value(const char *from, const char *white)
{
    const char *line = memrchr(from, '\n', (size_t)(white - from));

    line = line ? line + 1 : from;
    return memchr(line, ':', (size_t)(white - line)) && white[-1] != '\r';
}

/*
 * Finds in [from, to) the next white space that contains a tab and ends a
 * value.  Returns its start, and sets *behind to its end, which is a CR or
 * `to`.  Returns `to` if there is none.
 */
static const char *find_white(const char *from, const char *to,
                              const char **behind)
{
    const char *tab = from;

    while (tab < to && (tab = memchr(tab, '\t', (size_t)(to - tab)))) {
        const char *begin = tab;

        while (begin > from && is_white(begin[-1]))
            begin--;
        while (tab < to && is_white(*tab))
            tab++;
        *behind = tab;
        /* The cheap test first: follows_value() looks at the whole line. */
        if (ends_line(tab, to) && follows_value(from, begin))
            return begin;
    }
    *behind = to;
    return to;
}

enum llhttp_errno request_execute(llhttp_t *parser, const char *bytes,
                                  size_t length)
{
    const char *at = bytes, *end = bytes + length;
    enum llhttp_errno error = HPE_OK;
    const char *from, *to;

    if (!memchr(bytes, '\t', length))
        return llhttp_execute(parser, bytes, length);
    find_fields(bytes, end, &from, &to);
    while (error == HPE_OK && from < to) {
        const char *behind, *white = find_white(from, to, &behind);

        if (white == to)
            break;
        error = llhttp_execute(parser, at, (size_t)(white - at));
        at = from = behind;
    }
    return error == HPE_OK && at < end
               ? llhttp_execute(parser, at, (size_t)(end - at))
               : error;
}
