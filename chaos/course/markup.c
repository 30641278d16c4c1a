/* SPDX-License-Identifier: MIT */
/* markup.c - see markup.h. */
#include "chaos/course/markup.h"
#include <err.h>
#include <stdlib.h>
#include <string.h>

#define VERBATIM_INDENT 4

static bool is_blank(const char *line)
{
    line += strspn(line, " \t");
    return *line == '\n' || *line == '\0';
}

static const char *after_line(const char *line)
{
    line += strcspn(line, "\n");
    return line + (*line == '\n');
}

/* The indentation that all lines share.  An unindented first line does not
 * count, because it may begin in the middle of a line of the source. */
static size_t common_indent(const char *text)
{
    size_t min = (size_t)-1;

    for (const char *line = text; *line; line = after_line(line)) {
        size_t indent = strspn(line, " ");

        if (!is_blank(line) && indent < min && (line != text || indent > 0))
            min = indent;
    }
    return min == (size_t)-1 ? 0 : min;
}

void markup_begin(struct markup *markup, const char *text)
{
    size_t indent = common_indent(text);
    char *out = malloc(strlen(text) + 1);

    if (!out)
        err(1, "cannot read a text");
    markup->text = markup->at = out;
    for (const char *line = text; *line; line = after_line(line)) {
        size_t blanks = strspn(line, " ");
        size_t cut = blanks < indent ? blanks : indent;
        size_t length = (size_t)(after_line(line) - line);

        memcpy(out, line + cut, length - cut);
        out += length - cut;
    }
    *out = '\0';
}

void markup_end(struct markup *markup)
{
    free(markup->text);
    markup->text = markup->at = NULL;
}

static enum markup_kind kind_of(const char *line)
{
    if (strspn(line, " ") >= VERBATIM_INDENT)
        return MARKUP_VERBATIM;
    return strncmp(line, "- ", 2) == 0 ? MARKUP_ITEM : MARKUP_PARAGRAPH;
}

/* Returns whether `line` continues a block of that kind. */
static bool continues(enum markup_kind kind, const char *line)
{
    if (kind == MARKUP_VERBATIM)
        return kind_of(line) == MARKUP_VERBATIM ||
               (is_blank(line) && *line &&
                kind_of(after_line(line)) == MARKUP_VERBATIM);
    return !is_blank(line) && kind_of(line) != MARKUP_ITEM &&
           (kind == MARKUP_ITEM || kind_of(line) == MARKUP_PARAGRAPH);
}

/* Appends the words between `from` and `to`, separated by single spaces. */
static void join(char *out, const char *from, const char *to)
{
    while (from < to) {
        size_t blanks = strspn(from, " \t\n");
        size_t length = strcspn(from + blanks, " \t\n");

        from += blanks;
        if (from >= to)
            break;
        if (out[0])
            strcat(out, " ");
        strncat(out, from, length);
        from += length;
    }
}

static void keep_lines(char *out, const char *from, const char *to)
{
    for (const char *line = from; line < to; line = after_line(line)) {
        size_t blanks = strspn(line, " ");
        const char *rest =
            line + (blanks < VERBATIM_INDENT ? blanks : VERBATIM_INDENT);

        strncat(out, rest, (size_t)(after_line(line) - rest));
    }
    while (*out && out[strlen(out) - 1] == '\n')
        out[strlen(out) - 1] = '\0';
}

bool markup_next(struct markup *markup, struct markup_block *block)
{
    const char *from = markup->at, *to;

    while (*from && is_blank(from))
        from = after_line(from);
    if (*from == '\0')
        return false;
    block->kind = kind_of(from);
    to = after_line(from);
    while (*to && continues(block->kind, to))
        to = after_line(to);
    block->text = calloc(1, (size_t)(to - from) + 2);
    if (!block->text)
        err(1, "cannot read a text");
    if (block->kind == MARKUP_VERBATIM)
        keep_lines(block->text, from, to);
    else
        join(block->text, from + (block->kind == MARKUP_ITEM ? 2 : 0), to);
    markup->at += to - markup->at;
    return true;
}
