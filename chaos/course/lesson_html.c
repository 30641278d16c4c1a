/* SPDX-License-Identifier: MIT */
/* lesson_html.c - see lesson_html.h. */
#include "chaos/course/lesson_html.h"
#include "chaos/course/json_read.h"
#include "chaos/course/lesson_output.h"
#include "chaos/course/lesson_text.h"
#include "chaos/report/template.h"
#include <math.h>
#include <string.h>

static void put_block(FILE *out, const cJSON *record, const char *key,
                      const char *class, const char *heading)
{
    fprintf(out, "<section class=\"%s\">", class);
    if (*heading)
        fprintf(out, "<h3>%s</h3>\n", heading);
    lesson_text_html(out, field_text(record, key));
    fputs("</section>\n", out);
}

/* ---- The table ---------------------------------------------------------- */

static bool is_predicted(const cJSON *record, const char *key)
{
    const cJSON *entry;

    cJSON_ArrayForEach(entry, field(record, "cases"))
    {
        if (*field_text(field(entry, "predicted_text"), key))
            return true;
    }
    return false;
}

static void put_cell(FILE *out, const char *tag, const char *text)
{
    fprintf(out, "<%s>", tag);
    page_text(out, text);
    fprintf(out, "</%.2s>", tag);
}

/* Writes why the case was not measured. */
static void put_status(FILE *out, const cJSON *entry)
{
    fprintf(out, "<td class=\"none\" colspan=\"99\">%s: ",
            field_text(entry, "status"));
    page_text(out, field_text(entry, "because"));
    fputs("</td>", out);
}

/* Predicted values have their own cells, so that the values of all rows align.
 */
static void put_values(FILE *out, const cJSON *record, const cJSON *entry)
{
    const cJSON *column;
    char brackets[256];

    cJSON_ArrayForEach(column, field(record, "columns"))
    {
        const char *key = field_text(column, "key");
        const char *text = field_text(field(entry, "measured_text"), key);
        const char *prediction =
            field_text(field(entry, "predicted_text"), key);

        put_cell(out, "td", *text ? text : "–");
        snprintf(brackets, sizeof(brackets), *prediction ? "(%.250s)" : "%.0s",
                 prediction);
        if (is_predicted(record, key))
            put_cell(out, "td class=\"predicted\"", brackets);
    }
}

