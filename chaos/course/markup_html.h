/*
 * markup_html.h - a lesson's texts (markup.h) on a page.
 */
#ifndef CHAOS_COURSE_MARKUP_HTML_H
#define CHAOS_COURSE_MARKUP_HTML_H

#include <stdio.h>

/* Paragraphs, lists and lines as they are; `code` and *emphasis* are marked. */
void markup_html(FILE *out, const char *text);

#endif
