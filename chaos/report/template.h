/*
 * template.h - what all pages share: a template whose @PIECES@ are filled in,
 * escaping, style and charts.
 *
 * A page stands alone: everything it needs is within it.
 */
#ifndef CHAOS_REPORT_TEMPLATE_H
#define CHAOS_REPORT_TEMPLATE_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdio.h>

/* What is put where @NAME@ stands. */
struct page_piece {
    const char *name;
    void (*put)(FILE *out, const cJSON *record);
};

/*
 * Fills in a template.  Besides `pieces` it knows STYLE, CHARTS, DYGRAPHS_CSS
 * and DYGRAPHS_JS (empty when that library is not installed); an unknown name
 * stays as it is.  The caller frees the text.
 */
char *page_fill(const char *template, const struct page_piece *pieces,
                size_t count, const cJSON *record);

/* Text between tags, or in an attribute. */
void page_text(FILE *out, const char *text);

/* JSON within a script element. */
void page_json(FILE *out, const cJSON *value);

#endif
