/* SPDX-License-Identifier: MIT */
/* judgement.c - see judgement.h. */
#include "tests/kernelfaults/judgement.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static double total(struct story *story, const char *path)
{
    return event_number(event_log_last(&story->supervised.log), path);
}

static bool file_has_error(const struct story *story, const char *file)
{
    char *text = run_folder_read(&story->supervised.folder, file);
    bool found = strstr(text, strerror(story->point->error)) != NULL;

    free(text);
    return found;
}

/* libev reports only the last of several errors, or none. */
static bool is_logged(struct story *story)
{
    return file_has_error(story, RUN_FOLDER_LOG) ||
           event_log_count(&story->supervised.log,
                           "{'event':'watch-failed','error':null}") > 0;
}

static void judge_totals(struct story *story)
{
    const cJSON *last = event_log_last(&story->supervised.log);

    if (!last || strcmp(event_text(last, "event"), "totals") != 0) {
        if (story->point->excuse != EXCUSE_LAST_LINES)
            complain(&story->wrong, "the log has no totals");
        return;
    }
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(last, "balanced")))
        complain(&story->wrong, "the totals are not balanced");
    if (total(story, "requests.answered") +
            total(story, "requests.answered_after_retry") !=
        story->asked)
        complain(&story->wrong, "%u requests were sent, %g answered",
                 story->asked,
                 total(story, "requests.answered") +
                     total(story, "requests.answered_after_retry"));
    if (total(story, "requests.lost") + total(story, "connections.lost") > 0)
        complain(&story->wrong, "the totals contain losses");
    if (event_log_count(&story->supervised.log, "{'event':'bad-transition'}"))
        complain(&story->wrong, "the log has a bad-transition");
}

static int status_of(const struct story *story)
{
    int status = story->supervised.status;

    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* A supervisor that does not start must print one line with the reason. */
static void judge_early_end(struct story *story)
{
    char *errors = supervised_errors(&story->supervised);
    char *line_end = strchr(errors, '\n');

    if (status_of(story) != 1 || !line_end || line_end[1])
        complain(&story->wrong,
                 "exited during start with status %d, stderr '%s'",
                 status_of(story), errors);
    else if (!file_has_error(story, RUN_FOLDER_ERRORS))
        complain(&story->wrong, "the reason for not starting is missing: %s",
                 errors);
    free(errors);
}

static void judge_late_end(struct story *story)
{
    char *errors = supervised_errors(&story->supervised);
    bool excused = story->point->excuse == EXCUSE_LAST_LINES &&
                   status_of(story) == 1 && *errors;

    if (!excused && (status_of(story) != 0 || *errors))
        complain(&story->wrong, "exited with status %d, stderr '%s'",
                 status_of(story), errors);
    free(errors);
    judge_totals(story);
    if (story->reached && story->point->must_be_logged && !is_logged(story) &&
        !excused)
        complain(&story->wrong, "the log does not report the failure");
}

void judge_end(struct story *story)
{
    if (story->ended_early)
        judge_early_end(story);
    else
        judge_late_end(story);
}
