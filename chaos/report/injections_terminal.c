/* SPDX-License-Identifier: MIT */
/* injections_terminal.c - see injections_terminal.h. */
#include "chaos/report/injections_terminal.h"
#include "chaos/faults/monkey.h"
#include "chaos/measure/format.h"
#include "chaos/measure/outcomes.h"
#include "chaos/report/run_record.h"
#include "chaos/report/terminal.h"
#include <stdlib.h>
#include <string.h>

static uint64_t count_with_result(const cJSON *run,
                                  enum injection_result result)
{
    const cJSON *injection;
    uint64_t count = 0;

    cJSON_ArrayForEach(injection, run_get(run, "injections"))
    {
        count += strcmp(run_text(injection, "result"),
                        injection_result_name(result)) == 0;
    }
    return count;
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/* "12 injections hit, 3 found no victim, ..." */
static void write_injections(FILE *out, const cJSON *run)
{
    const cJSON *worker_stats = run_get(run, "worker_stats");
    uint64_t hits = count_with_result(run, INJECTION_HIT);

    fprintf(out, "%llu injection%s hit", (unsigned long long)hits,
            plural(hits));
    for (int i = INJECTION_HIT + 1; i < INJECTION_RESULTS; i++) {
        uint64_t count = count_with_result(run, (enum injection_result)i);

        if (count > 0)
            fprintf(out, ", %llu %s", (unsigned long long)count,
                    injection_result_name((enum injection_result)i));
    }
    if (run_count(worker_stats, "forks") == 0)
        return;
    fprintf(out,
            ", %llu worker%s killed, %llu of them with a request in progress",
            (unsigned long long)run_count(worker_stats, "kills"),
            plural(run_count(worker_stats, "kills")),
            (unsigned long long)run_count(worker_stats, "kills_busy"));
}

static void print_injections(FILE *out, const cJSON *run)
{
    const cJSON *injection;
    uint64_t attributed = 0;
    char *text = NULL, words[96];
    size_t size;
    FILE *memory = open_memstream(&text, &size);

    if (!memory)
        return;
    write_injections(memory, run);
    fclose(memory);
    fputc('\n', out);
    terminal_line(out, text, "  ", "    ");
    free(text);
    cJSON_ArrayForEach(injection, run_get(run, "injections"))
    {
        attributed += run_count(injection, "losses");
    }
    snprintf(words, sizeof(words),
             "failures attributed to an injection: %llu, to none: %llu",
             (unsigned long long)attributed,
             (unsigned long long)run_count(run, "losses_without_injection"));
    terminal_line(out, words, "  ", "    ");
}

static bool was_requested(const cJSON *exit)
{
    return strcmp(run_text(exit, "cause"), "supervisor") == 0;
}

/* "8 own exit, code 76" */
static void write_exit(FILE *out, const cJSON *exit)
{
    uint64_t injected = run_count(exit, "injected");
    char count[FORMAT_SIZE];

    fprintf(out, "%s %s", format_count(count, run_count(exit, "count")),
            run_text(exit, "cause"));
    if (!cJSON_IsNull(run_get(exit, "code")))
        fprintf(out, ", code %llu",
                (unsigned long long)run_count(exit, "code"));
    if (*run_text(exit, "signal"))
        fprintf(out, ", %s", run_text(exit, "signal"));
    if (injected > 0)
        fprintf(out, " (%s hit)", format_count(count, injected));
}

/* All exits that the supervisor did not request, hit or not: a worker can also
 * die of a resource limit that an injection set. */
static void print_exits(FILE *out, const cJSON *run)
{
    const cJSON *exit;
    char *text = NULL;
    bool any = false;
    size_t size;
    FILE *words = open_memstream(&text, &size);

    if (!words)
        return;
    cJSON_ArrayForEach(exit, run_get(run, "exits"))
    {
        if (was_requested(exit))
            continue;
        fputs(any ? "; " : "", words);
        write_exit(words, exit);
        any = true;
    }
    fclose(words);
    if (any)
        terminal_line(out, text, "  unrequested worker exits: ", "    ");
    free(text);
}

static void print_fault_requests(FILE *out, const cJSON *run)
{
    const cJSON *fault_requests = run_get(run, "fault_requests");
    const cJSON *classes;

    if (cJSON_IsNull(fault_requests))
        return;
    classes = run_get(fault_requests, "classes");
    fprintf(out, "  %llu more request%s asked for a fault:",
            (unsigned long long)run_count(fault_requests, "requests"),
            plural(run_count(fault_requests, "requests")));
    for (int i = 0; i < OUTCOMES; i++) {
        uint64_t ended = run_count(classes, outcome_key((enum outcome)i));

        if (ended > 0)
            fprintf(out, " %llu %s;", (unsigned long long)ended,
                    outcome_name((enum outcome)i));
    }
    fputc('\n', out);
}

void injections_terminal(FILE *out, const cJSON *run)
{
    print_injections(out, run);
    print_exits(out, run);
    print_fault_requests(out, run);
}
