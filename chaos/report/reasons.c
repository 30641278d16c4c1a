/* SPDX-License-Identifier: MIT */
/* reasons.c - see reasons.h. */
#include "chaos/report/reasons.h"
#include "chaos/report/phase_stats_json.h"
#include "chaos/report/run_record.h"
#include <stdio.h>
#include <string.h>

char *reasons_of(const cJSON *run)
{
    const cJSON *verdict = run_get(run, "verdict"), *phase, *finding;
    char *text = NULL, words[160];
    size_t size;
    FILE *out;

    if (strcmp(run_text(verdict, "outcome"), "pass") == 0)
        return NULL;
    out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fputs(run_text(verdict, "because"), out);
    cJSON_ArrayForEach(phase, run_get(run, "phases"))
    {
        cJSON_ArrayForEach(finding,
                           run_get(run_get(phase, "verdict"), "findings"))
        {
            if (!run_flag(finding, "held"))
                fprintf(out, "%s%s: %s", ftello(out) > 0 ? "; " : "",
                        phase->string,
                        json_finding_words(words, sizeof(words), finding));
        }
    }
    fclose(out);
    return text;
}
