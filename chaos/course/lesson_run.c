/* SPDX-License-Identifier: MIT */
/* lesson_run.c - see lesson_run.h. */
#include "chaos/course/lesson_run.h"
#include "chaos/course/json_read.h"
#include "chaos/course/lesson_case.h"
#include "chaos/course/lesson_output.h"
#include "chaos/course/lesson_record.h"
#include "chaos/course/lesson_rows.h"
#include "chaos/measure/exit_status.h"
#include "chaos/report/run_json.h"
#include "chaos/report/run_record.h"
#include "chaos/runner/run.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* An inconclusive run is repeated once. */
#define ATTEMPTS 2

struct lesson_run_state {
    struct lesson *lesson;
    const char *out;
    uint64_t seed;
    struct lesson_outcome *outcome;
};

/* ---- One case ----------------------------------------------------------- */

static bool is_inconclusive(const struct run *run)
{
    return !run->record || run->why[0] ||
           strcmp(run_text(run_get(run->record, "verdict"), "outcome"),
                  "inconclusive") == 0;
}

/* Returns whether the run can be measured.  `inconclusive_ok` also permits a
 * run whose verdict is inconclusive. */
static bool is_measurable(const struct run *run, bool inconclusive_ok)
{
    if (!is_inconclusive(run))
        return true;
    return inconclusive_ok && run->end != TRIAL_NOT_STEADY &&
           !(run->record && run->why[0]);
}

/* Sets run->why if the lesson's sound() rejects the run.  Returns false on an
 * error in the lesson. */
static bool check_sound(const struct lesson_run_state *running, int index,
                        struct run *run)
{
    bool inconclusive_ok =
        field_true(lesson_case(running->lesson, index), "inconclusive_ok");
    char because[LESSON_WHY];

    if (!run->record || !is_measurable(run, inconclusive_ok) ||
        run->end == TRIAL_INTERRUPTED)
        return true;
    if (!lesson_sound(running->lesson, index, run->record, run->log, because,
                      running->outcome->why))
        return false;
    snprintf(run->why, sizeof(run->why), "%.300s", because);
    return true;
}

/* Returns false on an error in the lesson. */
static bool run_until_conclusive(const struct lesson_run_state *running,
                                 int index, struct experiment *experiment,
                                 struct run *run)
{
    const struct lesson *lesson = running->lesson;
    const cJSON *one = lesson_case(lesson, index);
    char directory[1024], label[128];

    snprintf(directory, sizeof(directory), "%.600s/%s/%s", running->out,
             lesson->name, lesson_case_name(one));
    snprintf(label, sizeof(label), "  %2d/%d  %-24.24s  ", index + 1,
             lesson_cases(lesson), lesson_case_label(one));
    for (int attempt = 1;; attempt++) {
        *run = (struct run){ .experiment = experiment,
                             .directory = directory,
                             .command = field_text(lesson->record, "command"),
                             .label = label,
                             .inconclusive_ok =
                                 field_true(one, "inconclusive_ok") };
        run_carry_out(run);
        if (!check_sound(running, index, run))
            return false;
        if (is_measurable(run, field_true(one, "inconclusive_ok")) ||
            run->end == TRIAL_INTERRUPTED || attempt == ATTEMPTS)
            return true;
        run_free(run);
    }
}

/* Returns whether the lesson cannot continue after this run. */
static bool is_fatal(const struct lesson_run_state *running, const cJSON *one,
                     const struct run *run)
{
    return running->outcome->interrupted ||
           !is_measurable(run, field_true(one, "inconclusive_ok"));
}

/* Builds the experiment of a case, including the changes by adapt(). */
static bool prepare(const struct lesson_run_state *running, int index,
                    struct experiment *experiment)
{
    char *why = running->outcome->why;
    /* Cases with one seed would share one piece of bad luck. */
    uint64_t seed = running->seed + (uint64_t)index;
    cJSON *overrides;
    bool ok;

    experiment_set_defaults(experiment, seed);
    if (!lesson_adapt(running->lesson, index, &overrides, why))
        return false;
    ok = lesson_experiment(running->lesson, index, seed, overrides, experiment,
                           why);
    cJSON_Delete(overrides);
    if (ok)
        experiment_resolve_rate(experiment);
    return ok;
}

