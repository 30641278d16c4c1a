/* SPDX-License-Identifier: MIT */
/* run_members_print.c - prints the list of the members of a run record. */
#include "chaos/report/run_record.h"
#include <string.h>

static void print_rows(FILE *out, const struct run_members *members,
                       const char *path)
{
    static const char *const types[] = {
        [RUN_NUMBER] = "number",       [RUN_TEXT] = "text",
        [RUN_FLAG] = "true or false",  [RUN_OBJECT] = "object",
        [RUN_LIST] = "list",           [RUN_NUMBERS] = "list of numbers",
        [RUN_OTHER_OBJECT] = "object", [RUN_OTHER_LIST] = "list",
    };
    static const char *const presences[] = { "", " or null", ", optional" };

    for (size_t i = 0; i < members->count; i++) {
        const struct run_member *member = &members->rows[i];
        char inner[160];

        snprintf(inner, sizeof(inner), "%s%s%s", path, member->name,
                 member->type == RUN_LIST ? "[]" : "");
        fprintf(out, "| `%s` | %s%s | %s | %s |\n", inner, types[member->type],
                presences[member->presence], member->unit, member->meaning);
        strcat(inner, ".");
        /* Members of one shape that follow each other: listed once. */
        if (member->shape && (i == 0 || member[-1].shape != member->shape))
            print_rows(out, member->shape, inner);
    }
}

void run_members_print(FILE *out)
{
    fputs("| member | type | unit | meaning |\n|---|---|---|---|\n", out);
    print_rows(out, &run_members, "");
}
