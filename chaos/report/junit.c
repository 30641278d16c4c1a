/* SPDX-License-Identifier: MIT */
/* junit.c - report_junit(): a test case for every claim. */
#include "chaos/report/phase_stats_json.h"
#include "chaos/report/reports.h"
#include "chaos/report/run_record.h"
#include <stdlib.h>
#include <string.h>

/* Escapes text for an XML element or attribute. */
static void escape(FILE *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            /* XML 1.0 allows no other control characters. */
            putc((unsigned char)*text < ' ' && *text != '\n' ? ' ' : *text,
                 out);
        }
    }
}

struct suite {
    FILE *cases;
    const char *title;
    unsigned count, failures;
};

static void add_case(struct suite *suite, const char *group, const char *name,
                     bool held, const char *message)
{
    suite->count++;
    suite->failures += !held;
    fputs("  <testcase classname=\"", suite->cases);
    escape(suite->cases, suite->title);
    fprintf(suite->cases, ".%s\" name=\"", group);
    escape(suite->cases, name);
    if (held) {
        fputs("\"/>\n", suite->cases);
        return;
    }
    fputs("\"><failure message=\"", suite->cases);
    escape(suite->cases, message);
    fputs("\"/></testcase>\n", suite->cases);
}

static void add_phase(struct suite *suite, const cJSON *phase)
{
    const cJSON *finding;
    char message[160];

    cJSON_ArrayForEach(finding, run_get(run_get(phase, "verdict"), "findings"))
    {
        json_finding_words(message, sizeof(message), finding);
        add_case(suite, phase->string, run_text(finding, "claim"),
                 run_flag(finding, "held"), message);
    }
    add_case(suite, phase->string, "every request has one outcome",
             run_flag(phase, "balanced"), "the outcomes do not add up");
}

char *report_junit(const cJSON *run)
{
    const cJSON *verdict = run_get(run, "verdict"), *phase;
    bool held = strcmp(run_text(verdict, "outcome"), "pass") == 0;
    struct suite suite = { .title = run_text(run, "title") };
    char *cases = NULL, *text = NULL;
    size_t size;
    FILE *out;

    suite.cases = open_memstream(&cases, &size);
    cJSON_ArrayForEach(phase, run_get(run, "phases"))
    {
        add_phase(&suite, phase);
    }
    if (cJSON_IsObject(run_get(run, "totals")))
        add_case(&suite, "target", "the totals add up",
                 run_flag(run_get(run, "totals"), "balanced"),
                 "the totals do not add up");
    add_case(&suite, "run", "verdict", held,
             *run_text(verdict, "because") ? run_text(verdict, "because")
                                           : "the hypothesis did not hold");
    fclose(suite.cases);
    out = open_memstream(&text, &size);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"",
          out);
    escape(out, suite.title);
    fprintf(out, "\" tests=\"%u\" failures=\"%u\" timestamp=\"%s\">\n",
            suite.count, suite.failures, run_text(run, "started"));
    fputs("  <properties>\n    <property name=\"seed\" value=\"", out);
    escape(out, run_text(run, "seed"));
    fputs("\"/>\n    <property name=\"command\" value=\"", out);
    escape(out, run_text(run, "command"));
    fprintf(out, "\"/>\n  </properties>\n%s</testsuite>\n", cases);
    fclose(out);
    free(cases);
    return text;
}
