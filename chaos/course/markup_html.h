/* SPDX-License-Identifier: MIT */
/*
 * markup_html.h - renders the texts of a lesson (markup.h) as HTML.
 */
#ifndef CHAOS_COURSE_MARKUP_HTML_H
#define CHAOS_COURSE_MARKUP_HTML_H

#include <stdio.h>

/* `code` and *emphasis* become <code> and <em>, except in verbatim lines. */
void markup_html(FILE *out, const char *text);

#endif
