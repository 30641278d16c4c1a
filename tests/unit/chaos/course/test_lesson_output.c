/* SPDX-License-Identifier: MIT */
/* test_lesson_output.c - a lesson's record on a terminal and as a page, and the
 * parser of its texts. */
#include "chaos/course/lesson_output.h"
#include "chaos/course/lesson_text.h"
#include "tests/harness/run_suite.h"
#include <stdlib.h>
#include <string.h>

static const char record_text[] =
    "{\"number\":3,\"name\":\"again\",\"title\":\"Fork <again>\","
    "\"question\":\"Does `fork` *help*?\",\"prediction\":\"Yes:\\n\\n"
    "    x < y\\n\\n- one\\n- two\",\"learn\":\"L\",\"try\":\"T\","
    "\"command\":\"build/chaos lesson again --seed 1\",\"result\":\"failed\","
    "\"because\":\"\",\"columns\":[{\"key\":\"lost\",\"title\":"
    "\"requests that were lost\"},{\"key\":\"ok\",\"title\":\"ok\"}],"
    "\"cases\":[{\"name\":\"a\",\"label\":\"first\",\"status\":\"measured\","
    "\"counts\":{\"requests\":5,\"ok\":4},"
    "\"measured\":{\"lost\":7,\"ok\":1},\"measured_text\":{\"lost\":\"7.0\","
    "\"ok\":\"1\"},\"predicted\":{\"lost\":8},\"predicted_text\":"
    "{\"lost\":\"8.0\"}},{\"name\":\"b\",\"label\":\"second\","
    "\"status\":\"skipped\",\"because\":\"requires x\"}],"
    "\"plots\":[{\"title\":\"B\",\"kind\":\"bars\",\"bars\":[{\"label\":"
    "\"first\",\"name\":\"n\",\"value\":5,\"text\":\"5\",\"predicted\":10,"
    "\"predicted_text\":\"10\"},{\"label\":\"second\",\"name\":\"n\","
    "\"value\":20,\"text\":\"20\"}]},{\"title\":\"L\",\"kind\":\"lines\","
    "\"x_label\":\"workers\",\"y_label\":\"answers\",\"lines\":["
    "{\"name\":\"m\",\"predicted\":false,\"points\":[[1,1],[2,4]]},"
    "{\"name\":\"m\",\"predicted\":true,\"points\":[[1,1],[2,2]]}]}],"
    "\"sample_lines\":\"a <b> & c\",\"expectations\":[{\"claim\":\"holds\","
    "\"held\":true},{\"claim\":\"holds not\",\"held\":false,"
    "\"remark\":\"7 > 3\"}]}";

static cJSON *record;

static void setup(void)
{
    record = cJSON_Parse(record_text);
    ck_assert_ptr_nonnull(record);
}

static void teardown(void)
{
    cJSON_Delete(record);
}

/* Returns what `draw` writes; the caller frees it. */
static char *drawn(void (*draw)(FILE *out, const cJSON *what),
                   const cJSON *what)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    draw(out, what);
    fclose(out);
    return text;
}

static const cJSON *plot(int index)
{
    return cJSON_GetArrayItem(cJSON_GetObjectItem(record, "plots"), index);
}

static void contains(const char *text, const char *part)
{
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%.2000s", part,
                  text);
}

/* ---- On a terminal ------------------------------------------------------ */

START_TEST(table_shows_measured_and_predicted_values)
{
    char *text = drawn(lesson_table, record);

    ck_assert_str_eq(text, "           requests    \n"
                           "          that were    \n"
                           "               lost  ok\n"
                           "  first   7.0 (8.0)   1\n"
                           "  second                 skipped\n"
                           "          (in brackets: predicted)\n");
    free(text);
}
END_TEST

START_TEST(bar_lengths_are_proportional_to_values)
{
    char *text = drawn(lesson_plot, plot(0));
    unsigned lengths[2] = { 0 }, at = 0;

    for (const char *c = text; at < 2; c++) {
        lengths[at] += strncmp(c, "▒", strlen("▒")) == 0;
        at += *c == '\n';
    }
    ck_assert_uint_eq(lengths[0], 10);
    ck_assert_uint_eq(lengths[1], 40);
    contains(text, "┃");
    contains(text, "5 (10)");
    free(text);
}
END_TEST

START_TEST(line_plot_shows_points_and_predictions)
{
    char *text = drawn(lesson_plot, plot(1));

    contains(text, "answers");
    contains(text, "           4 |   "); /* the largest y, at the top */
    contains(text, "o\n");               /* the last point, at the right */
    contains(text, "....");
    contains(text, "o m");
    contains(text, "predicted");
    free(text);
}
END_TEST

