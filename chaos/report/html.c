/* html.c - report_html: the record, a page around it, and what draws it. */
#include "chaos/report/embed.h"
#include "chaos/report/fields.h"
#include "chaos/report/reports.h"
#include <stdlib.h>
#include <string.h>

/* Where Debian's libjs-dygraphs puts it. */
#define DYGRAPHS "/usr/share/javascript/dygraphs/"

EMBED(page_html, "chaos/report/page.html");
EMBED(page_js, "chaos/report/page.js");

/* ---- Pieces ------------------------------------------------------------- */

static void put_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '"')
            fputs("&quot;", out);
        else
            putc(*text, out);
    }
}

/* Within a script element nothing may look like its end. */
static void put_json(FILE *out, const cJSON *run)
{
    char *text = cJSON_PrintUnformatted(run);

    for (const char *at = text; *at; at++) {
        if (*at == '<')
            fputs("\\u003c", out);
        else
            putc(*at, out);
    }
    free(text);
}

/* A file of dygraphs, or nothing when it is not installed: the page says so. */
static void put_file(FILE *out, const char *path)
{
    FILE *file = fopen(path, "re");
    char bytes[16384];
    size_t count;

    if (!file)
        return;
    while ((count = fread(bytes, 1, sizeof(bytes), file)) > 0)
        fwrite(bytes, 1, count, out);
    fclose(file);
}

static const char *sentence(const cJSON *run)
{
    const char *colour = field_text(field(run, "verdict"), "colour");

    if (strcmp(colour, "green") == 0)
        return "The hypothesis held";
    if (strcmp(colour, "red") == 0)
        return "The hypothesis did not hold";
    return "Void: the hypothesis was not tested";
}

static const char *sign(const cJSON *run)
{
    const char *colour = field_text(field(run, "verdict"), "colour");

    if (strcmp(colour, "green") == 0)
        return "✓";
    return strcmp(colour, "red") == 0 ? "✗" : "?";
}

static void put_verdict(FILE *out, const cJSON *run)
{
    const char *because = field_text(field(run, "verdict"), "because");

    put_text(out, sentence(run));
    if (*because) {
        fputs("; ", out);
        put_text(out, because);
    }
}

/* ---- The page ----------------------------------------------------------- */

/* Fills in what stands between @ and @; an unknown name stays as it is. */
static void put_piece(FILE *out, const cJSON *run, const char *name,
                      size_t length)
{
    const struct {
        const char *name, *text;
    } texts[] = {
        { "TITLE", field_text(run, "title") },
        { "COLOUR", field_text(field(run, "verdict"), "colour") },
        { "SIGN", sign(run) },
    };
    char piece[32];

    snprintf(piece, sizeof(piece), "%.*s", (int)length, name);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (strcmp(texts[i].name, piece) == 0) {
            put_text(out, texts[i].text);
            return;
        }
    }
    if (strcmp(piece, "VERDICT") == 0)
        put_verdict(out, run);
    else if (strcmp(piece, "RUN") == 0)
        put_json(out, run);
    else if (strcmp(piece, "SCRIPT") == 0)
        fputs(page_js, out);
    else if (strcmp(piece, "DYGRAPHS_CSS") == 0)
        put_file(out, DYGRAPHS "dist/dygraph.min.css");
    else if (strcmp(piece, "DYGRAPHS_JS") == 0)
        put_file(out, DYGRAPHS "dist/dygraph.min.js");
    else
        fprintf(out, "@%s@", piece);
}

char *report_html(const cJSON *run)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    const char *at = page_html;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    while (*at) {
        size_t plain = strcspn(at, "@");
        size_t name;

        fwrite(at, 1, plain, out);
        at += plain;
        if (*at == '\0')
            break;
        name = strspn(at + 1, letters);
        if (name > 0 && at[1 + name] == '@') {
            put_piece(out, run, at + 1, name);
            at += name + 2;
        } else {
            putc(*at++, out);
        }
    }
    fclose(out);
    return text;
}