static void put_table(FILE *out, const cJSON *record)
{
    bool has_predictions = false;
    const cJSON *item;

    fputs("<h3>Measured</h3>\n<div class=\"scroll\" tabindex=\"0\" "
          "role=\"region\" aria-label=\"Measured and predicted\"><table>"
          "<thead><tr><td></td>",
          out);
    cJSON_ArrayForEach(item, field(record, "columns"))
    {
        bool both = is_predicted(record, field_text(item, "key"));

        put_cell(out,
                 both ? "th scope=\"col\" colspan=\"2\"" : "th scope=\"col\"",
                 field_text(item, "title"));
        has_predictions = has_predictions || both;
    }
    fputs("</tr></thead><tbody>\n", out);
    cJSON_ArrayForEach(item, field(record, "cases"))
    {
        fputs("<tr>", out);
        put_cell(out, "th scope=\"row\"", field_text(item, "label"));
        if (field(item, "measured"))
            put_values(out, record, item);
        else
            put_status(out, item);
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div>\n", out);
    if (has_predictions)
        fputs("<p class=\"faint\">In brackets: predicted.</p>\n", out);
}

/* ---- Plots -------------------------------------------------------------- */

bool lesson_html_draws_later(const cJSON *plot)
{
    return field(plot, "lines") != NULL;
}

static double max_of(const cJSON *bars)
{
    const cJSON *bar;
    double max = 0;

    cJSON_ArrayForEach(bar, bars)
    {
        max = fmax(max, fmax(field_number(bar, "value"),
                             field_number(bar, "predicted")));
    }
    return max > 0 ? max : 1;
}

static void put_bar(FILE *out, const cJSON *bar, double max, bool named)
{
    fputs("<div class=\"label\">", out);
    page_text(out, field_text(bar, "label"));
    if (named)
        fputs(", ", out);
    if (named)
        page_text(out, field_text(bar, "name"));
    fprintf(out,
            "</div><div class=\"track\"><div class=\"fill\" "
            "style=\"width:%.2f%%\"></div>",
            100 * fmax(0, field_number(bar, "value")) / max);
    if (field(bar, "predicted"))
        fprintf(out, "<div class=\"mark\" style=\"left:%.2f%%\"></div>",
                100 * fmax(0, field_number(bar, "predicted")) / max);
    fputs("</div><div class=\"value\">", out);
    page_text(out, field_text(bar, "text"));
    if (field(bar, "predicted")) {
        fputs(" <span>(", out);
        page_text(out, field_text(bar, "predicted_text"));
        fputs(")</span>", out);
    }
    fputs("</div>\n", out);
}

static void put_bars(FILE *out, const cJSON *plot)
{
    const cJSON *bars = field(plot, "bars"), *bar;
    bool named = false, predicted = false;

    cJSON_ArrayForEach(bar, bars)
    {
        named = named || strcmp(field_text(bar, "name"),
                                field_text(bars->child, "name")) != 0;
        predicted = predicted || field(bar, "predicted");
    }
    fputs("<div class=\"bars\">\n", out);
    cJSON_ArrayForEach(bar, bars)
    {
        put_bar(out, bar, max_of(bars), named);
    }
    fputs("</div>\n<figcaption><span class=\"key\" "
          "style=\"background:var(--c0)\"></span>",
          out);
    page_text(out, named ? "measured" : field_text(bars->child, "name"));
    if (predicted)
        fputs("<span class=\"mark-key\"></span>and in brackets: predicted",
              out);
    fputs("</figcaption>\n", out);
}

static void put_plots(FILE *out, const cJSON *record, int *plots)
{
    const cJSON *plot;

    cJSON_ArrayForEach(plot, field(record, "plots"))
    {
        if (lesson_html_draws_later(plot))
            fprintf(out, "<figure data-plot=\"%d\"><h4>", (*plots)++);
        else
            fputs("<figure><h4>", out);
        page_text(out, field_text(plot, "title"));
        fputs("</h4>\n", out);
        if (!lesson_html_draws_later(plot))
            put_bars(out, plot);
        fputs("</figure>\n", out);
    }
}

/* ---- Results ------------------------------------------------------------- */

static void put_sample_lines(FILE *out, const cJSON *record)
{
    const char *sample_lines = field_text(record, "sample_lines");

    if (!*sample_lines)
        return;
    fputs("<h3>Sample lines</h3>\n<pre tabindex=\"0\">", out);
    page_text(out, sample_lines);
    fputs("</pre>\n", out);
}

static void put_expectations(FILE *out, const cJSON *record)
{
    const cJSON *item;

    fputs("<h3>Expected</h3>\n<ul class=\"expected\">\n", out);
    cJSON_ArrayForEach(item, field(record, "expectations"))
    {
        bool held = field_true(item, "held");
        const char *remark = field_text(item, "remark");

        fprintf(out, "<li class=\"%s\"><b aria-label=\"%s\">%s</b>",
                held ? "held" : "failed", held ? "held" : "did not hold",
                held ? "✓" : "✗");
        page_text(out, field_text(item, "claim"));
        if (*remark) {
            fputs(" <span class=\"faint\">", out);
            page_text(out, remark);
            fputs("</span>", out);
        }
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
}

static void put_again(FILE *out, const cJSON *record)
{
    const cJSON *entry;

    fputs("<h3>Run it again</h3>\n<pre class=\"wrap\">", out);
    page_text(out, field_text(record, "command"));
    fputs("</pre>\n<details class=\"reports\"><summary>Reports of the runs"
          "</summary><ul>\n",
          out);
    cJSON_ArrayForEach(entry, field(record, "cases"))
    {
        if (!field(entry, "counts"))
            continue;
        fputs("<li><a href=\"", out);
        page_text(out, field_text(record, "name"));
        fputc('/', out);
        page_text(out, field_text(entry, "name"));
        fputs("/report.html\">", out);
        page_text(out, field_text(entry, "label"));
        fputs("</a></li>\n", out);
    }
    fputs("</ul></details>\n", out);
}

/* ---- The article ----------------------------------------------------------
 */

void lesson_html_badge(FILE *out, const cJSON *record)
{
    fputs("<span class=\"badge ", out);
    page_text(out, field_text(record, "result"));
    fprintf(out, "\">%s</span>", lesson_result_word(record));
}

void lesson_html(FILE *out, const cJSON *record, int *plots)
{
    fputs("<article id=\"", out);
    page_text(out, field_text(record, "name"));
    fputs("\"><header>Lesson ", out);
    if (field_number(record, "number") > 0)
        fprintf(out, "%.0f ", field_number(record, "number"));
    lesson_html_badge(out, record);
    fputs("</header>\n<h2>", out);
    page_text(out, field_text(record, "title"));
    fputs("</h2>\n", out);
    put_block(out, record, "question", "question", "");
    put_block(out, record, "prediction", "prediction", "Prediction");
    if (*field_text(record, "because")) {
        fprintf(out, "<p class=\"because\">%s: ", lesson_result_word(record));
        page_text(out, field_text(record, "because"));
        fputs(".</p>\n", out);
    }
    if (field(record, "expectations")) {
        put_table(out, record);
        put_plots(out, record, plots);
        put_sample_lines(out, record);
        put_expectations(out, record);
        put_block(out, record, "learn", "learn", "What was learnt");
        put_block(out, record, "try", "try", "What to try next");
    }
    put_again(out, record);
    fputs("</article>\n", out);
}
