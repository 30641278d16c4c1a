/* SPDX-License-Identifier: MIT */
/*
 * markup.h - splits the texts of a lesson into paragraphs, list items and
 * verbatim lines.
 *
 * Blank lines separate paragraphs.  A line that begins with "- " starts a list
 * item.  Lines indented by four or more columns are verbatim.  Indentation that
 * all lines have in common is ignored.
 */
#ifndef CHAOS_COURSE_MARKUP_H
#define CHAOS_COURSE_MARKUP_H

#include <stdbool.h>

enum markup_kind { MARKUP_PARAGRAPH, MARKUP_ITEM, MARKUP_VERBATIM };

struct markup {
    char *text; /* a copy, owned by this struct */
    char *at;
};

struct markup_block {
    enum markup_kind kind;
    char *text; /* the caller frees it; lines are joined unless verbatim */
};

void markup_begin(struct markup *markup, const char *text);

/* Returns the next block in *block, or false after the last one. */
bool markup_next(struct markup *markup, struct markup_block *block);

void markup_end(struct markup *markup);

#endif
