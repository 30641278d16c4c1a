/* SPDX-License-Identifier: MIT */
/* markup_html.c - see markup_html.h. */
#include "chaos/course/markup_html.h"
#include "chaos/course/markup.h"
#include "chaos/report/template.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Returns the closing mark if `at` is an opening mark, or NULL.  A mark
 * followed by a space, as in "n * m", is not an opening mark. */
static const char *find_closing(const char *text, const char *at, char mark)
{
    const char *end = at + 1;

    if (*at != mark || at[1] == ' ' || at[1] == '\0')
        return NULL;
    if (mark == '*' && at > text && at[-1] != ' ' && at[-1] != '(')
        return NULL;
    while (*end && *end != mark)
        end++;
    return *end && end > at + 1 && end[-1] != ' ' ? end : NULL;
}

static void put_part(FILE *out, const char *from, size_t length)
{
    char *text = strndup(from, length);

    page_text(out, text);
    free(text);
}

/* One <span> per word, so that CSS can prevent a break after the hyphen of an
 * option. */
static void put_code(FILE *out, const char *from, const char *to)
{
    fputs("<code>", out);
    while (from < to) {
        size_t length = strcspn(from, " ");

        if (length > (size_t)(to - from))
            length = (size_t)(to - from);
        fputs("<span>", out);
        put_part(out, from, length);
        fputs("</span>", out);
        from += length;
        if (from < to)
            fputc(*from++, out);
    }
    fputs("</code>", out);
}

/* `code` and *emphasis* */
static void put_inline(FILE *out, const char *text)
{
    const char *end;
    char plain[2] = "";

    for (const char *at = text; *at; at++) {
        if ((end = find_closing(text, at, '`'))) {
            put_code(out, at + 1, end);
            at = end;
        } else if ((end = find_closing(text, at, '*'))) {
            fputs("<em>", out);
            put_part(out, at + 1, (size_t)(end - at - 1));
            fputs("</em>", out);
            at = end;
        } else {
            plain[0] = *at;
            page_text(out, plain);
        }
    }
}

void markup_html(FILE *out, const char *text)
{
    struct markup_block block;
    struct markup markup;
    bool list = false;

    markup_begin(&markup, text);
    while (markup_next(&markup, &block)) {
        if (list != (block.kind == MARKUP_ITEM))
            fputs(list ? "</ul>\n" : "<ul>\n", out);
        list = block.kind == MARKUP_ITEM;
        if (block.kind == MARKUP_VERBATIM) {
            fputs("<pre tabindex=\"0\">", out);
            page_text(out, block.text);
            fputs("</pre>\n", out);
        } else {
            fputs(list ? "<li>" : "<p>", out);
            put_inline(out, block.text);
            fputs(list ? "</li>\n" : "</p>\n", out);
        }
        free(block.text);
    }
    if (list)
        fputs("</ul>\n", out);
    markup_end(&markup);
}