START_TEST(summary_names_failed_expectations)
{
    char *text = drawn(lesson_terminal_end, record);

    contains(text, "PASS    holds\n");
    contains(text, "FAIL    holds not (7 > 3)\n");
    contains(text, "FAIL    lesson 3, again");
    contains(text, "Again:  build/chaos lesson again --seed 1");
    contains(text, "      a <b> & c\n");
    free(text);
}
END_TEST

START_TEST(text_is_wrapped_to_the_terminal)
{
    char words[2000] = "";
    char *text;

    for (int i = 0; i < 150; i++)
        strcat(words, i % 7 ? "word " : "naïveté ");
    cJSON_ReplaceItemInObject(record, "question", cJSON_CreateString(words));
    text = drawn(lesson_terminal_begin, record);
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        ck_assert_uint_le(strcspn(line, "\n"), 78 + 30); /* accents: 2 bytes */
    contains(text, "== Lesson 3: Fork <again> ==");
    contains(text, "      x < y\n");
    contains(text, "  - one\n  - two\n");
    free(text);
}
END_TEST

/* ---- As a page ---------------------------------------------------------- */

START_TEST(page_escapes_lesson_texts)
{
    cJSON *records = cJSON_CreateArray();
    char *text;

    cJSON_AddItemReferenceToArray(records, record);
    text = lessons_html(records);
    contains(text, "<h2>Fork &lt;again&gt;</h2>");
    contains(text, "a &lt;b&gt; &amp; c");
    contains(text, "<code><span>fork</span></code> <em>help</em>");
    contains(text, "<pre tabindex=\"0\">x &lt; y\n</pre>");
    contains(text, "<ul>\n<li>one</li>\n<li>two</li>\n</ul>");
    contains(text, "0 of 1 passed, 1 failed");
    contains(text, "<a href=\"#again\">");
    contains(text, "<figure data-plot=\"0\">");
    contains(text, "style=\"width:25.00%\"");
    contains(text, "style=\"left:50.00%\"");
    contains(text, "requires x");
    ck_assert_ptr_null(strstr(text, "@LESSONS@"));
    free(text);
    cJSON_Delete(records);
}
END_TEST

/* ---- Texts ---- */

static const struct {
    const char *text, *html, *terminal;
} texts[] = {
    { "", "", "" },
    { "one\n  two\n\nthree", "<p>one\ntwo</p>\n<p>three</p>\n",
      "  one two\n\n  three\n" },
    { "\n    one\n    two\n\n    three\n  ", "<p>one\ntwo</p>\n<p>three</p>\n",
      "  one two\n\n  three\n" },
    { "\n    so:\n\n        x = 1\n          y < 2\n\n    done",
      "<p>so:</p>\n<pre tabindex=\"0\">x = 1\n  y &lt; 2\n</pre>\n"
      "<p>done</p>\n",
      "  so:\n\n      x = 1\n        y < 2\n\n  done\n" },
    { "- one\n  continued\n- two\n\nend",
      "<ul>\n<li>one\ncontinued</li>\n<li>two</li>\n</ul>\n<p>end</p>\n",
      "  - one continued\n  - two\n\n  end\n" },
    { "first\n    second", "<p>first\nsecond</p>\n", "  first second\n" },
    { "n * m, *so* `a -b`",
      "<p>n * m, <em>so</em> "
      "<code><span>a</span> <span>-b</span></code></p>\n",
      "  n * m, so `a -b`\n" },
    { "a <script>x</script> b",
      "<p>a <!-- raw HTML omitted -->x<!-- raw HTML omitted --> b</p>\n",
      "  a <script>x</script> b\n" },
    { "[x](javascript:alert)", "<p><a href=\"\">x</a></p>\n", "  x\n" },
};

static void equals(void (*write)(FILE *out, const char *text), const char *text,
                   const char *expected)
{
    char *written = NULL;
    size_t size;
    FILE *out = open_memstream(&written, &size);

    write(out, text);
    fclose(out);
    ck_assert_str_eq(written, expected);
    free(written);
}

START_TEST(text_is_commonmark_without_html)
{
    equals(lesson_text_html, texts[_i].text, texts[_i].html);
    equals(lesson_text_terminal, texts[_i].text, texts[_i].terminal);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("lesson_output");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, table_shows_measured_and_predicted_values);
    tcase_add_test(cases, bar_lengths_are_proportional_to_values);
    tcase_add_test(cases, line_plot_shows_points_and_predictions);
    tcase_add_test(cases, summary_names_failed_expectations);
    tcase_add_test(cases, text_is_wrapped_to_the_terminal);
    tcase_add_test(cases, page_escapes_lesson_texts);
    tcase_add_loop_test(cases, text_is_commonmark_without_html, 0, ROWS(texts));
    return run_suite("lesson_output", cases);
}
