/* SPDX-License-Identifier: MIT */
/* lesson_text.c - see lesson_text.h. */
#include "chaos/course/lesson_text.h"
#include "chaos/report/template.h"
#include "chaos/report/terminal.h"
#include <cmark.h>
#include <err.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static size_t line_length(const char *line)
{
    size_t length = strcspn(line, "\n");

    return length + (line[length] == '\n');
}

/* The indentation that all lines share.  An unindented first line does not
 * count, because it may begin in the middle of a line of the source. */
static size_t common_indent(const char *text)
{
    size_t min = (size_t)-1;

    for (const char *line = text; *line; line += line_length(line)) {
        size_t indent = strspn(line, " ");

        if (line[indent] != '\n' && line[indent] != '\0' && indent < min &&
            (line != text || indent > 0))
            min = indent;
    }
    return min;
}

static cmark_node *parse(const char *text)
{
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
    size_t indent = common_indent(text);
    cmark_node *document;

    for (const char *line = text; *line; line += line_length(line)) {
        size_t spaces = strspn(line, " ");
        size_t cut = spaces < indent ? spaces : indent;

        cmark_parser_feed(parser, line + cut, line_length(line) - cut);
    }
    document = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return document;
}

/* Replaces each node of a kind by the one that `make` returns for its text. */
static void replace(cmark_node *document, cmark_node_type kind,
                    cmark_node *(*make)(const char *literal))
{
    cmark_iter *walk = cmark_iter_new(document);

    while (cmark_iter_next(walk) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(walk);

        if (cmark_node_get_type(node) == kind) {
            cmark_node_replace(node, make(cmark_node_get_literal(node)));
            cmark_node_free(node);
        }
    }
    cmark_iter_free(walk);
}

/* ---- HTML ---- */

static cmark_node *make_html(cmark_node_type kind, char *html)
{
    cmark_node *node = cmark_node_new(kind);

    cmark_node_set_on_enter(node, html);
    free(html);
    return node;
}

/* One <span> per word, so that CSS can prevent a break after the hyphen of an
 * option. */
static cmark_node *make_code(const char *literal)
{
    char *words = strdup(literal), *rest = words, *html = NULL, *word;
    const char *separator = "";
    size_t size;
    FILE *out = open_memstream(&html, &size);

    if (!words || !out)
        err(1, "cannot write a text");
    fputs("<code>", out);
    while ((word = strsep(&rest, " "))) {
        fprintf(out, "%s<span>", separator);
        page_text(out, word);
        fputs("</span>", out);
        separator = " ";
    }
    fputs("</code>", out);
    fclose(out);
    free(words);
    return make_html(CMARK_NODE_CUSTOM_INLINE, html);
}

/* A block that may scroll can get the focus. */
static cmark_node *make_block(const char *literal)
{
    char *html = NULL;
    size_t size;
    FILE *out = open_memstream(&html, &size);

    if (!out)
        err(1, "cannot write a text");
    fputs("<pre tabindex=\"0\">", out);
    page_text(out, literal);
    fputs("</pre>", out);
    fclose(out);
    return make_html(CMARK_NODE_CUSTOM_BLOCK, html);
}

void lesson_text_html(FILE *out, const char *text)
{
    cmark_node *document = parse(text);
    char *html;

    replace(document, CMARK_NODE_CODE, make_code);
    replace(document, CMARK_NODE_CODE_BLOCK, make_block);
    html = cmark_render_html(document, CMARK_OPT_DEFAULT);
    fputs(html, out);
    free(html);
    cmark_node_free(document);
}

/* ---- Terminal ---- */

/* Appends the text of the inline nodes below `parent`. */
static void put_inlines(FILE *out, cmark_node *parent)
{
    cmark_node *node = cmark_node_first_child(parent);

    for (; node; node = cmark_node_next(node)) {
        cmark_node_type type = cmark_node_get_type(node);
        const char *literal = cmark_node_get_literal(node);

        if (type == CMARK_NODE_CODE)
            fprintf(out, "`%s`", literal);
        else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            putc(' ', out);
        else if (literal)
            fputs(literal, out);
        else
            put_inlines(out, node);
    }
}

static void put_paragraph(FILE *out, cmark_node *node, bool in_list)
{
    char *text = NULL;
    size_t size;
    FILE *inlines = open_memstream(&text, &size);

    if (!inlines)
        err(1, "cannot write a text");
    put_inlines(inlines, node);
    fclose(inlines);
    terminal_wrap(out, text, in_list ? "  - " : "  ", in_list ? "    " : "  ");
    free(text);
}

static void put_lines(FILE *out, const char *text)
{
    for (const char *line = text; *line; line += line_length(line))
        fprintf(out, "      %.*s", (int)line_length(line), line);
}

/* Blank lines separate blocks, except the items of a list. */
static void put_blocks(FILE *out, cmark_node *parent, bool in_list)
{
    cmark_node *node = cmark_node_first_child(parent);

    for (; node; node = cmark_node_next(node)) {
        const char *literal = cmark_node_get_literal(node);

        if (literal)
            put_lines(out, literal);
        else if (cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH ||
                 cmark_node_get_type(node) == CMARK_NODE_HEADING)
            put_paragraph(out, node, in_list);
        else
            put_blocks(out, node,
                       cmark_node_get_type(node) == CMARK_NODE_LIST || in_list);
        if (!in_list && cmark_node_next(node))
            putc('\n', out);
    }
}

void lesson_text_terminal(FILE *out, const char *text)
{
    cmark_node *document = parse(text);

    put_blocks(out, document, false);
    cmark_node_free(document);
}
