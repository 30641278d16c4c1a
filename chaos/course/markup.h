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

enum prose_kind { PROSE_PARAGRAPH, PROSE_ITEM, PROSE_VERBATIM };

struct prose {
    char *text; /* a copy of its own */
    char *at;
};

struct prose_block {
    enum prose_kind kind;
    char *text; /* the caller's to free; lines are joined, unless verbatim */
};

void prose_begin(struct prose *prose, const char *text);

/* The next block; false after the last. */
bool prose_next(struct prose *prose, struct prose_block *block);

void prose_end(struct prose *prose);

#endif
