/* SPDX-License-Identifier: MIT */
/* reports.c - writes all reports of a run; see reports.h. */
#include "chaos/report/reports.h"
#include "chaos/report/run_json.h"
#include <stdlib.h>

static bool save(const char *directory, const char *name, char *text, char *why,
                 size_t size)
{
    bool saved = report_save(directory, name, text, why, size);

    free(text);
    return saved;
}

bool reports_save(const char *directory, const cJSON *run, char *why,
                  size_t size)
{
    return save(directory, "run.json", cJSON_PrintUnformatted(run), why,
                size) &&
           save(directory, "junit.xml", report_junit(run), why, size) &&
           save(directory, "report.html", report_html(run), why, size);
}
