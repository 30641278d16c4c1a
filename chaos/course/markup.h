/*
 * markup.h - a lesson's texts, taken apart: paragraphs, lists, lines as they
 * are.
 *
 * Blank lines part paragraphs; a line that begins with "- " is an item of a
 * list; lines that are indented by four or more are kept as they are.  How
 * deep the text as a whole is indented does not matter.
 */
#ifndef CHAOS_COURSE_MARKUP_H
#define CHAOS_COURSE_MARKUP_H

#include <stdbool.h>

enum markup_kind { MARKUP_PARAGRAPH, MARKUP_ITEM, MARKUP_VERBATIM };

struct markup {
    char *text; /* a copy of its own */
    char *at;
};

struct markup_block {
    enum markup_kind kind;
    char *text; /* the caller's to free; lines are joined, unless verbatim */
};

void markup_begin(struct markup *markup, const char *text);

/* The next block; false after the last. */
bool markup_next(struct markup *markup, struct markup_block *block);

void markup_end(struct markup *markup);

#endif
