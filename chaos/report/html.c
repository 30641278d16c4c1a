/* SPDX-License-Identifier: MIT */
/* html.c - report_html(): a page with the record and a script that draws it. */
#include "chaos/report/embed.h"
#include "chaos/report/reports.h"
#include "chaos/report/run_record.h"
#include "chaos/report/template.h"
#include <string.h>

EMBED(page_html, "chaos/report/page.html");
EMBED(page_js, "chaos/report/page.js");

static const char *outcome_of(const cJSON *run)
{
    return run_text(run_get(run, "verdict"), "outcome");
}

static void put_title(FILE *out, const cJSON *run)
{
    page_text(out, run_text(run, "title"));
}

static void put_outcome(FILE *out, const cJSON *run)
{
    page_text(out, outcome_of(run));
}

static void put_sign(FILE *out, const cJSON *run)
{
    const char *outcome = outcome_of(run);

    fputs(strcmp(outcome, "pass") == 0   ? "✓"
          : strcmp(outcome, "fail") == 0 ? "✗"
                                         : "?",
          out);
}

static void put_verdict(FILE *out, const cJSON *run)
{
    const char *because = run_text(run_get(run, "verdict"), "because");
    const char *outcome = outcome_of(run);

    fputs(strcmp(outcome, "pass") == 0 ? "The hypothesis held"
          : strcmp(outcome, "fail") == 0
              ? "The hypothesis did not hold"
              : "Inconclusive: the hypothesis was not tested",
          out);
    if (*because) {
        fputs("; ", out);
        page_text(out, because);
    }
}

static void put_script(FILE *out, const cJSON *run)
{
    (void)run;
    fputs(page_js, out);
}

char *report_html(const cJSON *run)
{
    static const struct page_piece pieces[] = {
        { "TITLE", put_title },   { "OUTCOME", put_outcome },
        { "SIGN", put_sign },     { "VERDICT", put_verdict },
        { "SCRIPT", put_script }, { "RUN", page_json },
    };

    return page_fill(page_html, pieces, sizeof(pieces) / sizeof(pieces[0]),
                     run);
}
