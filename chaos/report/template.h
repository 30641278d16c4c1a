/* SPDX-License-Identifier: MIT */
/*
 * template.h - makes an HTML page from a template with @PIECES@.
 *
 * A page is self-contained: style, scripts and data are in it.
 */
#ifndef CHAOS_REPORT_TEMPLATE_H
#define CHAOS_REPORT_TEMPLATE_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdio.h>

/* `put` writes the text that replaces @NAME@. */
struct page_piece {
    const char *name;
    void (*put)(FILE *out, const cJSON *record);
};

/*
 * Replaces the pieces of a template.  In addition to `pieces` there are STYLE,
 * CHARTS, DYGRAPHS_CSS and DYGRAPHS_JS.  An unknown @NAME@ is not replaced. The
 * caller frees the text.
 */
char *page_fill(const char *template, const struct page_piece *pieces,
                size_t count, const cJSON *record);

/* Writes text, escaped for an element or an attribute. */
void page_text(FILE *out, const char *text);

/* Writes JSON, escaped for a script element. */
void page_json(FILE *out, const cJSON *value);

#endif