/* Records and measures a run.  Returns false if the lesson ends here. */
static bool conclude_case(const struct lesson_run_state *running, int index,
                          cJSON *entry, const struct run *run)
{
    struct lesson_outcome *outcome = running->outcome;
    struct lesson *lesson = running->lesson;

    outcome->interrupted = run->end == TRIAL_INTERRUPTED;
    lesson_record_run(entry, run);
    if (is_fatal(running, lesson_case(lesson, index), run)) {
        outcome->status = EXIT_INCONCLUSIVE;
        lesson_record_result(
            lesson, outcome->interrupted ? "interrupted" : "inconclusive",
            outcome->interrupted ? "by a signal"
                                 : field_text(entry, "because"));
        return false;
    }
    if (!run->record || lesson_measure(lesson, index, run->record, run->log,
                                       entry, outcome->why))
        return true;
    outcome->status = EXIT_BAD_INPUT;
    return false;
}

/* Returns false if the lesson ends here. */
static bool run_case(const struct lesson_run_state *running, int index)
{
    struct lesson *lesson = running->lesson;
    struct lesson_outcome *outcome = running->outcome;
    const cJSON *one = lesson_case(lesson, index);
    cJSON *entry = lesson_record_case(lesson, one);
    static struct experiment experiment; /* too large for the stack */
    bool continues = false;
    struct run run = { 0 };

    if (lesson_lacks(one)) {
        lesson_record_skipped(entry, lesson_lacks(one));
        lesson_terminal_case(stdout, entry, index + 1, lesson_cases(lesson));
        return true;
    }
    if (prepare(running, index, &experiment) &&
        run_until_conclusive(running, index, &experiment, &run))
        continues = conclude_case(running, index, entry, &run);
    else
        outcome->status = EXIT_BAD_INPUT;
    if (outcome->status != EXIT_BAD_INPUT && !outcome->interrupted)
        lesson_terminal_case(stdout, entry, index + 1, lesson_cases(lesson));
    run_free(&run);
    experiment_free(&experiment);
    return continues;
}

/* ---- The lesson --------------------------------------------------------- */

static bool run_cases(const struct lesson_run_state *running)
{
    for (int i = 0; i < lesson_cases(running->lesson); i++)
        if (!run_case(running, i))
            return false;
    return true;
}

static void conclude(const struct lesson_run_state *running)
{
    struct lesson_outcome *outcome = running->outcome;
    bool passed;

    if (!lesson_conclude(running->lesson, &passed, outcome->why)) {
        outcome->status = EXIT_BAD_INPUT;
        return;
    }
    outcome->status = passed ? EXIT_HELD : EXIT_DID_NOT_HOLD;
    lesson_record_result(running->lesson, passed ? "passed" : "failed", "");
}

static void leave_record(const struct lesson_run_state *running)
{
    struct lesson_outcome *outcome = running->outcome;
    char directory[1024];
    char *text = cJSON_Print(running->lesson->record);

    snprintf(directory, sizeof(directory), "%.600s/%s", running->out,
             running->lesson->name);
    if (!report_save(directory, "lesson.json", text, outcome->why,
                     sizeof(outcome->why)))
        outcome->status = EXIT_INCONCLUSIVE;
    free(text);
}

/* Returns a missing program that prevents the whole lesson or each of its
 * cases, or NULL. */
static const char *lacks_all(const struct lesson *lesson)
{
    const char *lacks = lesson_lacks(lesson->head);

    for (int i = 0; !lacks && i < lesson_cases(lesson); i++)
        if (!lesson_lacks(lesson_case(lesson, i)))
            return NULL;
    return lacks ? lacks : lesson_lacks(lesson_case(lesson, 0));
}

void lesson_run(struct lesson *lesson, const char *out, uint64_t seed,
                struct lesson_outcome *outcome)
{
    const struct lesson_run_state running = { lesson, out, seed, outcome };
    const char *lacks = lacks_all(lesson);
    char because[256];

    *outcome = (struct lesson_outcome){ .status = EXIT_HELD };
    lesson_record_forget(out, lesson->name);
    lesson_record_begin(lesson, seed, out);
    lesson_terminal_begin(stdout, lesson->record);
    if (lacks) {
        snprintf(because, sizeof(because),
                 "requires %.100s, which is not installed", lacks);
        lesson_record_result(lesson, "skipped", because);
    } else if (run_cases(&running)) {
        conclude(&running);
    }
    if (outcome->status == EXIT_BAD_INPUT)
        return;
    lesson_terminal_end(stdout, lesson->record);
    leave_record(&running);
}
