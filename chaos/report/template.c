/* SPDX-License-Identifier: MIT */
/* template.c - see template.h. */
#include "chaos/report/template.h"
#include "chaos/report/embed.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The directory of Debian's libjs-dygraphs. */
#define DYGRAPHS "/usr/share/javascript/dygraphs/dist/"

EMBED(page_style_css, "chaos/report/style.css");
EMBED(page_charts_js, "chaos/report/charts.js");
EMBED(page_dygraph_css, DYGRAPHS "dygraph.min.css");
EMBED(page_dygraph_js, DYGRAPHS "dygraph.min.js");

void page_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '>')
            fputs("&gt;", out);
        else if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '"')
            fputs("&quot;", out);
        else
            putc(*text, out);
    }
}

/* "<" is escaped, because "</script>" would end the script element. */
void page_json(FILE *out, const cJSON *value)
{
    char *text = cJSON_PrintUnformatted(value);

    for (const char *at = text; *at; at++) {
        if (*at == '<')
            fputs("\\u003c", out);
        else
            putc(*at, out);
    }
    free(text);
}

/* Writes a piece that all pages share.  Returns false for another name. */
static bool put_shared(FILE *out, const char *name)
{
    if (strcmp(name, "STYLE") == 0)
        fputs(page_style_css, out);
    else if (strcmp(name, "CHARTS") == 0)
        fputs(page_charts_js, out);
    else if (strcmp(name, "DYGRAPHS_CSS") == 0)
        fputs(page_dygraph_css, out);
    else if (strcmp(name, "DYGRAPHS_JS") == 0)
        fputs(page_dygraph_js, out);
    else
        return false;
    return true;
}

static void put_piece(FILE *out, const char *name,
                      const struct page_piece *pieces, size_t count,
                      const cJSON *record)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(pieces[i].name, name) == 0) {
            pieces[i].put(out, record);
            return;
        }
    }
    if (!put_shared(out, name))
        fprintf(out, "@%s@", name);
}

char *page_fill(const char *template, const struct page_piece *pieces,
                size_t count, const cJSON *record)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    const char *at = template;
    char *text = NULL, name[32];
    size_t size;
    FILE *out = open_memstream(&text, &size);

    while (*at) {
        size_t plain = strcspn(at, "@");
        size_t length;

        fwrite(at, 1, plain, out);
        at += plain;
        if (*at == '\0')
            break;
        length = strspn(at + 1, letters);
        if (length > 0 && length < sizeof(name) && at[1 + length] == '@') {
            snprintf(name, sizeof(name), "%.*s", (int)length, at + 1);
            put_piece(out, name, pieces, count, record);
            at += length + 2;
        } else {
            putc(*at++, out);
        }
    }
    fclose(out);
    return text;
}
